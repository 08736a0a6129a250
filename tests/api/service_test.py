#!/usr/bin/env python3
"""tests/api/service_test.py — the service as systemd runs it: the socket that is handed over, what it
is told and in which order, and restarts and reloads under load."""
import os
import pathlib
import random
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from client import FastCgi
from support import App, Hammer, Stack, eventually

LOGIN = "/api/v1/auth/login/"
USERS = "/api/v1/accounts/users/"
MESSAGES = "/api/v1/user-messages/"


def setUpModule():
    global stack
    stack = Stack.own(workers=2)


class Manager:
    """What systemd listens on: each message as a dictionary, in order."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="partywall-notify.")
        self.path = self.folder.name + "/notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.setblocking(False)
        self.messages = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.folder.cleanup()

    def poll(self):
        while True:
            try:
                text = self.socket.recv(65536).decode()
            except BlockingIOError:
                return self.messages
            self.messages.append(dict(line.split("=", 1) for line in text.split("\n")))

    def states(self):
        """The words of state alone, in order: without the signs of life."""
        return [word for message in self.poll() for word in message
                if word in ("READY", "RELOADING", "STOPPING")]

    def wait(self, *states):
        eventually(lambda: len(self.states()) >= len(states), f"{states}", seconds=60)
        assert self.states() == list(states), self.messages

    def status(self):
        """What `systemctl status` shows."""
        return [message["STATUS"] for message in self.poll() if "STATUS" in message][-1]


class Told(unittest.TestCase):
    def test_ready_is_said_only_when_a_worker_has_the_database(self):
        with Manager() as manager, tempfile.TemporaryDirectory(prefix="partywall-db.") as folder:
            absent = pathlib.Path(folder, "db.sock")
            with App(stack, env={"NOTIFY_SOCKET": manager.path}, database=absent) as app:
                self.assertEqual(FastCgi(app.socket).ask("GET", "/healthz").status, 200)
                self.assertEqual(FastCgi(app.socket).ask("GET", "/readyz").status, 503)
                # Each worker has asked in vain, and the first one at least once more.
                eventually(lambda: app.log().count("the database is away") > app.size + 1, "tries")
                self.assertEqual(manager.states(), [])
                self.assertEqual(manager.status(), "Waiting for the database")
                absent.symlink_to(stack.env["DB_SOCKET"])
                manager.wait("READY")
                self.assertEqual(manager.status(), "Serving with 2 workers")

    def test_a_reload_ends_with_the_last_old_worker_and_a_stop_is_announced(self):
        with Manager() as manager, App(stack, env={"NOTIFY_SOCKET": manager.path}) as app:
            manager.wait("READY")
            before = app.workers()
            with FastCgi(app.socket) as held:
                held.begin("POST", LOGIN, 2)
                eventually(lambda: app.metrics()["partywall_workers_busy"] == 2, "a held worker")
                app.process.send_signal(signal.SIGHUP)
                manager.wait("READY", "RELOADING")
                reloading = manager.messages[-1]
                self.assertLessEqual(int(reloading["MONOTONIC_USEC"]), time.monotonic_ns() // 1000)
                # The other one may be replaced meanwhile; this one goes on until it is through.
                eventually(lambda: app.log().count("replacing the workers") == 1, "a line")
                self.assertEqual(FastCgi(app.socket).ask("GET", "/healthz").status, 200)
                manager.wait("READY", "RELOADING")
                held.stream(held.STDIN, b"{}")
                self.assertEqual(held.end().status, 400)
            manager.wait("READY", "RELOADING", "READY")
            self.assertFalse(app.workers() & before)
            self.assertEqual(len(app.workers()), 2)
            with FastCgi(app.socket) as held:
                held.begin("POST", LOGIN, 2)
                eventually(lambda: app.metrics()["partywall_workers_busy"] == 2, "a held worker")
                app.process.terminate()
                manager.wait("READY", "RELOADING", "READY", "STOPPING")
                self.assertIsNone(app.process.poll())  # said before all is over
                held.stream(held.STDIN, b"{}")
                self.assertEqual(held.end().status, 400)
            self.assertEqual(app.process.wait(60), 0)
            manager.wait("READY", "RELOADING", "READY", "STOPPING")

    def test_signs_of_life_are_given_from_start_to_stop_where_they_are_wanted(self):
        def signs():
            return sum("WATCHDOG" in message for message in manager.poll())
        with Manager() as manager:
            env = {"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "500000"}
            with App(stack, env=env) as app, FastCgi(app.socket) as held:
                eventually(lambda: signs() > 2, "signs of life")
                held.begin("POST", LOGIN, 2)
                eventually(lambda: app.metrics()["partywall_workers_busy"] == 2, "a held worker")
                app.process.terminate()
                eventually(lambda: "STOPPING" in manager.states(), "a stop")
                count = signs()
                eventually(lambda: signs() > count, "signs of life while it stops")
        with Manager() as manager:
            env = {"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "500000", "WATCHDOG_PID": "1"}
            with App(stack, env=env) as app:  # they are wanted of another process
                manager.wait("READY")
                app.process.terminate()
                manager.wait("READY", "STOPPING")
                self.assertEqual(app.process.wait(60), 0)
                self.assertEqual(signs(), 0)


class Configuration(unittest.TestCase):
    def test_a_reload_with_a_broken_one_keeps_the_old_and_says_why(self):
        with Manager() as manager, App(stack, env={"NOTIFY_SOCKET": manager.path}) as app:
            manager.wait("READY")
            before, good = app.workers(), app.config.read_text()
            app.config.write_text(good.replace("workers = 2", "workers = many"))
            app.process.send_signal(signal.SIGHUP)
            manager.wait("READY", "RELOADING", "READY")
            number = good[:good.index("workers")].count("\n") + 1
            why = f"the configuration stays as it was: {app.config}:{number}:11: "
            self.assertTrue(manager.status().startswith(why), manager.status())
            self.assertIn(why, app.log())
            self.assertEqual(app.workers(), before)
            self.assertEqual(FastCgi(app.socket).ask("GET", "/readyz").status, 200)

            app.config.write_text(good)
            app.process.send_signal(signal.SIGHUP)
            manager.wait(*["READY", "RELOADING"] * 2, "READY")
            self.assertEqual(manager.status(), "Serving with 2 workers")
            self.assertFalse(app.workers() & before)

    def test_a_reload_makes_the_pool_larger_and_smaller(self):
        with Manager() as manager, App(stack, env={"NOTIFY_SOCKET": manager.path}) as app:
            manager.wait("READY")
            good = app.config.read_text()
            for count, workers in enumerate((5, 1), 1):
                text = good.replace("workers = 2", f"workers = {workers}")
                app.config.write_text(text.replace(app.socket, app.socket + "2"))
                app.process.send_signal(signal.SIGHUP)
                manager.wait(*["READY", "RELOADING"] * count, "READY")
                self.assertEqual(manager.status(), f"Serving with {workers} workers")
                self.assertEqual(len(app.workers()), workers)
                self.assertEqual(app.metrics()["partywall_workers"], workers)
            self.assertIn("[server] socket changes with a restart only", app.log())
            self.assertFalse(os.path.exists(app.socket + "2"))
            self.assertEqual(app.metrics()["partywall_worker_restarts_total"], 0)


class HandedOver(unittest.TestCase):
    def test_a_socket_that_was_handed_over_is_served_and_left_as_it_is(self):
        with tempfile.TemporaryDirectory(prefix="partywall-socket.") as folder, \
                socket.socket(socket.AF_UNIX) as listener:
            path = folder + "/app.sock"
            listener.bind(path)
            listener.listen(16)
            with App(stack, listener=listener) as app:
                self.assertEqual(FastCgi(path).ask("GET", "/readyz").status, 200)
                self.assertFalse(os.path.exists(app.socket))  # the configuration's
                app.process.terminate()
                self.assertEqual(app.process.wait(60), 0)
            self.assertTrue(os.path.exists(path))
            with FastCgi(path) as waiting:  # for the next start
                waiting.begin("GET", "/readyz")
                with App(stack, listener=listener):
                    self.assertEqual(waiting.end().status, 200)

    def test_it_may_be_a_tcp_socket_for_an_nginx_on_another_host(self):
        with socket.create_server(("127.0.0.1", 0)) as listener, App(stack, listener=listener):
            self.assertEqual(FastCgi(listener.getsockname()).ask("GET", "/readyz").status, 200)

    def test_anything_else_is_refused(self):
        def start(script):
            done = subprocess.run(["bash", "-c", script, stack.env["BINARY"], stack.config],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=60)
            return done.returncode, done.stderr
        serve = 'LISTEN_PID=$$ exec "$0" serve -c "$1" 3</dev/null 4</dev/null'
        self.assertEqual(start("LISTEN_FDS=1 " + serve),
                         (1, "partywall: what was handed over is no listening stream socket\n"))
        self.assertEqual(start("LISTEN_FDS=2 " + serve),
                         (1, "partywall: 2 sockets were handed over, not one\n"))


class UnderLoad(unittest.TestCase):
    """Through nginx, with reads and writes. The test holds the socket, as systemd does."""

    def setUp(self):
        client = stack.client().sign_up()

        def ask():
            if random.random() < 0.7:
                return client.get(USERS)
            return client.post(MESSAGES, {"to_user": client.colleague["url"], "text": "Hello"})
        self.hammer = Hammer(ask)
        stack.do("app-stop")
        self.addCleanup(stack.do, "app-start")
        self.listener = self.enterContext(socket.socket(socket.AF_UNIX))
        self.listener.bind(stack.socket)
        self.listener.listen(511)
        self.manager = self.enterContext(Manager())
        self.app = self.enterContext(App(stack, listener=self.listener,
                                         env={"NOTIFY_SOCKET": self.manager.path}))
        self.enterContext(self.hammer)
        self.manager.wait("READY")

    def tearDown(self):
        self.assertEqual(self.hammer.failures, [])

    def test_twenty_restarts_refuse_no_connection_and_fail_no_request(self):
        for count in range(1, 21):
            self.app.process.terminate()
            self.assertEqual(self.app.process.wait(60), 0)
            self.app.start()
            self.manager.wait("READY", *["STOPPING", "READY"] * count)
            self.hammer.go_on()

    def test_twenty_reloads_fail_no_request(self):
        for count in range(1, 21):
            before = self.app.workers()
            self.app.process.send_signal(signal.SIGHUP)
            self.manager.wait("READY", *["RELOADING", "READY"] * count)
            self.assertFalse(self.app.workers() & before)
            self.hammer.go_on()


if __name__ == "__main__":
    unittest.main()
