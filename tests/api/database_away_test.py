#!/usr/bin/env python3
"""tests/api/database_away_test.py — the database stops, hangs, takes no writes, and comes back.

On a private MariaDB, whichever server the other tests use.
"""
import json
import os
import pathlib
import signal
import subprocess
import threading
import time
import unittest
import uuid

from client import PASSWORD, FastCgi
from support import App, Stack, eventually, run_script

READ_TIMEOUT = 2
MARGIN = 3  # seconds, for a machine that has other things to do
USERS = "/api/v1/accounts/users/"
LOGIN = "/api/v1/auth/login/"
MESSAGES = "/api/v1/user-messages/"
# Ends the next connection that writes a message, while it does.
KILL_A_WRITER = """DELIMITER //
BEGIN NOT ATOMIC
  DECLARE writer BIGINT;
  REPEAT
    SELECT MAX(id) INTO writer FROM information_schema.processlist
     WHERE info LIKE 'INSERT INTO user_messages%';
  UNTIL writer IS NOT NULL END REPEAT;
  KILL writer;
END //
"""
FULL = """CREATE TRIGGER full BEFORE INSERT ON companies FOR EACH ROW
  SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114;
"""


def setUpModule():
    global stack, client
    stack = Stack.own(workers=2)
    stack.do("app-stop")
    stack.config.write_text(stack.settings(read_timeout_seconds=READ_TIMEOUT,
                                           connect_timeout_seconds=1))
    stack.do("app-start")
    client = stack.client().sign_up()


def is_well():
    """Whether every worker answers with the database's help; the workers take turns at random."""
    return all(client.get(path).status == 200 for path in ["/readyz", USERS] * 5)


def hang():
    """Stops the database as it is: connections stay open, and nothing is answered."""
    pid = stack.pid("mariadbd")
    os.kill(pid, signal.SIGSTOP)
    threads = pathlib.Path(f"/proc/{pid}/task")  # they stop one by one
    eventually(lambda: all(") T " in stat.read_text() for stat in threads.glob("*/stat")), "a stop")


def go_on():
    os.kill(stack.pid("mariadbd"), signal.SIGCONT)


