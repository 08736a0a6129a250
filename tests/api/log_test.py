#!/usr/bin/env python3
"""tests/api/log_test.py — the log: a line for every answer, and no secret in it."""
import pathlib
import unittest

from client import PASSWORD, FastCgi
from support import App, Hammer, Stack, eventually

LOGIN = "/api/v1/auth/login/"
USERS = "/api/v1/accounts/users/"


def setUpModule():
    global stack
    stack = Stack.own(workers=2)


class Log(unittest.TestCase):
    def test_in_batches_loses_no_line_of_what_was_answered_however_busy_it_is(self):
        with App(stack, in_batches=True) as app:
            with Hammer(lambda: FastCgi(app.socket).ask("GET", "/healthz"), threads=8) as hammer:
                hammer.go_on(200)
            self.assertEqual(hammer.failures, [])
            eventually(lambda: app.log().count(" route=/healthz ") == hammer.done, "a line for each request")

    def test_every_answer_has_an_id_of_its_own_and_the_log_names_it(self):
        client = stack.client().sign_up()
        asked = {"/healthz": 200, USERS: 200, "/api/v1/nothing": 404}
        ids = []
        for path, status in asked.items():
            answer = client.get(path)
            self.assertEqual(answer.status, status)
            ids += answer.headers.get_all("X-Request-Id")
            line, = eventually(lambda: [line for line in stack.log().splitlines()
                                        if f"request={ids[-1]} " in line], "a line in the log")
            self.assertIn(f"status={status} ", line)
        ids += client.get("/nothing").headers.get_all("X-Request-Id")  # nginx's 404
        answer = client.post(USERS, b" " * (2 << 20))
        self.assertEqual(answer.status, 413)
        ids += answer.headers.get_all("X-Request-Id")
        stack.do("app-stop")
        self.addCleanup(stack.do, "app-start")
        answer = client.get(USERS)
        self.assertEqual((answer.status, answer.headers["Retry-After"]), (503, "1"))
        self.assertEqual(answer.json(), {"detail": "Service is temporarily unavailable."})
        ids += answer.headers.get_all("X-Request-Id")
        self.assertEqual(len(set(ids)), 6)
        for each in ids:
            self.assertRegex(each, "^[0-9a-f]{32}$")

    def test_what_nginx_refuses_is_in_its_log_with_the_id_that_the_refusal_names(self):
        client, log = stack.client().sign_up(), pathlib.Path(stack.env["NGINX_LOG"])
        before = log.read_text(errors="replace").count(" request=")
        self.assertEqual(client.get(USERS).status, 200)
        stack.do("app-stop")
        self.addCleanup(stack.do, "app-start")
        for path in ("/api/v1/%00", "/api/v2/%00", USERS, "/api/v2/customers/?" + "x" * 10_000, "/api/v2/customers/?x=1",
                     '/api/v2/%00"\\'):
            answer = client.raw(client.head("GET", path))
            name = answer.headers["X-Request-Id"]
            if "v2" in path:
                self.assertEqual(answer.json()["request_id"], name)
            line, = eventually(lambda: [line for line in log.read_text(errors="replace").splitlines()
                                        if f" request={name} " in line], "a line in nginx's log")
            self.assertIn(f" status={answer.status} address=127.0.0.1 ", line)
            self.assertIn(f' line="GET {path[:11]}', line)
            self.assertEqual(line.count('"'), 2)
        # One line each, and none of what was answered.
        self.assertEqual(log.read_text(errors="replace").count(" request=") - before, 6)

    def test_no_secret_is_written(self):
        client = stack.client().sign_up()
        secrets = [PASSWORD, "Wrong-2288-Pass!", "dGhlOmNyZWRlbnRpYWxz", "not-a-token-of-ours",
                   "What only Bob may read"]
        client.post(LOGIN, {"username": client.name, "password": secrets[1]})
        client.get(USERS, {"Cookie": "", "Authorization": f"Basic {secrets[2]}"})
        client.get(USERS, {"Cookie": "", "Authorization": f"Bearer {secrets[3]}"})
        message = {"to_user": client.colleague["url"], "text": secrets[4]}
        for body in (message, {**message, "to_user": "nobody"}, repr(message)):
            client.post("/api/v1/user-messages/", body)
        client.send("PATCH", USERS + client.user["id"],
                    {"password": secrets[1], "current_password": PASSWORD})
        stack.do("app-stop")  # nginx logs the requests that it cannot hand over
        self.addCleanup(stack.do, "app-start")
        last = client.post(LOGIN, {"username": client.name, "password": secrets[1]})
        logs = "".join(path.read_text(errors="replace")
                       for path in pathlib.Path(stack.state, "log").iterdir())
        self.assertIn("GET", logs)
        self.assertIn(LOGIN, logs)
        self.assertEqual(last.status, 503)
        for secret in [*secrets, *client.cookies.values()]:
            self.assertNotIn(secret, logs)


if __name__ == "__main__":
    unittest.main()
