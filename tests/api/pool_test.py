#!/usr/bin/env python3
"""tests/api/pool_test.py — the master and its workers: signals, deaths, stuck peers."""
import itertools
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from client import FastCgi
from support import App, Hammer, Stack, eventually, is_alive, workers_of

LOGIN = "/api/v1/auth/login/"
USERS = "/api/v1/accounts/users/"


def setUpModule():
    global stack
    stack = Stack.own(workers=3)


def is_told(pid):
    """Whether SIGTERM waits for a worker, which hears it after the request that it is at."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"ShdPnd:\s*(\w+)", status)[1], 16) >> (signal.SIGTERM - 1) & 1


class Signals(unittest.TestCase):
    def test_a_killed_worker_is_replaced_within_a_second_and_requests_go_on(self):
        before = eventually(stack.full, "all workers")
        restarts = stack.metrics()["partywall_worker_restarts_total"]
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        eventually(lambda: len(stack.workers() - {victim}) == 3, "a replacement", seconds=1)
        self.assertEqual(len(stack.workers() & before), 2)
        for _ in range(20):
            self.assertEqual(stack.client().get("/healthz").status, 200)
        self.assertEqual(stack.metrics()["partywall_worker_restarts_total"], restarts + 1)
        self.assertIn(f"worker {victim} died (signal 9)", stack.log())

    def test_a_worker_that_keeps_dying_is_replaced_after_growing_pauses(self):
        with App(stack, workers=1) as app:
            for _ in range(4):
                victim, = eventually(app.full, "a replacement")
                os.kill(victim, signal.SIGKILL)
                eventually(lambda: not is_alive(victim), "its end")
            eventually(lambda: app.log().count(" died ") == 4, "four lines in the log", seconds=60)
            pauses = [int(pause) for pause in re.findall(r"the next starts in (\d+) ms", app.log())]
            self.assertEqual(len(pauses), 4)
            for shorter, longer in itertools.pairwise(pauses):
                self.assertGreater(longer, 1.5 * shorter)
            eventually(app.full, "the last replacement")
            self.assertEqual(FastCgi(app.socket).ask("GET", "/healthz").status, 200)

    def test_sigterm_finishes_the_request_that_is_under_way(self):
        body = b'{"username": "nobody", "password": "anything"}'
        with App(stack) as app, FastCgi(app.socket) as slow:
            slow.begin("POST", LOGIN, len(body))
            slow.stream(slow.STDIN, body[:10])
            eventually(lambda: app.metrics()["partywall_workers_busy"] == 2, "a busy worker")
            workers = app.workers()
            app.process.terminate()
            eventually(lambda: len(app.workers()) == 1, "the end of the idle worker")
            self.assertIsNone(app.process.poll())
            slow.stream(slow.STDIN, body[10:])
            self.assertEqual(slow.end().status, 401)
            self.assertEqual(app.process.wait(timeout=10), 0)
            self.assertFalse(any(map(is_alive, workers)))
            self.assertFalse(os.path.exists(app.socket))

    def test_sighup_tells_one_worker_after_the_other(self):
        with App(stack) as app, FastCgi(app.socket) as first, FastCgi(app.socket) as second:
            before = app.workers()
            for held in (first, second):  # so that whoever is told cannot end
                held.begin("POST", LOGIN, 2)
            for count in (1, 2):  # the second signal shows that the first has been dealt with
                app.process.send_signal(signal.SIGHUP)
                eventually(lambda: app.log().count("replacing the workers") == count, "its arrival")
            told = eventually(lambda: [pid for pid in app.workers() if is_told(pid)], "the first")
            self.assertEqual(len(told), 1)
            for held in (first, second):
                held.stream(held.STDIN, b"{}")
                self.assertEqual(held.end().status, 400)
            eventually(lambda: app.full() and not app.workers() & before, "new workers")

    def test_sighup_replaces_the_workers_without_a_failed_request(self):
        clients = itertools.cycle([stack.client().sign_up() for _ in range(4)])
        before = eventually(stack.full, "all workers")
        restarts = stack.metrics()["partywall_worker_restarts_total"]
        with Hammer(lambda: next(clients).get(USERS)) as hammer:
            os.kill(stack.master(), signal.SIGHUP)
            eventually(lambda: stack.full() and not stack.workers() & before, "new workers")
            hammer.go_on()
        self.assertEqual(hammer.failures, [])
        self.assertEqual(stack.metrics()["partywall_worker_restarts_total"], restarts)

    def test_sighup_reaches_a_worker_whose_queue_never_empties(self):
        def enqueue():
            connection = FastCgi(app.socket)
            connection.begin("POST", LOGIN, 2)
            return connection
        with App(stack, workers=1) as app:
            self.assertEqual(FastCgi(app.socket).ask("GET", "/healthz").status, 200)
            old, = app.workers()
            descriptors = pathlib.Path(f"/proc/{old}/fd")
            before = len(list(descriptors.iterdir()))
            queue = [enqueue()]
            eventually(lambda: len(list(descriptors.iterdir())) > before, "a busy worker")
            queue += [enqueue() for _ in range(50)]
            app.process.send_signal(signal.SIGHUP)
            eventually(lambda: is_told(old), "the signal's arrival")

            def answered_by_the_next():
                with queue.pop(0) as first:
                    first.stream(first.STDIN, b"{}")
                    self.assertEqual(first.end().status, 400)
                queue.append(enqueue())
                return not is_alive(old)
            eventually(answered_by_the_next, "the end of the old worker")
            for connection in queue:
                with connection:
                    connection.stream(connection.STDIN, b"{}")
                    self.assertEqual(connection.end().status, 400)

    def test_when_the_master_is_killed_its_workers_end(self):
        with App(stack) as app:
            workers = app.workers()
            app.process.kill()
            app.process.wait()
            eventually(lambda: not any(map(is_alive, workers)), "the end of the workers")


class Socket(unittest.TestCase):
    def test_the_socket_file_of_a_dead_master_does_not_prevent_a_start(self):
        with App(stack) as dead:
            dead.process.kill()
            dead.process.wait()
            self.assertTrue(os.path.exists(dead.socket))
            with App(stack, dead.folder) as app:
                self.assertEqual(FastCgi(app.socket).ask("GET", "/healthz").status, 200)

    def test_the_socket_of_a_live_master_does(self):
        with App(stack) as app:
            self.assertIn("another server is listening", self.start_beside(app))
            self.assertEqual(FastCgi(app.socket).ask("GET", "/healthz").status, 200)

    def test_a_file_that_is_no_socket_is_not_removed(self):
        with App(stack) as app:
            precious = app.folder / "precious"
            precious.write_text("data")
            config = app.folder / "partywall.toml"
            config.write_text(stack.settings(socket=str(precious)))
            self.assertIn("is no socket", self.start_beside(app))
            self.assertEqual(precious.read_text(), "data")

    def start_beside(self, app):
        """Starts a second master with the same configuration; returns what it says as it fails."""
        done = subprocess.run([stack.env["BINARY"], "serve", "-c", app.folder / "partywall.toml"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10)
        self.assertEqual(done.returncode, 1)
        return done.stderr


class Counters(unittest.TestCase):
    """They lie in a file beside the socket, in memory that a host may run out of."""

    def serve_where_there_is(self, size, **changes):
        """Serves from a file system of that size of its own; returns the process and its socket."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="partywall-full."))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "run").mkdir()
        config, socket = folder / "partywall.toml", folder / "run/app.sock"
        config.write_text(stack.settings(socket=str(socket), **changes))
        alone = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
        mount = 'mount -t tmpfs -o size="$1" tmpfs "$2" && exec "${@:3}"'
        process = subprocess.Popen(
            [*alone, "setpriv", "--pdeathsig", "TERM", "bash", "-c", mount, "bash", size,
             folder / "run", stack.env["BINARY"], "serve", "-c", config],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.terminate)
        return process, config

    def test_a_file_system_without_room_for_them_is_a_message_at_the_start(self):
        process, _ = self.serve_where_there_is("16k")
        said = process.communicate(timeout=30)[0]
        self.assertIn("there is no room for the pool's counters beside its socket", said)
        self.assertIn("No space left on device", said)
        self.assertEqual(process.returncode, 1)

    def test_a_pool_for_which_they_have_no_room_to_grow_stays_as_it_is(self):
        process, config = self.serve_where_there_is("128k", workers=2)
        lines = iter(process.stdout.readline, "")
        self.assertTrue(any("serving" in line for line in lines))
        eventually(lambda: len(workers_of(process.pid)) == 2, "two workers")
        workers = workers_of(process.pid)
        config.write_text(config.read_text().replace("workers = 2", "workers = 1000"))
        process.send_signal(signal.SIGHUP)
        said = next(line for line in lines if "the configuration stays as it was" in line)
        self.assertIn("No space left on device", said)
        eventually(lambda: workers_of(process.pid) == workers, "the same two workers")


