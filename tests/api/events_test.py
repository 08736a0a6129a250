#!/usr/bin/env python3
"""tests/api/events_test.py — streams of events through a real nginx: who is told what, and when one ends."""
import json
import os
import signal
import unittest
import uuid

from client import PASSWORD, FastCgi
from streams import EVENTS, Stream
from support import App, Stack, eventually

MESSAGES = "/api/v1/user-messages/"
USERS = "/api/v1/accounts/users/"
SOON = 3  # seconds: one, and a margin for a machine that has other things to do


def setUpModule():
    global stack
    stack = Stack.own(workers=4)
    eventually(lambda: stack.status()["events"] == "up", "a beat")


def log_in(name):
    client = stack.client()
    client.must(200, client.post("/api/v1/auth/login/", {"username": name, "password": PASSWORD}))
    return client


def write(sender, to):
    return sender.must(201, sender.post(MESSAGES, {"to_user": to["url"], "text": "Hello"}))


def ask(pool, client, method, path, body):
    headers = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in client.credentials().items()}
    return FastCgi(pool.socket).ask(method, path, json.dumps(body).encode(), **headers).status


class Company(unittest.TestCase):
    def setUp(self):
        self.ann = stack.client().sign_up()
        self.bob = log_in("b" + self.ann.name)

    def colleague(self):
        name = "c" + uuid.uuid4().hex[:12]
        self.ann.must(201, self.ann.post(USERS, {"username": name, "password": PASSWORD}))
        return log_in(name)


class Told(Company):
    def test_a_message_is_told_to_its_two_people_and_to_nobody_else(self):
        other = stack.client().sign_up()
        with Stream(self.ann) as ann, Stream(self.bob) as bob, Stream(self.colleague()) as carl, \
                Stream(other) as stranger:
            write(self.ann, self.ann.colleague)
            bob.wait_for(1)
            ann.wait_for(1)
            write(other, other.colleague)  # what comes after it was told has nothing before
            stranger.wait_for(1)
            self.assertEqual([each.topics() for each in (ann, bob, carl, stranger)],
                             [[["messages"]], [["messages"]], [], [["messages"]]])

    def test_that_a_message_was_read_is_told_to_who_wrote_it(self):
        message = write(self.ann, self.ann.colleague)
        with Stream(self.ann) as ann:
            self.bob.must(200, self.bob.send("PUT", f"{MESSAGES}{message['id']}/read"))
            ann.wait_for(1)
            self.assertEqual(self.bob.send("DELETE", f"{MESSAGES}{message['id']}/read").status, 204)
            ann.wait_for(2)

    def test_a_message_in_another_of_ones_companies_is_told_as_such(self):
        other = stack.client().sign_up()
        invitation = other.must(201, other.post("/api/v1/accounts/invitations/", {"role": "staff"}))
        self.ann.must(201, self.ann.post("/api/v1/auth/invitation/accept/", {"token": invitation["token"]}))
        people = other.get(USERS).json()
        there = next(each for each in people if each["username"] == self.ann.name)
        with Stream(self.ann) as ann:
            write(other, there)
            ann.wait_for(1)
            self.assertEqual(ann.topics(), [["elsewhere"]])

    def test_what_comes_at_once_is_told_by_one_event_and_by_one_more_after_it(self):
        with Stream(self.bob) as bob:
            os.kill(stack.pid("events"), signal.SIGSTOP)
            try:
                for _ in range(5):
                    write(self.ann, self.ann.colleague)
            finally:
                os.kill(stack.pid("events"), signal.SIGCONT)
            bob.wait_for(2)
            write(self.ann, self.ann.colleague)  # whatever was still to come has come before this
            bob.wait_for(3)
            self.assertEqual(len(bob.topics()), 3)

    def test_a_stream_on_which_nothing_happens_says_that_it_is_there(self):
        with Stream(self.bob) as bob:
            eventually(lambda: ": still here" in bob.lines, "a sign of life", 25)
            self.assertEqual(bob.events, [])

    def test_it_goes_on_while_the_pool_is_reloaded(self):
        with Stream(self.bob) as bob:
            workers = stack.full()
            os.kill(stack.master(), signal.SIGHUP)
            eventually(lambda: stack.full() and not stack.workers() & workers, "other workers", 30)
            write(self.ann, self.ann.colleague)
            bob.wait_for(1)

    def test_a_message_that_was_sent_by_another_host_is_told_within_a_second(self):
        with App(stack, is_another_host=True, several_hosts=True) as elsewhere:
            with Stream(self.bob) as bob:
                said = ask(elsewhere, self.ann, "POST", MESSAGES,
                           {"to_user": self.ann.colleague["url"], "text": "From afar"})
                self.assertEqual(said, 201)
                bob.wait_for(1, SOON)