class DatabaseAway(unittest.TestCase):
    def tearDown(self):
        stack.do("db-start")  # does nothing when it is there
        go_on()
        eventually(is_well, "recovery")

    def assert_unavailable(self, answer):
        self.assertEqual(answer.status, 503)
        said = answer.json()
        said.pop("hint", None)  # a probe has none
        self.assertEqual(said, {"detail": "Service is temporarily unavailable."})
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)

    def assert_away(self):
        """All is as it should be without a database, and nobody waits longer than promised."""
        def asked(*request):
            start = time.monotonic()
            answer = client.send(*request)
            self.assertLess(time.monotonic() - start, READ_TIMEOUT + MARGIN, request)
            return answer
        login = {"username": client.name, "password": PASSWORD}
        account = {"company": {"name": "X"}, "user": {**login, "username": "c" + client.name}}
        message = {"to_user": client.colleague["url"], "text": "Is anybody there?"}
        for request in (("GET", USERS), ("POST", MESSAGES, message), ("POST", LOGIN, login),
                        ("POST", "/api/v1/accounts/", account)):
            self.assert_unavailable(asked(*request))
        self.assertEqual(asked("GET", "/readyz").status, 503)
        self.assertEqual(asked("GET", "/healthz").status, 200)

    def messages(self):
        return len(client.get(MESSAGES).json())

    def test_it_stops_and_all_is_well_within_5_s_of_its_return_in_the_same_workers(self):
        workers, messages = eventually(stack.full, "all workers"), self.messages()
        stack.do("db-stop")
        self.assert_away()
        stack.do("db-start")
        eventually(is_well, "recovery", seconds=5)
        self.assertEqual(stack.full(), workers)
        self.assertEqual(self.messages(), messages)

    def test_it_restarts_between_two_requests_and_a_read_does_not_notice(self):
        stack.do("db-stop")
        stack.do("db-start")
        self.assertTrue(is_well())

    def test_the_application_starts_without_it(self):
        stack.do("app-stop")
        stack.do("db-stop")
        stack.do("app-start")
        self.assert_away()
        workers = eventually(stack.full, "all workers")
        stack.do("db-start")
        eventually(is_well, "recovery", seconds=5)
        self.assertEqual(stack.full(), workers)

    def test_it_hangs_and_nobody_waits_longer_than_the_read_timeout(self):
        workers, messages = eventually(stack.full, "all workers"), self.messages()
        hang()
        self.assert_away()
        go_on()
        eventually(is_well, "recovery", seconds=5)
        self.assertEqual(stack.full(), workers)
        self.assertEqual(self.messages(), messages)

    def test_a_database_that_hangs_is_not_asked_twice(self):
        with App(stack, workers=1) as app:
            self.assertEqual(FastCgi(app.socket).ask("GET", "/readyz").status, 200)
            hang()
            self.assertEqual(FastCgi(app.socket).ask("GET", "/readyz").status, 503)
            self.assertEqual(app.metrics()["partywall_database_connects_total"], 1)

    def test_a_write_whose_connection_is_lost_is_not_repeated(self):
        messages, answers = self.messages(), []
        message = {"to_user": client.colleague["url"], "text": "Once"}
        post = threading.Thread(target=lambda: answers.append(client.post(MESSAGES, message)))
        with stack.sql("LOCK TABLES user_messages WRITE; SELECT 'locked';\n", "OWNER") as lock:
            self.assertEqual(lock.stdout.readline(), "locked\n")
            with stack.sql(KILL_A_WRITER) as killer:
                post.start()
                killer.stdin.close()
                self.assertEqual(killer.wait(timeout=30), 0)
            lock.stdin.close()
        post.join()
        self.assert_unavailable(*answers)
        self.assertEqual(self.messages(), messages)

    def test_a_database_that_takes_no_writes_is_not_ready_and_is_left_for_a_new_connection(self):
        workers, messages = eventually(stack.full, "all workers"), self.messages()
        message = {"to_user": client.colleague["url"], "text": "Written"}
        connects = "partywall_database_connects_total"
        stack.as_root("SET GLOBAL read_only = 1")
        try:
            self.assert_unavailable(client.post(MESSAGES, message))
            self.assertIn("--read-only option", stack.log())
            before = stack.metrics()[connects]
            for _ in range(10):
                self.assert_unavailable(client.get("/readyz"))
            self.assertGreaterEqual(stack.metrics()[connects], before + 8)
            self.assertEqual(client.get(MESSAGES).status, 200)
            self.assertEqual(client.get("/healthz").status, 200)
        finally:
            stack.as_root("SET GLOBAL read_only = 0")
        self.assertTrue(is_well())
        self.assertEqual(client.post(MESSAGES, message).status, 201)
        self.assertEqual(self.messages(), messages + 1)
        self.assertEqual(stack.full(), workers)

    def test_a_command_ends_with_75_so_that_a_script_knows_to_try_again(self):
        commands = ["check"], ["clean"], ["exports"], ["company", "list"], ["company", "show", client.company]
        stack.do("db-stop")
        for words in commands:
            status, _, err = stack.type_in(*words)
            self.assertEqual(status, 75, (words, err))
        stack.do("db-start")
        for words in commands:
            self.assertEqual(stack.type_in(*words)[0], 0, words)

    def test_a_table_that_is_locked_stalls_only_who_needs_it(self):
        stack.do("app-stop")  # after another test a worker may be about to connect
        stack.do("app-start")
        workers = eventually(stack.full, "all workers")
        message = {"to_user": client.colleague["url"], "text": "Locked out"}
        messages, answers = self.messages(), []
        post = threading.Thread(target=lambda: answers.append(client.post(MESSAGES, message)))
        with stack.sql("LOCK TABLES user_messages WRITE; SELECT 'locked';\n", "OWNER") as lock:
            self.assertEqual(lock.stdout.readline(), "locked\n")
            post.start()
            while post.is_alive():
                self.assertEqual(client.get(USERS).status, 200)
            self.assert_unavailable(*answers)
            self.assert_unavailable(client.get(MESSAGES))
            lock.stdin.close()
        # Nobody waited for the read timeout, after which the connection is made anew.
        self.assertEqual(stack.metrics()["partywall_database_connects_total"], len(workers))
        self.assertEqual(self.messages(), messages)

    def test_a_database_without_tables_is_not_ready_until_it_is_migrated(self):
        run_script("add-db", stack.state, "empty")
        name, config = stack.env["DB_NAME"] + "_empty", stack.state / "partywall-empty.toml"
        with App(stack, name=name) as app:
            def ask(path):
                return FastCgi(app.socket).ask("GET", path)
            self.assertEqual(ask("/readyz").status, 200)
            stack.as_root(f"DROP DATABASE {name}; CREATE DATABASE {name}")
            for _ in range(5):  # by both workers
                self.assertEqual(ask("/readyz").status, 503)
                self.assertEqual(ask("/healthz").status, 200)
                self.assertEqual(ask(USERS).status, 503)
            subprocess.run([stack.env["BINARY"], "migrate", "-c", config], check=True,
                           stdout=subprocess.DEVNULL)
            eventually(lambda: all(ask("/readyz").status == 200 for _ in range(5)), "recovery")
            self.assertEqual(ask(USERS).status, 401)
            # Nor is one that the account has no rights to any more.
            stack.as_root(f"REVOKE ALL ON {name}.schema_migrations FROM {stack.env['DB_USER']}@localhost")
            for _ in range(5):
                self.assertEqual(ask("/readyz").status, 503)


class DatabaseFull(unittest.TestCase):
    def test_one_that_has_no_room_for_a_row_is_not_ready_until_a_write_finds_room(self):
        def ask(method, path, **body):
            return FastCgi(app.socket).ask(method, path, json.dumps(body).encode()).status

        def sign_up():
            user = {"username": f"u{uuid.uuid4().hex}", "password": PASSWORD}
            return ask("POST", "/api/v1/accounts/", company={"name": "X"}, user=user)
        with App(stack, workers=1) as app:
            self.assertEqual(ask("GET", "/readyz"), 200)
            with stack.sql(FULL, "OWNER") as sql:
                sql.stdin.close()
            try:
                self.assertEqual(sign_up(), 503)
                self.assertIn("the database is full", app.log())
                self.assertEqual(ask("GET", "/readyz"), 503)
                self.assertEqual(ask("GET", "/healthz"), 200)
            finally:
                stack.as_root(f"DROP TRIGGER {stack.env['DB_NAME']}.full")
            self.assertEqual(sign_up(), 201)
            self.assertEqual(ask("GET", "/readyz"), 200)


if __name__ == "__main__":
    unittest.main()
