#!/usr/bin/env python3
"""tests/api/bad_days_test.py — what a host does on its bad days: no connection left, connections that were ended
for being idle, a log without room, a clock that is set, a certificate that is renewed. (The database that stops,
hangs or takes no writes: database_away_test.py; that has no room: disk_full_test.py.)"""
import base64
import contextlib
import glob
import json
import os
import signal
import ssl
import subprocess
import tempfile
import unittest
import uuid

from client import PASSWORD, FastCgi
from support import App, Hammer, Stack, children, eventually
from tls_site import NAME, Site

USERS, MESSAGES, ME = "/api/v1/accounts/users/", "/api/v1/user-messages/", "/api/v1/auth/me"
SIGN_UP, TOKEN = "/api/v1/accounts/", "/api/v1/auth/token/"
DAY = 24 * 3600


def setUpModule():
    global stack
    stack = Stack.own(workers=2)


class Person:
    """Somebody who asks an application without nginx, by name and password with each request."""

    def __init__(self, app):
        self.app, self.name = app, f"u{uuid.uuid4().hex[:12]}"
        self.user = json.loads(self.must(201, self.sign_up(self.name)).body)["user"]
        colleague = {"username": f"b{self.name}", "password": PASSWORD}
        self.colleague = json.loads(self.must(201, self.send("POST", USERS, colleague, **self.basic())).body)

    def sign_up(self, name=None):
        user = {"username": name or f"u{uuid.uuid4().hex[:12]}", "password": PASSWORD}
        return self.send("POST", SIGN_UP, {"company": {"name": "X", "address": ""}, "user": user})

    def send(self, method, path, body=None, **headers):
        content = b"" if body is None else json.dumps(body).encode()
        return FastCgi(self.app.socket).ask(method, path, content, **headers)

    def basic(self):
        secret = base64.b64encode(f"{self.name}:{PASSWORD}".encode()).decode()
        return {"HTTP_AUTHORIZATION": f"Basic {secret}"}

    def ask(self, path=USERS):
        return self.send("GET", path, **self.basic())

    def write(self):
        return self.send("POST", MESSAGES, {"to_user": self.colleague["url"], "text": "x"}, **self.basic())

    def must(self, status, answer):
        assert answer.status == status, (answer.status, answer.body)
        return answer


class BadDay(unittest.TestCase):
    def assert_unavailable(self, answer):
        self.assertEqual(answer.status, 503, answer.body)
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)


class Connections(BadDay):
    def test_where_none_is_left_who_has_one_is_served_and_the_others_say_503_until_there_is(self):
        client = stack.client().sign_up()
        for _ in range(6):
            client.must(200, client.get(USERS))  # by both workers
        with contextlib.ExitStack() as held:
            stack.as_root("SET GLOBAL max_connections = 10")
            held.callback(stack.as_root, "SET GLOBAL max_connections = 300")
            taken = []
            while True:
                taken.append(held.enter_context(stack.sql("SELECT 1;\n", "OWNER")))
                held.callback(taken[-1].stdin.close)
                if taken[-1].stdout.readline() != "1\n":
                    break
            with App(stack, workers=1) as app:
                def ask(path):
                    return FastCgi(app.socket).ask("GET", path)
                self.assertEqual(ask("/healthz").status, 200)
                self.assert_unavailable(ask("/readyz"))
                self.assert_unavailable(ask(USERS + "?x=1"))
                self.assertIn("Too many connections", app.log())
                self.assertEqual(client.get(USERS).status, 200)
                self.assertEqual(client.post(MESSAGES, {"to_user": client.colleague["url"], "text": "x"}).status, 201)
                workers = app.full()
                taken[0].stdin.close()
                taken[0].wait()
                eventually(lambda: ask("/readyz").status == 200, "a connection")
                self.assertEqual(app.full(), workers)

    def test_one_that_the_database_ended_for_being_idle_fails_neither_a_read_nor_a_write(self):
        ours = ("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'partywall'"
                " AND id > {}").format(*stack.as_root("SELECT CONNECTION_ID()"))
        stack.as_root("SET GLOBAL wait_timeout = 3")
        self.addCleanup(stack.as_root, "SET GLOBAL wait_timeout = 28800")
        with App(stack, workers=1) as app:
            person = Person(app)
            for ask, status in ((person.ask, 200), (person.sign_up, 201)):
                # The other one is that of the process that reads what changed, once a second.
                eventually(lambda: stack.as_root(ours) == ["1"], "the end of an idle connection")
                self.assertEqual(ask().status, status)


class Log(BadDay):
    def test_whose_disk_is_full_fails_no_request(self):
        class Mute(App):
            def start(self):
                self.command = ["bash", "-c", 'exec "$@" 2>/dev/full', "bash", *self.command]
                super().start()

            def __enter__(self):
                eventually(lambda: os.path.exists(self.socket), "a socket")
                return self

        with Mute(stack, workers=1) as app:
            person = Person(app)
            self.assertEqual((person.ask().status, person.sign_up().status), (200, 201))
            self.assertEqual(person.ask("/readyz").status, 200)


