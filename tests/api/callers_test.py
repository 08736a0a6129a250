#!/usr/bin/env python3
"""tests/api/callers_test.py — what pools remember of callers: a worker that dies at a change, another
pool, a command. (That what is changed acts at once on every worker: every_worker_test.py.)
"""
import os
import signal
import threading
import unittest

from client import FastCgi
from support import App, Stack, eventually

ME = "/api/v1/auth/me"
LOGOUT = "/api/v1/auth/logout/"
KNOWN = "partywall_callers_known_total"


def setUpModule():
    global stack
    stack = Stack.own(workers=4)


def ask(pool, client, method="GET", path=ME):
    """Straight at the workers of one pool."""
    headers = {"HTTP_" + name.upper().replace("-", "_"): value
               for name, value in client.credentials().items()}
    return FastCgi(pool.socket).ask(method, path, **headers).status


def burst(pool, client, count=20):
    """The statuses of some requests, and how many of them were answered from memory."""
    before = pool.metrics()[KNOWN]
    statuses = {ask(pool, client) for _ in range(count)}
    return statuses, pool.metrics()[KNOWN] - before


class Callers(unittest.TestCase):
    def setUp(self):
        self.client = stack.client().sign_up()
        self.leaving = stack.client()  # the same browser: what it is told of the end stays with it
        self.leaving.cookies = dict(self.client.cookies)

    def is_remembered(self, pool):
        statuses, known = burst(pool, self.client)
        self.assertEqual(statuses, {200})
        return known > 0

    def test_a_burst_is_answered_from_memory_and_where_a_setting_says_so_it_is_not(self):
        self.assertTrue(self.is_remembered(stack))
        with App(stack, remember_callers=False) as forgetful:
            self.assertFalse(self.is_remembered(forgetful))

    def test_what_another_pool_changes_acts_when_the_second_is_over(self):
        with App(stack) as other:
            self.assertTrue(self.is_remembered(other))
            self.assertEqual(self.leaving.send("POST", LOGOUT).status, 204)
            self.assertEqual(ask(stack, self.client), 401)
            eventually(lambda: ask(other, self.client) == 401, "an end of the second")
            self.assertEqual(burst(other, self.client), ({401}, 0))

    def test_what_a_command_changes_acts_everywhere_when_it_has_ended(self):
        asked_enough = threading.Event()
        hammer = threading.Thread(
            target=lambda: [ask(stack, self.client) for _ in iter(asked_enough.is_set, True)])
        hammer.start()  # keeps the caller remembered, so that what is remembered is a moment old
        try:
            for command, status in (("suspend", 403), ("resume", 200)):
                done, _, said = stack.type_in("company", command, self.client.company)
                self.assertEqual((done, said), (0, ""))
                self.assertEqual(burst(stack, self.client)[0], {status})
        finally:
            asked_enough.set()
            hammer.join()

    def test_the_marks_of_a_worker_that_died_go_with_its_connection_and_no_others(self):
        self.assertTrue(self.is_remembered(stack))
        workers = eventually(stack.full, "all workers")
        with stack.sql("BEGIN; SELECT 'held' FROM sessions WHERE company_id ="
                       f" x'{self.client.company.replace('-', '')}' FOR UPDATE;\n") as holder:
            self.assertEqual(holder.stdout.readline(), "held\n")
            leaving = threading.Thread(target=self.leaving.send, args=("POST", LOGOUT))
            leaving.start()  # marks the company, and waits for the row
            busy = eventually(lambda: [each["pid"] for each in stack.status()["processes"]
                                       if each["state"] == "busy"], "a busy worker")
            os.kill(busy[0], signal.SIGKILL)
            eventually(lambda: stack.full() not in (set(), workers), "a replacement")
            holder.stdin.close()
        leaving.join()
        eventually(lambda: self.is_remembered(stack), "an end of the marks", seconds=20)


if __name__ == "__main__":
    unittest.main()
