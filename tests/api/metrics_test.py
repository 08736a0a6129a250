#!/usr/bin/env python3
"""tests/api/metrics_test.py — what /metrics shows, and that it is true."""
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from client import FastCgi
from support import App, Stack, eventually, is_alive

LOGIN = "/api/v1/auth/login/"


def setUpModule():
    global stack
    stack = Stack.shared()


class Metrics(unittest.TestCase):
    def test_they_are_prometheus_text(self):
        answer = stack.client().get("/metrics")
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
        for line in answer.text.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) partywall_\w+ .+"
                                   r"|partywall_\w+(\{\w+=\"[^\"]*\"(,\w+=\"[^\"]*\")*\})? [0-9.e+-]+)$")

    def test_counters_are_sums_over_the_workers_and_outlive_them(self):
        def counters():
            metrics = app.metrics()
            return [metrics.get('partywall_requests_total{route="/healthz",status="200"}', 0),
                    metrics.get(f'partywall_requests_total{{route="{LOGIN}",status="400"}}', 0),
                    metrics["partywall_request_duration_seconds_count"]]
        with App(stack) as app, FastCgi(app.socket) as slow:
            slow.begin("POST", LOGIN, 2)
            eventually(lambda: app.metrics()["partywall_workers_busy"] == 2, "a busy worker")
            start = counters()
            for _ in range(5):  # by the other worker
                FastCgi(app.socket).ask("GET", "/healthz")
            slow.stream(slow.STDIN, b"{}")
            self.assertEqual(slow.end().status, 400)
            eventually(lambda: app.log().count("status=400"), "its line in the log")
            # The first look at the counters counts itself, and only in the second one.
            end = counters()
            self.assertEqual([b - a for a, b in zip(start, end)], [5, 1, 7])
            for worker in app.workers():
                os.kill(worker, signal.SIGKILL)
                eventually(lambda: not is_alive(worker) and app.full(), "a replacement")
            self.assertEqual([b - a for a, b in zip(end, counters())], [0, 0, 1])

    def test_they_say_whether_the_database_is_up_and_which_version_runs(self):
        said = subprocess.run([stack.env["BINARY"], "--version"], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        version = said.removeprefix("partywall ").strip()
        with tempfile.TemporaryDirectory(prefix="partywall-db.") as folder:
            elsewhere = pathlib.Path(folder, "db.sock")
            with App(stack, database=elsewhere) as away, App(stack) as app:
                for pool, up in ((app, 1), (away, 0)):
                    metrics = pool.metrics()
                    self.assertEqual(metrics[f'partywall_build_info{{version="{version}"}}'], 1)
                    self.assertEqual(metrics["partywall_database_up"], up)


if __name__ == "__main__":
    unittest.main()
