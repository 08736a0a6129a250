#!/usr/bin/env python3
"""tests/api/commands_test.py — what all commands have in common: exit statuses, outputs, the database."""
import os
import re
import subprocess
import unittest
import uuid

from client import PASSWORD
from commands import Operator, answer, answer_without_config, name, parsed, stack

STEP = re.compile(r"^\d{4}_\w+ +applied +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", re.M)


class Words(Operator):
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
                (["serv", "--help"], '"serv" is no command; `partywall --help`'),
                (["serv", "--version"], '"serv" is no command; `partywall --help`'),
                (["company", "lits", "-h"], '"lits" is no command; `partywall company --help`'),
                (["company", "lits", "--json"], '"lits" is no command; `partywall company --help`'),
                (["migrate", "upp"], "upp"),
                (["check-config", "extra"], "extra")):
            done = subprocess.run([stack.env["BINARY"], *words], text=True, capture_output=True)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(said, done.stderr)
        self.assertIn("COMPANY is required", self.refused("company", "show", status=2))


class Database(unittest.TestCase):
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
            self.assertEqual((done.returncode, done.stdout), (75, ""))  # trying again is all that it needs
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
        # So is one of [exports] that is another host's.
        right = f'password_file = "{stack.env["EXPORTS_PASSWORD_FILE"]}"'
        self.assertIn(right, stack.settings())
        config.write_text(stack.settings().replace(right, f'password_file = "{secret}"'))
        status, out, err = check()
        self.assertEqual(status, 1)
        self.assertIn("the database answers", out)
        self.assertRegex(err, r"^partywall: \[exports\]: .*Access denied")

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


if __name__ == "__main__":
    unittest.main()
