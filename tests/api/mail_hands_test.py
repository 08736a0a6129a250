#!/usr/bin/env python3
"""tests/api/mail_hands_test.py — a mail that is in the hands of `partywall mail` when something comes in between: who asks
again, another command, a signal, a host that has no room; and mails of which some arrive and others do not."""
import json
import os
import signal
import subprocess
import unittest

from mails import CHOOSE, NEW_PASSWORD, SENDMAIL, Mails, address, send, stack, take_all


class InHand(Mails):
    def is_good(self, token, status=200):
        self.assertEqual(self.client().post(CHOOSE, {"token": token, "password": NEW_PASSWORD}).status, status)

    def test_and_begun_by_another_command_meanwhile_is_that_ones(self):
        mine = self.ask_link_of_somebody()
        with self.in_hand() as first:
            self.client().must(202, self.ask_link(mine))
            self.assertEqual(stack.type_in("mail", config=self.program("exit 75"))[0], 1)
        self.assertEqual(first.returncode, 0, first.said)
        (_, attempts, _), = self.waiting()  # it is to be sent still: its link is the one that is good
        self.assertEqual(attempts, "2")
        old, = take_all()[0].tokens("password")
        self.again()
        new, = send()[0].tokens("password")
        self.is_good(old, 400)
        self.is_good(new)

    def test_when_the_command_is_to_end_is_sent_first_and_no_other_is(self):
        self.ask_links(2)
        with self.in_hand() as command:
            command.send_signal(signal.SIGTERM)
        self.assertEqual(command.returncode, -signal.SIGTERM)
        self.assertEqual([row[:2] for row in self.waiting()], [["link", "0"]])
        mail, = take_all()
        self.is_good(mail.tokens("password")[0])

    def test_of_a_command_whose_parent_ignores_the_end_of_children_is_sent(self):
        self.ask_links(2)
        done = subprocess.run(["env", "--ignore-signal=CHLD", stack.env["BINARY"], "mail", "-c", stack.config],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr, len(take_all())), (0, "", 2))

    def test_that_a_host_has_no_room_for_waits_and_is_told_with_the_others(self):
        self.ask_links(2)
        done = subprocess.run(["env", "--ignore-signal=XFSZ", "prlimit", "--fsize=0", stack.env["BINARY"], "mail",
                               "--json", "-c", stack.config], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertEqual([row["state"] for row in json.loads(done.stdout)], ["waits"] * 2)
        self.assertRegex(done.stderr, "a mail cannot be kept: " + os.strerror(27))


class OfSeveral(Mails):
    def test_who_wrote_an_address_otherwise_each_arrives_or_is_repeated_by_itself(self):
        lower = address()
        people = [self.with_address(self.person(), each) for each in (lower, lower.upper())]
        self.ask_link(lower)
        config = self.program(f'[ "${{@: -1}}" = {lower} ] && exit 75; exec {SENDMAIL} "$@"')
        self.assertEqual(stack.type_in("mail", config=config)[0], 1)
        arrived, = take_all()
        self.assertEqual(arrived.arguments[-1], lower.upper())
        self.again()
        repeated, = send()
        self.assertEqual(repeated.arguments[-1], lower)
        for mail, person in zip((repeated, arrived), people):
            self.assertIn(person.name, mail.text)
            token, = mail.tokens("password")
            self.client().must(200, self.client().post(CHOOSE, {"token": token, "password": NEW_PASSWORD}))

    def test_that_are_nobodys_one_line_says_how_many(self):
        for _ in range(3):
            self.ask_link(address())
        status, out, err = stack.type_in("mail", "--json")
        self.assertEqual((status, err), (0, ""))
        self.assertEqual([(row["id"], row["state"], row["mails"]) for row in json.loads(out)],
                         [(None, "is nobody's", 3)])


class Link(Mails):
    def test_ends_with_the_company_that_it_was_made_in(self):
        kim, mine, boss = self.person(), address(), self.person()
        self.with_address(kim, mine)
        token = boss.must(201, boss.post("/api/v2/accounts/invitations/", {"role": "staff", "days": 1}))["token"]
        kim.must(201, kim.post("/api/v2/auth/invitation/accept/", {"token": token}))
        tokens = []
        for _ in range(2):
            self.ask_link(mine)
            tokens += send()[0].tokens("password")
            stack.as_owner("UPDATE companies SET erase_at = UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE"
                           f" WHERE company_id = UNHEX(REPLACE('{kim.company}', '-', ''));")
        for token, status in zip(tokens, (400, 200)):
            self.assertEqual(self.client().post(CHOOSE, {"token": token, "password": NEW_PASSWORD}).status, status)

    def test_stays_when_the_person_is_an_admin_no_more(self):
        kim, mine = self.person(), address()
        self.with_address(kim, mine)
        other = next(row["id"] for row in kim.get("/api/v2/accounts/users/").json()["items"]
                     if row["username"] == kim.colleague["username"])
        kim.must(200, kim.send("PATCH", f"/api/v2/accounts/users/{other}", {"role": "admin"}))
        self.ask_link(mine)
        token, = send()[0].tokens("password")
        colleague = self.client()
        colleague.must(200, self.log_in_as(colleague, kim.colleague["username"]))
        colleague.must(200, colleague.send("PATCH", f"/api/v2/accounts/users/{kim.user['id']}", {"role": "staff"}))
        self.client().must(200, self.client().post(CHOOSE, {"token": token, "password": NEW_PASSWORD}))

    def test_that_is_asked_for_is_in_no_audit_before_it_is_used(self):
        kim, mine = self.person(), address()
        self.with_address(kim, mine)
        self.ask_link(mine)
        self.assertEqual(len(send()), 1)
        status, out, _ = stack.type_in("audit", "list", kim.company, "--json")
        self.assertEqual(status, 0)
        self.assertNotIn("user.link", {row["event"] for row in json.loads(out)})


if __name__ == "__main__":
    unittest.main()
