#!/usr/bin/env python3
"""tests/api/admin_test.py — the commands of an operator, typed as one types them."""
import json
import os
import pty
import re
import select
import subprocess
import unittest
import uuid

from client import PASSWORD
from support import Stack

OTHER_PASSWORD = "Mild-7731-Kite!"
ME = "/api/v1/auth/me"
LOGIN = "/api/v1/auth/login/"
STEP = re.compile(r"^\d{4}_\w+ +applied +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", re.M)

stack = Stack.shared()


def type_in(*words, stdin=""):
    """Runs a command: its exit status and its two outputs. The database's log lines are no answer."""
    done = subprocess.run([stack.env["BINARY"], *words, "-c", stack.config], text=True, input=stdin,
                          capture_output=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def answer(*words, stdin=""):
    """What a command prints, which must succeed and say nothing on standard error."""
    status, out, err = type_in(*words, stdin=stdin)
    assert (status, err) == (0, ""), (words, status, out, err)
    return out


def parsed(*words, stdin=""):
    return json.loads(answer(*words, "--json", stdin=stdin))


def name(stem):
    return f"{stem}_{uuid.uuid4().hex[:10]}"


class Admin(unittest.TestCase):
    def setUp(self):
        self.company, self.admin = name("Acme"), name("ann")
        self.made = parsed("company", "create", self.company, self.admin, "--address", "1 Main St",
                           stdin=PASSWORD + "\n")

    def logged_in(self, username, password=PASSWORD):
        client = stack.client()
        self.assertEqual(client.post(LOGIN, {"username": username, "password": password}).status,
                         200)
        return client

    def refused(self, *words, stdin="", status=1):
        got, out, err = type_in(*words, stdin=stdin)
        self.assertEqual((got, out), (status, ""), err)
        return err

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
        self.assertRegex(head, r"^ID +NAME +USERS +CREATED AT +SUSPENDED AT$")
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

    # ---- sessions and invitations ----

    def test_sessions_are_listed_and_ended_one_by_user_or_all(self):
        bob = name("bob")
        answer("user", "create", self.company, bob, stdin=PASSWORD)
        first, second, other = (self.logged_in(each) for each in (bob, bob, self.admin))
        rows = parsed("session", "list", self.company)
        self.assertEqual([row["username"] for row in rows], [bob, bob, self.admin])
        self.assertNotIn("token_hash", rows[0])
        self.assertEqual(len(parsed("session", "list", self.company, "--user", bob)), 2)
        self.assertEqual(parsed("session", "revoke", self.company, rows[0]["id"]), {"revoked": 1})
        self.assertEqual([each.get(ME).status for each in (first, second, other)], [401, 200, 200])
        self.assertEqual(parsed("session", "revoke", self.company, "--user", bob), {"revoked": 1})
        self.assertEqual([each.get(ME).status for each in (second, other)], [401, 200])
        pair = stack.client().post("/api/v1/auth/token/", {
            "username": bob, "password": PASSWORD}).json()
        bearer = {"Authorization": "Bearer " + pair["access"]}
        self.assertEqual(stack.client().get("/api/v1/auth/me", bearer).status, 200)
        self.assertEqual(parsed("session", "revoke", self.company, "--all"), {"revoked": 2})
        self.assertEqual(stack.client().get("/api/v1/auth/me", bearer).status, 401)
        self.assertEqual(parsed("session", "revoke", self.company, "--all"), {"revoked": 0})
        self.assertEqual(other.get(ME).status, 401)
        self.refused("session", "revoke", self.company, rows[0]["id"])

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

    # ---- all of them ----

    def test_what_cannot_be_printed_is_a_failure(self):
        reader, pipe = os.pipe()
        os.close(reader)
        self.addCleanup(os.close, pipe)
        full = os.open("/dev/full", os.O_WRONLY)
        self.addCleanup(os.close, full)
        commands = [["company", "list"], ["company", "show", self.company], ["invite", self.company],
                    ["audit", "list", self.company, "--json"], ["migrate"], ["migrate", "status"],
                    ["company", "create", "NEW", "NEW"], ["status"], ["check-config"]]
        words = [each + ["-c", str(stack.config)] for each in commands]
        words += [["routes"], ["--help"], ["--version"], ["company", "--help"]]
        closed = 'exec "$@" >&-'
        for each in words:
            for stdout, start in ((full, []), (pipe, []), (subprocess.PIPE, ["sh", "-c", closed, "sh"])):
                run = start + [stack.env["BINARY"]]
                run += [name("new") if word == "NEW" else word for word in each]
                done = subprocess.run(run, stdout=stdout, stderr=subprocess.PIPE, text=True,
                                      input=PASSWORD, timeout=60)
                self.assertEqual(done.returncode, 1, (each, done.stderr))
                self.assertRegex(done.stderr, "^partywall: (standard output could not be written"
                                              "|cannot write to file)")

    def test_what_nobody_can_be_told_of_a_failure_changes_no_exit_status(self):
        for words, status in ((["nope"], 2), (["user", "list", "Nope"], 1), (["company", "lits"], 2)):
            for silent in ('exec "$@" 2>/dev/full', 'exec "$@" >&- 2>&-'):
                run = ["sh", "-c", silent, "sh", stack.env["BINARY"], *words]
                run += ["-c", str(stack.config)] if status == 1 else []
                self.assertEqual(subprocess.run(run, timeout=60).returncode, status, (words, silent))

    def test_an_invitation_whose_link_could_not_be_printed_is_revoked(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([stack.env["BINARY"], "invite", self.company, "-c", stack.config],
                                  stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the invitation was revoked", done.stderr)
        client = self.logged_in(self.admin)
        self.assertEqual(client.get("/api/v1/accounts/invitations/").json(), [])
        self.assertEqual([each["event"] for each in parsed("audit", "list", self.company)][1:3],
                         ["invitation.create", "invitation.revoke"])

    def test_a_company_or_user_that_is_not_there_is_said_so(self):
        nobody = str(uuid.uuid4())
        for words in (["company", "show"], ["company", "suspend"], ["user", "list"],
                      ["session", "list"], ["invite"], ["audit", "list"]):
            self.assertEqual(self.refused(*words, nobody),
                             f'partywall: there is no company "{nobody}"\n')
        self.assertEqual(self.refused("user", "disable", self.company, "nobody"),
                         'partywall: there is no user "nobody" in this company\n')
        other = parsed("company", "create", name("Else"), name("eve"), stdin=PASSWORD)
        self.refused("user", "disable", self.company, other["user"]["username"])

    def test_what_is_no_command_ends_with_2_and_help_with_0(self):
        for words in (["company"], ["company", "lost"], ["company", "show"], ["user", "list", "--x"],
                      ["session", "revoke", self.company], ["audit", "list", self.company, "--limit",
                                                            "0"]):
            self.assertTrue(self.refused(*words, status=2))
        for words in (["company"], ["company", "create"], ["user", "passwd"], ["session", "list"],
                      ["invite"], ["audit", "list"], ["migrate"], ["migrate", "status"]):
            self.assertIn("Usage:", answer_without_config(*words, "--help"))

    def test_a_word_that_is_no_command_is_named(self):
        for words, said in (
                (["serv"], '"serv" is no command; `partywall --help`'),
                (["serv", "-c", "x"], '"serv" is no command; `partywall --help`'),
                (["--config", "x", "serve"], "--config"),
                (["company", "lits"], '"lits" is no command; `partywall company --help`'),
                (["company", "lits", "--json"], '"lits" is no command; `partywall company --help`'),
                (["migrate", "upp"], "upp"),
                (["check-config", "extra"], "extra")):
            done = subprocess.run([stack.env["BINARY"], *words], text=True, capture_output=True)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(said, done.stderr)
        self.assertIn("COMPANY is required", self.refused("company", "show", status=2))

    # ---- the database ----

    def away(self, database="/nowhere/db.sock"):
        """A configuration of a database that is not there."""
        config = stack.state / f"{name('away')}.toml"
        config.write_text(stack.settings(database))
        self.addCleanup(config.unlink)
        return config

    def test_without_a_database_every_command_says_which_one_and_why(self):
        config = self.away()
        for words in (["company", "list"], ["invite", "Acme"], ["audit", "list", "Acme"], ["migrate"],
                      ["migrate", "status"]):
            done = subprocess.run([stack.env["BINARY"], *words, "-c", config], text=True,
                                  capture_output=True, timeout=60)
            status = 75 if words[0] == "migrate" else 1  # trying again is all that it needs
            self.assertEqual((done.returncode, done.stdout), (status, ""))
            self.assertTrue(done.stderr.startswith(
                "partywall: the database is away (unix socket /nowhere/db.sock): "), done.stderr)
            self.assertIn("(error 2002)", done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)
        config = self.away({"host": "127.0.0.1", "port": 1})
        done = subprocess.run([stack.env["BINARY"], "company", "list", "-c", config], text=True,
                              capture_output=True, timeout=60)
        self.assertTrue(done.stderr.startswith("partywall: the database is away (127.0.0.1:1): "),
                        done.stderr)

    def test_check_config_asks_the_database(self):
        place = stack.env["DB_SOCKET"] and f"unix socket {stack.env['DB_SOCKET']}" or \
            f"{stack.env['DB_HOST']}:{stack.env['DB_PORT']}"
        self.assertEqual(answer("check-config"), f"{stack.config} is fine\nthe database answers "
                                                 f"{stack.env['DB_USER']} ({place})\n")
        config = self.away()

        def check(*words):
            done = subprocess.run([stack.env["BINARY"], "check-config", *words, "-c", config],
                                  text=True, capture_output=True, timeout=60)
            return done.returncode, done.stdout, done.stderr
        status, out, err = check()
        self.assertEqual((status, out), (1, f"{config} is fine\n"))
        self.assertIn("the database is away (unix socket /nowhere/db.sock): ", err)
        self.assertEqual(check("--no-database"), (0, f"{config} is fine\n", ""))
        # Before the first migration it answers, and nothing is wrong with the configuration.
        database = f"{stack.env['DB_NAME']}_nobody_made"
        config.write_text(stack.settings(name=database))
        status, out, err = check()
        self.assertEqual((status, err), (0, ""))
        self.assertIn(", but is not ready: the account of [database] has no rights there yet.", out)
        # A password that is wrong is.
        secret = stack.state / name("password")
        secret.write_text("wrong\n")
        secret.chmod(0o600)
        self.addCleanup(secret.unlink)
        config.write_text(stack.settings(password_file=str(secret)))
        status, out, err = check()
        self.assertEqual(status, 1)
        self.assertIn("Access denied", err)

    def test_status_shows_whether_the_database_is_up(self):
        self.assertRegex(answer("status"), r"(?m)^database +up$")
        self.assertEqual(parsed("status")["database"], "up")
        config = self.away()
        shown = subprocess.run([stack.env["BINARY"], "status", "-c", config], text=True,
                               capture_output=True, timeout=60, check=True).stdout
        self.assertRegex(shown, r"(?m)^database +away$")
        self.assertRegex(shown, r"(?m)^database_problem +the database is away \(unix socket /nowhere")

    def test_migrate_says_what_is_applied_and_what_it_would_do(self):
        steps = parsed("migrate", "status")
        self.assertEqual({step["state"] for step in steps}, {"applied"})
        self.assertEqual(len(STEP.findall(answer("migrate", "status"))), len(steps))
        self.assertEqual(answer("migrate", "--dry-run"), "")
        for words in (["migrate"], ["migrate", "up"]):
            self.assertEqual(answer(*words), "the schema is up to date\n")


def answer_without_config(*words):
    done = subprocess.run([stack.env["BINARY"], *words], text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, done
    return done.stdout


if __name__ == "__main__":
    unittest.main()
