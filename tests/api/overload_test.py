#!/usr/bin/env python3
"""tests/api/overload_test.py — more requests than workers: who waits, who is refused, who is dropped."""
import contextlib
import json
import os
import resource
import signal
import socket
import unittest

from client import FastCgi, read_answer
from support import App, Stack, children, eventually

LOGIN = "/api/v1/auth/login/"
USERS = "/api/v1/accounts/users/"
MESSAGES = "/api/v1/user-messages/"


def setUpModule():
    global stack
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a full queue takes 4,097
    stack = Stack.own(workers=4)


@contextlib.contextmanager
def busy(pool, workers, already=0):
    """Holds so many more workers with requests whose body does not come."""
    with contextlib.ExitStack() as held:
        for _ in range(workers):
            held.enter_context(FastCgi(pool.socket)).begin("POST", LOGIN, 2)
        eventually(lambda: pool.status()["busy"] == already + workers, "busy workers")
        yield


def busiest():
    """For how many milliseconds a worker has been at its present request, at most."""
    return max(each["busy_ms"] for each in stack.status()["processes"])


def descriptors(master):
    """How many files and sockets the processes of nginx have open."""
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in children(master))


class Overload(unittest.TestCase):
    def test_a_full_queue_is_a_json_503_at_once(self):
        with busy(stack, 4), contextlib.ExitStack() as queue:
            while self.enqueue(queue):
                pass
            answer = stack.client().get("/api/v1/auth/me")
        self.assertEqual(answer.status, 503)
        self.assertEqual(answer.json(), {"detail": "Service is temporarily unavailable."})
        self.assertEqual(answer.headers["Retry-After"], "1")
        eventually(lambda: stack.status()["queue"] == 0, "an empty queue")
        self.assertEqual(stack.client().get("/healthz").status, 200)

    def test_a_thousand_clients_wait_for_a_busy_pool_and_all_are_answered(self):
        with contextlib.ExitStack() as clients:
            with busy(stack, 4):
                waiting = [clients.enter_context(socket.create_connection(("127.0.0.1", stack.port)))
                           for _ in range(1000)]
                for each in waiting:
                    each.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                eventually(lambda: stack.status()["queue"] == 1000, "a thousand that wait")
            self.assertEqual({read_answer(each).status for each in waiting}, {200})

    @staticmethod
    def enqueue(queue):
        connection = queue.enter_context(socket.socket(socket.AF_UNIX))
        connection.setblocking(False)
        try:
            connection.connect(stack.socket)
            return True
        except BlockingIOError:
            return False

    def test_a_request_whose_client_has_gone_is_not_executed(self):
        client = stack.client().sign_up()
        before = stack.status()["abandoned"]
        body = json.dumps({"to_user": client.colleague["url"], "text": "Too late"}).encode()
        head = client.head("POST", MESSAGES, "Content-Type: application/json",
                           f"Content-Length: {len(body)}")
        with busy(stack, 4):
            idle = descriptors(stack.pid("nginx"))
            with socket.create_connection(("127.0.0.1", stack.port)) as gone:
                gone.sendall(head + body)
                eventually(lambda: stack.status()["queue"] == 1, "a request that waits")
            eventually(lambda: descriptors(stack.pid("nginx")) == idle, "nginx's noticing it")
        # Its end, and those of the four that held the workers and have hung up as well.
        eventually(lambda: stack.status()["abandoned"] == before + 5, "its end")
        self.assertEqual(client.get(MESSAGES).json(), [])


