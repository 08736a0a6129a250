#!/usr/bin/env python3
"""tests/api/credential_races_test.py — what makes a credential races what ends that from which it is made.

Each round has a person of its own, of whom somebody makes credentials with several requests at once
while one other request ends something; the credentials are tried when all have answered. Where both
orders are right (an API token may well be older than the logout), the audit tells which one it was:
its dates are taken under the locks.
"""
import concurrent.futures
import random
import unittest

from client import PASSWORD
from support import Stack, eventually

LOGIN, LOGOUT = "/api/v1/auth/login/", "/api/v1/auth/logout/"
TOKEN, REFRESH = "/api/v1/auth/token/", "/api/v1/auth/token/refresh/"
SWITCH, ACCEPT = "/api/v1/auth/company/", "/api/v1/auth/invitation/accept/"
USERS, ME = "/api/v1/accounts/users/", "/api/v1/auth/me"
SESSIONS, API_TOKENS = "/api/v1/auth/sessions/", "/api/v1/auth/api-tokens/"
INVITATIONS = "/api/v1/accounts/invitations/"
NEW_PASSWORD = "Bade-9175-Decaf!"
ROUNDS = 16  # of each of the races below, of which there are thirteen
AT_ONCE = 3


def setUpModule():
    global stack, boss, other_boss
    stack = Stack.own(workers=6)
    boss, other_boss = stack.client().sign_up(), stack.client().sign_up()


def ask(client, method, path, body=None):
    """Asks until the answer is not that somebody else hashes at the moment."""
    while True:
        answer = client.send(method, path, body)
        if answer.status != 503:
            return answer


def is_alive(headers):
    return stack.client().get(ME, headers).status == 200


def bearer(token):
    return {"Authorization": "Bearer " + token}


class Person:
    """Somebody of boss's company, logged in twice: one session makes, the other one ends."""

    def __init__(self, role="staff"):
        self.name = "p" + "".join(random.choices("ghjkmnpqrstvwxyz", k=14))
        self.secret = {"username": self.name, "password": PASSWORD}
        made = ask(boss, "POST", USERS, {**self.secret, "role": role})
        self.id = boss.must(201, made)["id"]
        self.session, self.second = self.log_in(), self.log_in()

    def log_in(self):
        client = stack.client()
        client.must(200, ask(client, "POST", LOGIN, self.secret))
        return client

    def again(self):
        """A client with the cookies of the session, as they are now."""
        client = stack.client()
        client.cookies = dict(self.session.cookies)
        return client

    def join_other(self):
        """The person of boss's company is in the other one as well; has a password of their own then."""
        link = other_boss.must(201, other_boss.post(INVITATIONS, {}))["token"]
        body = {"token": link, "password": "Faced-0483-Bead!", "current_password": PASSWORD}
        self.session.must(201, ask(self.session, "POST", ACCEPT, body))
        self.secret["password"] = "Faced-0483-Bead!"
        self.session, self.second = self.log_in(), self.log_in()

    # ---- what makes: a function that answers the headers of what was made, or None

    def log_in_again(self):
        client = stack.client()
        return client.credentials() if client.post(LOGIN, self.secret).status == 200 else None

    def take_token(self):
        answer = stack.client().post(TOKEN, self.secret)
        return bearer(answer.json()["access"]) if answer.status == 200 else None

    def refresh(self):
        answer = stack.client().post(REFRESH, {"refresh": self.web["refresh"]})
        return bearer(answer.json()["access"]) if answer.status == 200 else None

    def switch(self):
        client = self.again()
        answer = client.post(SWITCH, {"company": other_boss.company})
        return client.credentials() if answer.status == 200 else None

    def make_api_token(self):
        answer = self.again().post(API_TOKENS, {"name": "x", "access": "write"})
        return bearer(answer.json()["token"]) if answer.status == 201 else None

    def invite(self):
        answer = self.again().post(INVITATIONS, {"uses": 100})
        return answer.json()["token"] if answer.status == 201 else None

    # ---- what ends

    def change_password(self):
        answer = ask(self.second, "PATCH", USERS + self.id, {
            "password": NEW_PASSWORD, "current_password": self.secret["password"]})
        self.second.must(200, answer)

    def remove(self):
        assert boss.send("DELETE", USERS + self.id).status == 204

    def demote(self):
        boss.must(200, boss.send("PATCH", USERS + self.id, {"role": "staff"}))

    def end_others(self):
        assert self.second.send("DELETE", SESSIONS).status == 204

    def log_out(self):
        assert self.again().post(LOGOUT, None).status == 204

    def log_out_web(self):
        answer = stack.client().send("POST", LOGOUT, headers=bearer(self.web["access"]))
        assert answer.status == 204, answer

    def revoke(self):
        """Ends the session that makes, by the other one; whether it was there to be ended."""
        status = self.second.send("DELETE", SESSIONS + self.session_id).status
        assert status in (204, 404), status
        return status == 204

    def events(self):
        """What the audit has of the person in boss's company, in the order in which it happened."""
        return stack.query("SELECT event FROM audit WHERE company_id = UNHEX('%s') AND user_id ="
                           " UNHEX('%s') ORDER BY date" % (boss.company.replace("-", ""),
                                                           self.id.replace("-", "")))


def race(make, end):
    """What was made by several at once while one ends; and what `end` answers."""
    place = random.randrange(AT_ONCE + 1)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE + 1) as pool:
        jobs = [pool.submit(end if i == place else make) for i in range(AT_ONCE + 1)]
        ended = jobs.pop(place).result()
        made = [job.result() for job in jobs]
        return [each for each in made if each], ended