class Ended(Company):
    def assert_ends(self, stream, client, why):
        self.assertTrue(stream.ended.wait(SOON), f"{why}: {stream.lines}")
        self.assertEqual(client.get(EVENTS).status, 401, why)

    def test_by_logging_out_and_the_other_logins_of_the_person_go_on(self):
        phone = log_in("b" + self.ann.name)
        with Stream(self.bob) as desk, Stream(phone) as hand:
            self.assertEqual(self.bob.post("/api/v1/auth/logout/", {}).status, 204)
            self.assertTrue(desk.ended.wait(SOON))
            write(self.ann, self.ann.colleague)
            hand.wait_for(1)
            self.assertEqual(hand.topics(), [["messages"]])

    def test_by_removal_and_by_another_password(self):
        carl = self.colleague()
        with Stream(self.bob) as bob, Stream(carl) as other:
            self.assertEqual(self.ann.send("DELETE", self.ann.colleague["url"].partition(":%d" % stack.port)[2])
                             .status, 204)
            self.assert_ends(bob, self.bob, "removal")
            me = carl.get("/api/v1/auth/me").json()["user"]
            carl.must(200, self.ann.send("PATCH", me["url"].partition(":%d" % stack.port)[2],
                                         {"password": "Bade-9175-Decaf!"}))
            self.assert_ends(other, carl, "password")

    def test_by_a_command_of_an_operator(self):
        with Stream(self.bob) as bob:
            status, _, said = stack.type_in("session", "revoke", self.ann.company, "--user", "b" + self.ann.name)
            self.assertEqual(status, 0, said)
            self.assert_ends(bob, self.bob, "session revoke")
        with Stream(self.ann) as ann:
            status, _, said = stack.type_in("company", "suspend", self.ann.company)
            self.assertEqual(status, 0, said)
            self.assertTrue(ann.ended.wait(SOON))
            self.assertEqual(self.ann.get(EVENTS).status, 403)

    def test_by_becoming_an_admin_where_the_company_wants_a_second_factor_of_those(self):
        of_company = f"WHERE company_id = UNHEX('{self.ann.company.replace('-', '')}')"
        stack.as_owner(f"UPDATE users SET has_factor = 1 {of_company} AND username = '{self.ann.name}';"
                       f"UPDATE companies SET second_factor_of = 'admins' {of_company};", stack.env["DB_NAME"])
        with Stream(self.bob) as bob:
            self.ann.must(200, self.ann.send("PATCH", self.ann.colleague["url"].partition(":%d" % stack.port)[2],
                                             {"role": "admin"}))
            self.assertTrue(bob.ended.wait(SOON), bob.lines)
            self.assertEqual(self.bob.get(EVENTS).json()["code"], "second_factor_missing")

    def test_by_a_removal_at_another_host_which_only_its_row_tells(self):
        with Stream(self.bob) as bob:
            user = self.ann.colleague["id"].replace("-", "")
            stack.as_owner(
                "INSERT INTO changes (company_id, id, what, user_id, login, date) VALUES"
                f" (UNHEX('{self.ann.company.replace('-', '')}'), UNHEX('{uuid.uuid4().hex}'), 'user',"
                f" UNHEX('{user}'), '', UTC_TIMESTAMP(6))", stack.env["DB_NAME"])
            self.assertTrue(bob.ended.wait(SOON))

    def test_when_every_datagram_of_the_workers_was_dropped(self):
        with Stream(self.bob) as bob:
            os.kill(stack.pid("events"), signal.SIGSTOP)
            try:
                dropped = stack.metrics()["partywall_changes_dropped_total"]
                eventually(lambda: write(self.ann, self.ann.colleague) and
                           stack.metrics()["partywall_changes_dropped_total"] > dropped, "a full queue")
                dropped = stack.metrics()["partywall_changes_dropped_total"]
                self.assertEqual(self.bob.post("/api/v1/auth/logout/", {}).status, 204)
                self.assertGreater(stack.metrics()["partywall_changes_dropped_total"], dropped)
            finally:
                os.kill(stack.pid("events"), signal.SIGCONT)
            self.assert_ends(bob, self.bob, "a logout that only the table tells of")

    def test_by_itself_when_the_session_does(self):
        stack.as_owner("UPDATE sessions SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 5 SECOND WHERE user_id ="
                       f" UNHEX('{self.ann.colleague['id'].replace('-', '')}')", stack.env["DB_NAME"])
        with Stream(self.bob) as bob:
            self.assertTrue(bob.ended.wait(5 + SOON), bob.lines)
            self.assertEqual(self.bob.get(EVENTS).status, 401)

    def test_for_good_when_the_person_begins_the_twenty_first(self):
        streams = [Stream(self.bob) for _ in range(21)]
        try:
            self.assertTrue(streams[0].ended.wait(SOON))
            self.assertEqual(streams[0].events, [("end", {"reason": "too_many_streams"})])
            write(self.ann, self.ann.colleague)
            for each in streams[1:]:
                each.wait_for(1)
        finally:
            for each in streams:
                each.__exit__()


