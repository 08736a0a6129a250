#!/usr/bin/env python3
"""tests/api/admin_test.py — what an operator does: companies, people, sessions, invitations, the audit."""
import os
import pty
import select
import subprocess
import unittest
import uuid

from client import PASSWORD
from commands import LOGIN, Operator, answer, answer_without_config, name, parsed, stack

OTHER_PASSWORD = "Mild-7731-Kite!"
ME = "/api/v1/auth/me"


def revoked(count):
    """What `session revoke` says; the database as well, as it may have been another one that was meant."""
    return {"revoked": count, "database": stack.env["DB_NAME"]}


class Admin(Operator):
    # ---- companies ----

    def test_a_company_is_made_with_an_admin_who_can_log_in(self):
        client = self.logged_in(self.admin)
        me = client.get(ME).json()
        self.assertEqual(me["company"], self.made["company"])
        self.assertEqual(me["company"]["name"], self.company)
        self.assertEqual(me["user"]["role"], "admin")

    def test_companies_are_listed_and_shown_for_people_and_for_programs(self):
        id = self.made["company"]["id"]
        row, = [each for each in parsed("company", "list") if each["id"] == id]
        self.assertEqual((row["name"], row["users"], row["suspended_at"]), (self.company, 1, None))
        head, *lines = answer("company", "list").splitlines()
        self.assertRegex(head, r"^ID +NAME +USERS +CREATED AT +SUSPENDED AT +ERASE AT$")
        line, = [line for line in lines if line.startswith(id)]
        self.assertEqual(line.index(self.company), head.index("NAME"))
        shown = parsed("company", "show", id)
        self.assertEqual((shown["address"], shown["users"], shown["messages"]), ("1 Main St", 1, 0))
        self.assertIn(f"NAME          {self.company}\n", answer("company", "show", self.company))

    def test_a_suspended_company_is_closed_until_it_is_resumed(self):
        client = self.logged_in(self.admin)
        first = parsed("company", "suspend", self.company)["suspended_at"]
        refused = client.get(ME)
        self.assertEqual((refused.status, refused.json()["code"]), (403, "company_suspended"))
        self.assertEqual(parsed("company", "suspend", self.company)["suspended_at"], first)
        self.assertIsNone(parsed("company", "resume", self.company)["suspended_at"])
        self.assertEqual(client.get(ME).status, 200)
        events = [each["event"] for each in parsed("audit", "list", self.company)]
        self.assertEqual(events.count("company.suspend"), 1)
        self.assertEqual(events.count("company.resume"), 1)

    # ---- people ----

    def test_a_user_is_made_listed_given_a_password_and_disabled(self):
        bob = name("bob")
        made = parsed("user", "create", self.company, bob, "--role", "admin", stdin=PASSWORD)
        self.assertEqual((made["username"], made["role"]), (bob, "admin"))
        self.assertEqual([each["username"] for each in parsed("user", "list", self.company)],
                         [self.admin, bob])
        client = self.logged_in(bob)
        answer("user", "passwd", self.company, bob.upper(), stdin=OTHER_PASSWORD + "\n")
        self.assertEqual(client.get(ME).status, 401)
        client = self.logged_in(bob, OTHER_PASSWORD)
        self.assertIn("REMOVED AT", answer("user", "disable", self.company, bob))
        self.assertEqual(client.get(ME).status, 401)
        self.assertEqual(stack.client().post(LOGIN, {"username": bob, "password": OTHER_PASSWORD})
                         .status, 401)
        self.assertEqual(len(parsed("user", "list", self.company)), 1)

    def test_what_a_request_would_refuse_is_refused_in_the_same_words(self):
        bob = name("bob")
        self.assertEqual(self.refused("user", "create", self.company, self.admin, stdin=PASSWORD),
                         "partywall: username: A user with that username already exists.\n")
        said = self.refused("user", "create", self.company, bob, stdin="12345678")
        self.assertIn("partywall: password: This password is too common.\n", said)
        self.assertIn("partywall: password: This password is entirely numeric.\n", said)
        self.assertIn("is not a valid choice", self.refused(
            "user", "create", self.company, bob, "--role", "boss", stdin=PASSWORD))
        self.assertIn("A company needs at least one admin.",
                      self.refused("user", "disable", self.company, self.admin))
        self.assertIn("too short", self.refused("company", "create", name("C"), bob, stdin="x"))

    def test_what_an_editor_puts_around_a_password_is_no_part_of_it(self):
        for before, after in (("", "\r\n"), ("\ufeff", "\n"), ("\ufeff", "\r\nmore\r\n")):
            bob = name("bob")
            answer("user", "create", self.company, bob, stdin=before + PASSWORD + after)
            self.logged_in(bob)

    def test_a_password_of_broken_utf_8_is_said_to_be_that(self):
        done = subprocess.run([stack.env["BINARY"], "user", "create", self.company, name("bob"), "-c",
                               stack.config], input=PASSWORD.encode() + b"\xff\n", capture_output=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (1, b"", b"partywall: the password is not valid UTF-8\n"))

    def test_a_password_is_asked_for_at_a_terminal_twice_and_is_not_shown(self):
        bob = name("bob")
        self.assertEqual(self.at_a_terminal([PASSWORD, PASSWORD], "user", "create", self.company, bob),
                         0)
        self.logged_in(bob)
        self.assertEqual(self.at_a_terminal([PASSWORD, OTHER_PASSWORD], "user", "passwd",
                                            self.company, bob), 1)
        self.logged_in(bob)

    def at_a_terminal(self, lines, *words):
        """Types the lines, one for each question; returns the exit status."""
        child, terminal = pty.fork()
        if child == 0:
            os.execv(stack.env["BINARY"], ["partywall", *words, "-c", str(stack.config)])
        seen = b""

        def read():
            ready, _, _ = select.select([terminal], [], [], 30)
            assert ready, seen
            return os.read(terminal, 1000)
        for prompt, line in zip((b"Password: ", b"Again: "), lines):
            while prompt not in seen:
                seen += read()
            os.write(terminal, line.encode() + b"\n")
        try:
            while chunk := read():
                seen += chunk
        except OSError:  # the terminal is gone with the program
            pass
        os.close(terminal)
        _, status = os.waitpid(child, 0)
        for line in lines:
            self.assertNotIn(line.encode(), seen)
        return os.waitstatus_to_exitcode(status)

    def test_no_command_takes_a_password_as_a_word(self):
        for words in (["user", "create"], ["user", "passwd"], ["company", "create"]):
            self.assertNotIn("--password", answer_without_config(*words, "--help"))

    def test_a_link_with_which_somebody_chooses_a_new_password_is_printed(self):
        client = self.logged_in(self.admin)
        made = parsed("user", "link", self.admin.upper())
        self.assertEqual(made["username"], self.admin)
        self.assertTrue(made["link"].endswith("/#/password/" + made["token"]), made)
        self.assertEqual(client.get(ME).status, 200)
        used = stack.client().post("/api/v2/auth/password/",
                                   {"token": made["token"], "password": OTHER_PASSWORD})
        self.assertEqual(used.status, 200, used.body)
        self.assertEqual(client.get(ME).status, 401)
        self.logged_in(self.admin, OTHER_PASSWORD)
        nobody = name("nobody")
        self.assertEqual(self.refused("user", "link", nobody),
                         f'partywall: there is no user "{nobody}"\n')

    # ---- sessions and invitations ----

    def test_a_link_for_a_new_password_ends_with_the_sessions(self):
        for words in ([self.company, "--user", self.admin], [self.company, "--all"],
                      [self.company, "--all", "--tokens"], ["--all", "--tokens"]):
            with self.subTest(words=words):
                link = parsed("user", "link", self.admin)["token"]
                answer("session", "revoke", *words)
                chosen = stack.client().post("/api/v2/auth/password/", {"token": link, "password": PASSWORD + "2"})
                self.assertEqual(chosen.status, 400)

    def test_where_all_is_ended_somebody_in_two_companies_is_out_of_both(self):
        client = stack.client().sign_up()
        token = parsed("invite", self.company)["token"]
        client.must(201, client.post("/api/v1/auth/invitation/accept/", {"token": token}))
        client.must(200, client.post("/api/v1/auth/company/", {"company": parsed(
            "company", "show", self.company)["id"]}))
        other = stack.client()
        other.must(200, other.post("/api/v1/auth/login/", {"username": client.name, "password": PASSWORD}))
        answer("session", "revoke", "--all")
        self.assertEqual([each.get(ME).status for each in (client, other)], [401, 401])

    def test_sessions_are_listed_and_ended_one_by_user_or_all(self):
        bob = name("bob")
        answer("user", "create", self.company, bob, stdin=PASSWORD)
        first, second, other = (self.logged_in(each) for each in (bob, bob, self.admin))
        rows = parsed("session", "list", self.company)
        self.assertEqual([row["username"] for row in rows], [bob, bob, self.admin])
        self.assertNotIn("token_hash", rows[0])
        self.assertEqual(len(parsed("session", "list", self.company, "--user", bob)), 2)
        self.assertEqual(parsed("session", "revoke", self.company, rows[0]["id"]), revoked(1))
        self.assertEqual([each.get(ME).status for each in (first, second, other)], [401, 200, 200])
        self.assertEqual(parsed("session", "revoke", self.company, "--user", bob), revoked(1))
        self.assertEqual([each.get(ME).status for each in (second, other)], [401, 200])
        pair = stack.client().post("/api/v1/auth/token/", {
            "username": bob, "password": PASSWORD}).json()
        bearer = {"Authorization": "Bearer " + pair["access"]}
        self.assertEqual(stack.client().get("/api/v1/auth/me", bearer).status, 200)
        self.assertEqual(parsed("session", "revoke", self.company, "--all"), revoked(2))
        self.assertEqual(stack.client().get("/api/v1/auth/me", bearer).status, 401)
        self.assertEqual(parsed("session", "revoke", self.company, "--all"), revoked(0))
        self.assertEqual(other.get(ME).status, 401)
        self.refused("session", "revoke", self.company, rows[0]["id"])
        for words in ([], ["--user", bob], [self.company, "--tokens"], [self.company, "--user", bob, "--tokens"],
                      [self.company, "--user", bob, "--all"]):
            self.refused("session", "revoke", *words, status=2)

    # No request can make such a person; an older release could.
    def test_a_person_whose_id_is_nil_is_listed_and_ended_and_changed_like_all(self):
        nil, here = name("nil"), "UNHEX('%s')" % self.made["company"]["id"].replace("-", "")
        stack.query("INSERT INTO identities (id, username_key, username, password_hash, password_given,"
                    f" default_company_id, created_at) SELECT UNHEX('{uuid.uuid4().hex}'), '{nil}',"
                    f" '{nil}', password_hash, 0, {here}, NOW(6) FROM identities"
                    f" WHERE username = '{self.admin}'")
        stack.query("INSERT INTO users (company_id, id, identity_id, username, role, created_at)"
                    f" SELECT {here}, REPEAT(CHAR(0), 16), id, '{nil}', 'staff', NOW(6)"
                    f" FROM identities WHERE username = '{nil}'")
        self.assertEqual([each["username"] for each in parsed("user", "list", self.company)],
                         [nil, self.admin])
        client = self.logged_in(nil)
        self.assertEqual(parsed("session", "revoke", self.company, "--all"), revoked(1))
        self.assertEqual(client.get(ME).status, 401)
        answer("user", "passwd", self.company, nil, stdin=OTHER_PASSWORD + "\n")
        client = self.logged_in(nil, OTHER_PASSWORD)
        answer("user", "disable", self.company, nil)
        self.assertEqual(client.get(ME).status, 401)
        self.assertEqual([each["username"] for each in parsed("user", "list", self.company)],
                         [self.admin])

    def test_an_invitation_lets_somebody_join(self):
        made = parsed("invite", self.company, "--role", "admin", "--days", "3", "--uses", "2")
        self.assertEqual((made["role"], made["uses_left"]), ("admin", 2))
        self.assertIn("/#/invitation/" + made["token"], made["link"])
        joined = stack.client().post("/api/v1/auth/invitation/accept/", {
            "token": made["token"], "username": name("kim"), "password": PASSWORD})
        self.assertEqual(joined.status, 201, joined)
        self.assertEqual(joined.json()["company"]["name"], self.company)
        self.assertIn("LINK", answer("invite", self.company))

    # ---- audit ----

    def test_the_audit_says_what_happened_and_who_did_it(self):
        bob = name("bob")
        answer("user", "create", self.company, bob, stdin=PASSWORD)
        stack.client().post(LOGIN, {"username": bob, "password": "wrong"})
        self.logged_in(bob)
        rows = parsed("audit", "list", self.company)
        self.assertEqual([(row["event"], row["by"], row["about"]) for row in rows], [
            ("company.create", "operator", self.admin), ("user.create", "operator", bob),
            ("login.failed", "", bob), ("login", bob, bob)])
        self.assertEqual([row["address"] for row in rows], ["local", "local"] + ["127.0.0.1"] * 2)
        self.assertEqual(len({row["request"] for row in rows}), 4)
        self.assertIsNone(rows[0]["by_user"])
        head, first, *_ = answer("audit", "list", self.company).splitlines()
        self.assertRegex(head, r"^DATE +EVENT +BY +ABOUT +ADDRESS +DETAIL$")
        self.assertIn("(operator)", first)
        newest, = parsed("audit", "list", self.company, "--limit", "1")
        self.assertEqual(newest, rows[-1])
        of_bob = parsed("audit", "list", self.company, "--user", bob)
        self.assertEqual(of_bob, rows[1:])

if __name__ == "__main__":
    unittest.main()