class Fairness(unittest.TestCase):
    def test_a_company_that_holds_more_than_its_share_of_a_busy_pool_is_refused_first(self):
        noisy, quiet, stranger = stack.client().sign_up(), stack.client().sign_up(), stack.client()
        # Names the noisy company, and must not learn that it is noisy.
        stranger.cookies["sessionid"] = noisy.cookies["sessionid"][:-8] + "A" * 8
        with contextlib.ExitStack() as held:
            # Two of the noisy company's requests are under way: they wait for a row that is locked.
            lock = held.enter_context(stack.sql(
                f"START TRANSACTION; SELECT 'locked' FROM users WHERE id = "
                f"UNHEX(REPLACE('{noisy.user['id']}', '-', '')) FOR UPDATE;\n", account="OWNER"))
            lock.stdout.readline()
            waiting = [held.enter_context(socket.create_connection(("127.0.0.1", stack.port)))
                       for _ in range(2)]
            body = b'{"role": "admin"}'
            for connection in waiting:
                connection.sendall(noisy.head(
                    "PATCH", USERS + noisy.user["id"], "Content-Type: application/json",
                    f"Content-Length: {len(body)}", 'If-Match: "none"') + body)
            eventually(lambda: stack.status()["busy"] == 2, "two busy workers")
            # A worker is free: there is enough for everybody.
            self.assertEqual(noisy.get(USERS).status, 200)
            self.assertEqual(quiet.get(USERS).status, 200)
            # One of the others stays busy to the end: the last worker answers all of these.
            with busy(stack, 1, already=2), contextlib.ExitStack() as last:
                last.enter_context(busy(stack, 1, already=3))
                asking = [held.enter_context(socket.create_connection(("127.0.0.1", stack.port)))
                          for _ in range(3)]
                for client, connection in zip((quiet, stranger, noisy), asking):
                    connection.sendall(client.head("GET", USERS))
                eventually(lambda: stack.status()["queue"] == 3, "three requests that wait")
                began = busiest()
                eventually(lambda: busiest() > began + 500, "a long wait: it is for those only")
                last.close()
                served, unknown, refused = map(read_answer, asking)
            lock.stdin.write("ROLLBACK;\n")
            lock.stdin.close()
            for connection in waiting:
                self.assertIn(read_answer(connection).status, (412, 503))
        self.assertEqual(refused.status, 503)
        self.assertEqual(refused.json()["detail"],
                         "Your company has many requests under way. Try again soon.")
        self.assertTrue(refused.headers["Retry-After"])
        self.assertEqual(unknown.status, 401)
        self.assertEqual(served.status, 200)
        eventually(lambda: stack.status()["busy"] == 0, "idle workers")
        self.assertEqual(noisy.get(USERS).status, 200)


class Status(unittest.TestCase):
    def test_it_shows_the_pool_and_its_workers(self):
        with App(stack, workers=2) as app:
            eventually(lambda: app.status()["idle"] == 2, "idle workers")
            FastCgi(app.socket).ask("GET", "/healthz")
            eventually(lambda: app.status()["requests"] == 1, "the request")
            with busy(app, 1):
                shown = app.status()
            self.assertEqual(shown["master"], app.process.pid)
            self.assertEqual((shown["workers"], shown["idle"], shown["busy"]), (2, 1, 1))
            self.assertEqual({each["pid"] for each in shown["processes"]}, app.workers())
            self.assertEqual(sorted(each["state"] for each in shown["processes"]), ["busy", "idle"])

    def test_a_worker_that_a_reload_takes_away_is_neither_shown_nor_counted(self):
        with App(stack, workers=3) as app:
            app.config.write_text(app.config.read_text().replace("workers = 3", "workers = 1"))
            app.process.send_signal(signal.SIGHUP)
            eventually(lambda: len(app.workers()) == 1, "a smaller pool")
            eventually(lambda: app.status()["idle"] == 1, "one idle worker")
            self.assertEqual({each["pid"] for each in app.status()["processes"]}, app.workers())

    def test_a_slow_request_is_a_warning_in_the_log(self):
        with App(stack, workers=1) as app:
            FastCgi(app.socket).ask("GET", "/healthz")
            eventually(lambda: app.log().count("route=/healthz"), "a line")
            self.assertNotIn("slow=", app.log())
        with App(stack, workers=1, slow_request_millis=1) as app:
            with FastCgi(app.socket) as slow:
                slow.begin("POST", LOGIN, 2)
                eventually(lambda: app.status()["processes"][0]["busy_ms"] > 1, "a slow request")
                slow.stream(slow.STDIN, b"{}")
                self.assertEqual(slow.end().status, 400)
            line, = eventually(lambda: [line for line in app.log().splitlines() if LOGIN in line], "it")
            self.assertRegex(line, r"^<4>.* slow=yes$")


if __name__ == "__main__":
    unittest.main()