class Stuck(unittest.TestCase):
    def test_connections_that_send_nothing_do_not_cost_the_pool(self):
        with App(stack) as app:  # a request may take 30 s
            workers = app.workers()
            silent = [FastCgi(app.socket) for _ in range(4)]
            start = time.monotonic()
            self.assertEqual(FastCgi(app.socket).ask("GET", "/healthz").status, 200)
            self.assertLess(time.monotonic() - start, 15)
            self.assertEqual(app.workers(), workers)
            for each in silent:
                with each:
                    self.assertEqual(each.connection.recv(1), b"")

    def test_a_peer_that_falls_silent_is_given_up_and_the_worker_goes_on(self):
        with App(stack, request_timeout_seconds=4) as app, FastCgi(app.socket) as one_byte, \
                FastCgi(app.socket) as half:
            workers = app.workers()
            one_byte.connection.sendall(b"\1")
            half.begin("POST", LOGIN, 100)
            half.stream(half.STDIN, b'{"username"')
            # Both workers are held; this one waits until one is free.
            self.assertEqual(FastCgi(app.socket).ask("GET", "/healthz").status, 200)
            self.assertEqual(one_byte.connection.recv(1), b"")
            eventually(lambda: "status=400" in app.log(), "a line of the half request")
            eventually(lambda: "no complete request" in app.log(), "a line of the one byte")
            self.assertEqual(app.workers(), workers)

    def test_a_worker_that_is_held_longer_than_the_limit_is_killed_logged_and_replaced(self):
        with App(stack, request_timeout_seconds=1) as app, FastCgi(app.socket) as drip:
            workers = app.workers()
            drip.begin("POST", LOGIN, 1000)

            def is_closed():  # until then another byte, so that it is never silent
                try:
                    drip.stream(drip.STDIN, b" ")
                except OSError:
                    return True
            eventually(is_closed, "the end of the connection")
            killed, = eventually(lambda: workers - app.workers(), "the end of the worker")
            self.assertRegex(app.log(), rf"worker {killed} was busy for 1 s and is killed")
            eventually(app.full, "a replacement")
            metrics = app.metrics()
            self.assertEqual(metrics["partywall_worker_restarts_total"], 1)
            self.assertEqual(metrics["partywall_workers_busy"], 1)  # the one that answers


if __name__ == "__main__":
    unittest.main()
