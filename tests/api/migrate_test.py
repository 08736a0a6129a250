#!/usr/bin/env python3
"""tests/api/migrate_test.py — `partywall migrate` and the schema that `partywall serve` asks for.

On a private MariaDB, whichever server the other tests use.
"""
import pathlib
import re
import subprocess
import unittest
import unittest.mock

from client import FastCgi
from support import App, REPOSITORY, Stack, eventually

NAMES = sorted(path.stem for path in (REPOSITORY / "sql").glob("*.sql"))


def setUpModule():
    global stack
    stack = Stack.own(workers=2)


def start(*words, config=None):
    """A `partywall` of that command, running."""
    return subprocess.Popen([stack.env["BINARY"], *words, "-c", config or stack.config], text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def recorded():
    return stack.as_owner("SELECT name FROM schema_migrations WHERE applied_at IS NOT NULL ORDER BY name;")


def is_waiting(text):
    """Whether a statement that begins so waits for a table."""
    return stack.as_owner("SELECT id FROM information_schema.processlist WHERE state LIKE"
                          f" 'Waiting for table metadata lock%' AND info LIKE '%{text}%' AND id <>"
                          " CONNECTION_ID();")


class Migrate(unittest.TestCase):
    def setUp(self):
        name = stack.env["DB_NAME"]
        stack.as_owner(f"DROP DATABASE {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4;")

    def test_four_at_once_apply_each_once(self):
        processes = [start("migrate") for _ in range(4)]
        outputs = [process.communicate(timeout=60) for process in processes]
        self.assertEqual([process.returncode for process in processes], [0] * 4, outputs)
        applied = re.findall(r"^applied (\S+)$", "".join(out for out, _ in outputs), re.M)
        self.assertEqual(applied, NAMES)
        self.assertEqual(recorded(), NAMES)

    def test_one_that_is_killed_in_the_middle_of_a_statement_is_finished_by_the_next(self):
        self.assertEqual(stack.type_in("migrate")[0], 0)
        stack.as_owner("DELETE FROM schema_migrations WHERE name = '0011_suspensions';"
                       " ALTER TABLE companies DROP COLUMN suspended_at;")
        with stack.sql("START TRANSACTION; SELECT COUNT(*) FROM companies;\n") as reader:
            self.assertEqual(reader.stdout.readline(), "0\n")
            killed = start("migrate")
            eventually(lambda: is_waiting("ADD COLUMN suspended_at"), "a statement that waits")
            killed.kill()
            killed.communicate()
            reader.stdin.close()
        self.assertEqual(stack.type_in("migrate"), (0, "applied 0011_suspensions\n", unittest.mock.ANY))
        self.assertEqual(recorded(), NAMES)
        self.assertEqual(stack.query("SELECT suspended_at FROM companies"), [])

    def test_one_that_has_to_wait_for_another_is_not_ended_by_the_read_timeout(self):
        config = stack.state / "impatient.toml"
        config.write_text(stack.settings(read_timeout_seconds=1))
        config.chmod(0o600)
        self.assertEqual(stack.type_in("migrate")[0], 0)
        # The first table that it asks for is somebody else's for twice the read timeout.
        with stack.sql("LOCK TABLES schema_migrations WRITE; SELECT 'held';\n", "OWNER") as holder:
            self.assertEqual(holder.stdout.readline(), "held\n")
            waiting = start("migrate", config=config)
            eventually(lambda: stack.as_owner(
                "SELECT id FROM information_schema.processlist WHERE time_ms > 2000 AND state LIKE"
                " 'Waiting for table metadata lock%';"), "a wait of two seconds")
            holder.stdin.close()
        self.assertEqual(waiting.communicate(timeout=60)[0], "the schema is up to date\n")
        self.assertEqual(waiting.returncode, 0)


    def test_what_passes_has_an_exit_status_of_its_own(self):
        stack.do("db-stop")
        self.addCleanup(stack.do, "db-start")
        self.assertEqual(stack.type_in("migrate")[0], 75)


class Serve(unittest.TestCase):
    def setUp(self):
        self.assertEqual(stack.type_in("migrate")[0], 0)

    def tearDown(self):
        stack.as_owner("DELETE FROM schema_migrations WHERE number > 9000;")
        stack.do("db-start")
        self.assertEqual(stack.type_in("migrate")[0], 0)

    def newer(self, oldest="999.0.0"):
        """As a program does that leaves room for this one and those since."""
        stack.as_owner("INSERT INTO schema_migrations (number, name, checksum, oldest_program)"
                       f" VALUES (9001, '9001_probe', '', '{oldest}');")

    def older(self):
        stack.as_owner("DELETE FROM schema_migrations WHERE name = '0012_audit'; DROP TABLE audit;")

    def test_a_schema_that_is_newer_by_one_release_is_served_also_while_it_is_being_migrated(self):
        version = subprocess.check_output([stack.env["BINARY"], "--version"], text=True)
        self.newer(version.split()[1])
        self.assertEqual(stack.type_in("migrate"), (0, "the schema is up to date\n", ""))
        with App(stack) as app:
            self.assertEqual(FastCgi(app.socket).ask("GET", "/readyz").status, 200)
            self.assertEqual(FastCgi(app.socket).ask("GET", "/api/v1/auth/me").status, 401)

    def test_a_schema_that_is_newer_by_more_is_refused_and_the_way_on_is_named(self):
        self.newer()
        status, _, said = stack.type_in("serve", config=self.config())
        self.assertEqual(status, 1)
        self.assertIn("newer than this program: it does not know 9001_probe, which needs 999.0.0", said)
        self.assertEqual(stack.type_in("migrate")[0], 1)
        self.assertIn("Install", said)

    def test_an_older_schema_is_refused_and_the_way_on_is_named(self):
        self.older()
        status, _, said = stack.type_in("serve", config=self.config())
        self.assertEqual(status, 1)
        self.assertIn("older than this program: 0012_audit is pending", said)
        self.assertIn("Run `partywall migrate`", said)

    def test_a_schema_that_comes_back_older_is_not_served_until_it_is_migrated(self):
        self.older()
        stack.do("db-stop")
        with App(stack) as app:
            workers = app.workers()
            stack.do("db-start")
            for path in ("/readyz", "/api/v1/accounts/users/"):
                self.assertEqual(FastCgi(app.socket).ask("GET", path).status, 503)
            self.assertEqual(FastCgi(app.socket).ask("GET", "/healthz").status, 200)
            self.assertIn("Run `partywall migrate`", app.log())
            self.assertEqual(stack.type_in("migrate")[0], 0)
            self.assertEqual(FastCgi(app.socket).ask("GET", "/readyz").status, 200)
            self.assertEqual(app.workers(), workers)

    def test_a_pool_that_runs_is_not_stopped_by_a_newer_schema(self):
        with App(stack) as app:
            self.assertEqual(FastCgi(app.socket).ask("GET", "/readyz").status, 200)
            self.newer()
            for _ in range(4):
                self.assertEqual(FastCgi(app.socket).ask("GET", "/readyz").status, 200)

    @staticmethod
    def config():
        """A configuration with a socket of its own."""
        path = pathlib.Path(stack.state, "beside.toml")
        path.write_text(stack.settings(socket=str(stack.state / "run" / "beside.sock")))
        return path


if __name__ == "__main__":
    unittest.main()