class Beginnings(Company):
    def test_a_login_that_begins_streams_without_end_is_refused_and_has_nobody_else_wait(self):
        begun = 0
        while begun < 400:
            with Stream(self.bob) as stream:
                if stream.answer.status != 200:
                    break
                begun += 1
        self.assertEqual(stream.answer.status, 503)
        self.assertGreaterEqual(begun, 40)
        with Stream(self.ann) as stream:
            self.assertEqual(stream.answer.status, 200)


class Process(Company):
    """`partywall events` and what tells it of changes are stopped, killed, and come back."""

    def tearDown(self):
        stack.do("events-start")
        eventually(lambda: stack.status()["events"] == "up", "a beat")

    def test_without_it_clients_are_told_to_come_back_and_no_ticket_is_in_a_log(self):
        with Stream(self.bob) as bob:
            os.kill(stack.pid("events"), signal.SIGKILL)
            self.assertTrue(bob.ended.wait(SOON))
        for _ in range(3):  # the board still says that it hears: nginx finds nobody
            answer = self.bob.get(EVENTS)
            self.assertEqual(answer.status, 503)
            self.assertEqual(answer.json()["code"], "unavailable")
            self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
        eventually(lambda: stack.status()["events"] == "missing", "its absence")
        write(self.ann, self.ann.colleague)
        for log in stack.state.glob("log/*.log"):
            text = log.read_text(errors="replace")
            self.assertNotIn("icket", text, log)
            for word in text.split():  # the longest thing that a log may say is a path
                self.assertLess(len(word), 200, log)

    def test_it_is_back_after_a_restart_and_the_old_streams_have_ended(self):
        with Stream(self.bob) as bob:
            stack.do("events-stop")
            self.assertTrue(bob.ended.wait(SOON))
        stack.do("events-start")
        eventually(lambda: stack.status()["events"] == "up", "a beat")
        with Stream(self.bob) as bob:
            write(self.ann, self.ann.colleague)
            bob.wait_for(1)

    def test_nobody_is_let_in_while_nothing_says_what_changes(self):
        reader = stack.change_reader()
        with Stream(self.bob) as bob:
            os.kill(reader, signal.SIGSTOP)
            try:
                eventually(lambda: stack.status()["events"] == "not told of changes", "silence")
                self.assertEqual(stack.metrics()["partywall_events_up"], 0)
                self.assertEqual(self.bob.get(EVENTS).status, 503)
                write(self.ann, self.ann.colleague)  # who is in is told by the workers
                bob.wait_for(1)
            finally:
                os.kill(reader, signal.SIGCONT)
            eventually(lambda: stack.status()["events"] == "up", "a beat")
            with Stream(self.bob):
                pass

    def test_what_reads_the_changes_is_replaced_when_it_dies(self):
        reader = stack.change_reader()
        os.kill(reader, signal.SIGKILL)
        eventually(lambda: stack.change_reader() not in (None, reader), "another one")

    def test_it_says_what_it_does_in_status_and_metrics(self):
        before = stack.status()
        with Stream(self.bob), Stream(self.ann) as ann:
            write(self.ann, self.ann.colleague)
            ann.wait_for(1)
            now = stack.status()
            self.assertGreaterEqual(now["streams"], 2)
            self.assertEqual(now["streams_opened"] - before["streams_opened"], 2)
            metrics = stack.metrics()
            self.assertEqual(metrics["partywall_events_up"], 1)
            self.assertEqual(metrics["partywall_streams"], now["streams"])
        eventually(lambda: stack.status()["streams"] <= now["streams"] - 2, "an end of who has gone")


if __name__ == "__main__":
    unittest.main()