class Clock(BadDay):
    """Of the application alone, as libfaketime shows it: the database's is right."""

    def setUp(self):
        library, *_ = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="partywall-clock."))
        self.set(0)
        self.app = self.enterContext(App(stack, workers=1, env={
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": f"{self.folder}/now", "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1"}))
        self.person = Person(self.app)

    def set(self, seconds):
        with open(f"{self.folder}/next", "w") as file:
            file.write(f"{seconds:+d}\n")
        os.rename(f"{self.folder}/next", f"{self.folder}/now")

    def log_in(self):
        answer = self.person.send("POST", "/api/v1/auth/login/",
                                  {"username": self.person.name, "password": PASSWORD})
        self.assertEqual(answer.status, 200, answer.body)
        cookies = [each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie")]
        return {"HTTP_COOKIE": "; ".join(cookies)}

    def status(self, session):
        return self.person.send("GET", ME, **session).status

    def test_a_session_ends_while_it_is_ahead_and_is_back_when_the_clock_is(self):
        session = self.log_in()
        self.set(15 * DAY)
        self.assertEqual(self.status(session), 401)
        self.set(0)
        self.assertEqual(self.status(session), 200)

    def test_what_was_made_while_it_was_ahead_is_good_when_the_clock_is_back(self):
        self.set(2 * DAY)
        session = self.log_in()
        pair = json.loads(self.person.send("POST", TOKEN, {
            "username": self.person.name, "password": PASSWORD}).body)
        self.assertEqual(self.person.write().status, 201)
        self.set(0)
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {pair['access']}"}
        self.assertEqual((self.status(session), self.status(bearer)), (200, 200))

    def test_what_is_written_after_it_was_set_back_has_the_right_date_and_all_stays_whole(self):
        self.set(2 * DAY)
        self.assertEqual(self.person.write().status, 201)
        self.set(0)
        self.assertEqual(self.person.write().status, 201)
        self.set(-2 * DAY)
        self.assertEqual(self.person.write().status, 201)
        days = stack.as_owner("SELECT ROUND(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), date) / 86400) FROM user_messages"
                              f" WHERE from_user = UNHEX(REPLACE('{self.person.user['id']}', '-', '')) ORDER BY 1;")
        self.assertEqual([int(each) for each in days], [-2, 0, 2])
        company = stack.as_owner("SELECT HEX(company_id) FROM users WHERE username ="
                                 f" '{self.person.name}';")[0]
        status, out, err = stack.type_in("check", str(uuid.UUID(company)))
        self.assertEqual(status, 0, out + err)

    def test_wrong_passwords_are_counted_and_forgotten_whichever_way_it_is_set(self):
        def guess():
            return self.person.send("POST", TOKEN, {"username": self.person.name, "password": "Wrong-1234!"},
                                    REMOTE_ADDR="127.0.0.7").status
        self.assertEqual([guess() for _ in range(6)], [401] * 5 + [429])
        for offset in (DAY, -DAY):
            self.set(offset)
            self.assertEqual(guess(), 401)


def writes_to_a_full_disk(pid):
    """Whether one of the files that a process has open is on one."""
    with contextlib.suppress(OSError):  # a file that it closes meanwhile
        return "/dev/full" in [os.readlink(each) for each in glob.glob(f"/proc/{pid}/fd/*")]


class Nginx(unittest.TestCase):
    def test_a_renewed_one_is_shown_after_a_reload_which_fails_no_request(self):
        with Site(stack) as site:
            old = (site.folder / "cert.pem").read_text()

            def serial():
                return ssl.get_server_certificate(("127.0.0.1", site.https))

            def trust(*texts):
                return ssl.create_default_context(cadata="\n".join(texts))
            self.assertEqual(serial().split(), old.split())
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                            "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
                            "-keyout", site.folder / "new-key.pem", "-out", site.folder / "new-cert.pem"],
                           check=True, capture_output=True)
            new = (site.folder / "new-cert.pem").read_text()
            both = trust(old, new)
            with Hammer(lambda: site.ask("GET", "/readyz", context=both), threads=3) as hammer:
                for name in ("key.pem", "cert.pem"):
                    (site.folder / f"new-{name}").rename(site.folder / name)
                site.reload()
                eventually(lambda: serial().split() == new.split(), "the new certificate")
                hammer.go_on()
            self.assertEqual(hammer.failures, [])

    def test_the_disk_of_nginxs_own_logs_may_be_full(self):
        with Site(stack) as site:
            for name in ("access.log", "refused.log", "error.log"):
                (site.folder / name).unlink(missing_ok=True)
                (site.folder / name).symlink_to("/dev/full")
            site.process.send_signal(signal.SIGUSR1)  # opens them again
            eventually(lambda: all(map(writes_to_a_full_disk, children(site.process.pid))), "full logs")
            self.assertEqual(site.ask("GET", "/readyz").status, 200)
            self.assertEqual(site.ask("GET", USERS).status, 401)


if __name__ == "__main__":
    unittest.main()