class Races(unittest.TestCase):
    def rounds(self, make, end, prepare=lambda person: None, role="staff"):
        """Nothing that was made lives when all is over."""
        for _ in range(ROUNDS):
            person = Person(role)
            prepare(person)
            made, _ = race(lambda: make(person), lambda: end(person))
            for headers in made:
                self.assertFalse(is_alive(headers), headers)
            stack_forgets_failures()

    def test_no_login_outlives_a_new_password(self):
        self.rounds(Person.log_in_again, Person.change_password)

    def test_no_login_outlives_a_removal(self):
        self.rounds(Person.log_in_again, Person.remove)

    def test_no_token_outlives_a_new_password(self):
        self.rounds(Person.take_token, Person.change_password)

    def test_no_refresh_outlives_a_new_password(self):
        self.rounds(Person.refresh, Person.change_password, with_web_login)

    def test_no_refresh_outlives_a_removal(self):
        self.rounds(Person.refresh, Person.remove, with_web_login)

    def test_no_refresh_outlives_the_logout_of_its_login(self):
        self.rounds(Person.refresh, Person.log_out_web, with_web_login)

    def test_no_refresh_outlives_the_end_of_all_others(self):
        self.rounds(Person.refresh, Person.end_others, with_web_login)

    def test_no_switch_outlives_a_new_password(self):
        self.rounds(Person.switch, Person.change_password, Person.join_other)

    def test_no_switch_outlives_the_end_of_all_others(self):
        self.rounds(Person.switch, Person.end_others, Person.join_other)

    def test_no_api_token_outlives_a_new_password(self):
        self.rounds(Person.make_api_token, Person.change_password)

    def test_no_api_token_is_made_after_the_logout_of_its_maker(self):
        for _ in range(ROUNDS):
            person = Person()
            race(person.make_api_token, person.log_out)
            events = person.events()
            self.assertNotIn("token.create", events[events.index("logout"):])

    def test_of_a_switch_and_the_revocation_of_its_session_one_succeeds(self):
        for _ in range(ROUNDS):
            person = Person()
            person.join_other()
            person.session_id = next(each["id"] for each in person.session.get(SESSIONS).json()
                                     if each["current"])
            made, was_there = race(person.switch, person.revoke)
            # Each needs the session, and uses it up.
            self.assertEqual(len(made) + was_there, 1)

    def test_no_invitation_outlives_the_demotion_or_removal_of_its_maker(self):
        for number in range(ROUNDS):
            person = Person("admin")
            made, _ = race(person.invite, person.remove if number % 2 else person.demote)
            for token in made:
                answer = stack.client().post(ACCEPT, {"token": token, **person.secret})
                self.assertEqual(answer.status, 400)
                self.assertIn("token", answer.json())


    def test_of_two_logins_the_one_that_waits_for_the_other_ends_later(self):
        """Logins of one person are told apart by their ends, so these are taken under the lock."""
        person = Person()
        held = stack.sql(f"BEGIN; SELECT 1 FROM identities WHERE username = '{person.name}'"
                         " FOR UPDATE;\n", "OWNER")
        with held, concurrent.futures.ThreadPoolExecutor() as pool:
            held.stdout.readline()
            login = pool.submit(person.log_in)
            eventually(lambda: stack.as_root(
                "SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"),
                "a login that waits")
            earliest, = stack.query("SELECT UTC_TIMESTAMP(6) + INTERVAL 14 DAY")
            held.stdin.close()
            sessions = login.result().get(SESSIONS).json()
        end, = (each["expires_at"] for each in sessions if each["current"])
        self.assertGreater(end.replace("T", " "), earliest)

    def test_what_hangs_on_a_person_is_locked_after_the_person_whoever_ends_it(self):
        """Else each of two requests has what the other one waits for."""
        before = deadlocks()
        for number in range(ROUNDS):
            person = Person("admin")
            path, body, end = ((INVITATIONS, {}, person.demote), (API_TOKENS, {
                "name": "x", "access": "read"}, person.change_password))[number % 2]
            path += person.session.must(201, person.session.post(path, body))["id"]
            condition = {"If-Match": "*"} if number % 4 < 2 else {}
            race(lambda: person.again().send("DELETE", path, headers=condition).status == 204, end)
        self.assertEqual(deadlocks(), before)


class Wall(unittest.TestCase):
    def test_an_admin_who_lets_somebody_go_gets_no_hold_of_them_elsewhere(self):
        for _ in range(ROUNDS):
            person = Person()
            person.join_other()
            race(lambda: ask(boss, "PATCH", USERS + person.id, {"password": NEW_PASSWORD}),
                 person.remove)
            taken = stack.client().post(LOGIN, {"username": person.name, "password": NEW_PASSWORD})
            self.assertEqual(taken.status, 401)
            self.assertEqual(stack.client().post(LOGIN, person.secret).status, 200)
            stack_forgets_failures()


def deadlocks():
    return stack.metrics()["partywall_database_deadlocks_total"]


def with_web_login(person):
    person.web = boss.must(200, ask(stack.client(), "POST", TOKEN, person.secret))


def stack_forgets_failures():
    """Logins with the old password count against the address that all of them come from."""
    with stack.sql("DELETE FROM throttles;\n") as process:
        process.stdin.close()


if __name__ == "__main__":
    unittest.main()
