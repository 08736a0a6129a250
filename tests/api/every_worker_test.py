#!/usr/bin/env python3
"""tests/api/every_worker_test.py — what ends or lessens a person's rights acts on the next request, on
every worker."""
import base64
import concurrent.futures
import unittest

from client import PASSWORD
from support import Stack, eventually

LOGIN = "/api/v1/auth/login/"
USERS = "/api/v1/accounts/users/"
COMPANY = "/api/v1/accounts/company"
TOKENS = "/api/v1/auth/api-tokens/"
NEW_PASSWORD = "Faced-0483-Bead!"


def setUpModule():
    global stack
    stack = Stack.own(workers=4)


def on_every_worker(ask):
    """The statuses of a request that is asked until every worker has answered it."""
    statuses = set()
    before = answered()

    def ask_some():
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            statuses.update(answer.status for answer in pool.map(lambda _: ask(), range(16))
                            if answer.status != 503)  # so many at once may be too many
        now = answered()
        return len(now) == 4 and all(now[pid] > before.get(pid, 0) for pid in now)
    eventually(ask_some, "an answer of each worker", seconds=60)
    return statuses


def answered():
    return {each["pid"]: each["requests"] for each in stack.status()["processes"]}


class EveryWorker(unittest.TestCase):
    def setUp(self):
        self.admin = stack.client().sign_up()
        self.name = "b" + self.admin.name
        self.url = USERS + self.admin.colleague["id"]
        self.staff = self.log_in(PASSWORD)
        self.ways = {"session": self.staff.credentials()}
        for access in ("read", "write"):
            token = self.staff.must(201, self.staff.post(TOKENS, {"name": access, "access": access}))
            self.ways[access] = {"Authorization": "Bearer " + token["token"]}
        pair = self.staff.must(200, stack.client().post(
            "/api/v1/auth/token/", {"username": self.name, "password": PASSWORD}))
        self.ways["JSON web token"] = {"Authorization": "Bearer " + pair["access"]}
        secret = base64.b64encode(f"{self.name}:{PASSWORD}".encode()).decode()
        self.ways["Basic"] = {"Authorization": "Basic " + secret}

    def log_in(self, password):
        client = stack.client()
        client.must(200, client.post(LOGIN, {"username": self.name, "password": password}))
        return client

    def statuses(self, method, path, body=None):
        """For each way in, what the workers answer. 401 becomes 429 for who keeps trying a password."""
        statuses = {way: on_every_worker(lambda: stack.client().send(method, path, body, headers))
                    for way, headers in self.ways.items()}
        if 401 in statuses.get("Basic", ()):
            statuses["Basic"].discard(429)
        return statuses

    def all_are(self, status):
        return {way: {status} for way in self.ways}

    def test_who_is_removed_is_out(self):
        self.assertEqual(self.statuses("GET", USERS), self.all_are(200))
        self.assertEqual(self.admin.send("DELETE", self.url).status, 204)
        self.assertEqual(self.statuses("GET", USERS), self.all_are(401))

    def test_who_is_promoted_and_demoted_may_more_and_less(self):
        del self.ways["read"]
        body = {"name": "Renamed", "address": ""}
        for role, status in (("admin", 200), ("staff", 403)):
            self.admin.must(200, self.admin.send("PATCH", self.url, {"role": role}))
            self.assertEqual(self.statuses("PUT", COMPANY, body), self.all_are(status))

    def test_a_new_password_ends_what_was_got_with_the_old_one(self):
        self.assertEqual(self.statuses("GET", USERS), self.all_are(200))
        changing = self.log_in(PASSWORD)
        changing.must(200, changing.send("PATCH", self.url, {
            "password": NEW_PASSWORD, "current_password": PASSWORD}))
        self.assertEqual(self.statuses("GET", USERS), self.all_are(401))
        self.assertEqual(on_every_worker(lambda: changing.get(USERS)), {200})

    def test_a_switch_ends_the_session_of_the_company_that_was_left(self):
        other = stack.client().sign_up()
        invitation = other.must(201, other.post("/api/v1/accounts/invitations/", {}))
        changing = self.log_in(PASSWORD)  # who was given a password must choose another one
        changing.must(201, changing.post("/api/v1/auth/invitation/accept/", {
            "token": invitation["token"], "password": NEW_PASSWORD, "current_password": PASSWORD}))
        person = self.log_in(NEW_PASSWORD)
        old = person.credentials()
        here = person.must(200, person.get("/api/v1/auth/me"))["company"]["id"]
        self.assertEqual(on_every_worker(lambda: stack.client().get(USERS, old)), {200})
        there = other.company if here == self.admin.company else self.admin.company
        person.must(200, person.post("/api/v1/auth/company/", {"company": there}))
        self.assertEqual(on_every_worker(lambda: stack.client().get(USERS, old)), {401})
        self.assertEqual(on_every_worker(lambda: person.get(USERS)), {200})

    def test_a_revoked_token_is_dead(self):
        token = self.staff.must(200, self.staff.get(TOKENS))[0]
        self.ways = {"revoked": self.ways[token["name"]]}
        self.assertEqual(self.statuses("GET", USERS), self.all_are(200))
        self.assertEqual(self.staff.send("DELETE", TOKENS + token["id"]).status, 204)
        self.assertEqual(self.statuses("GET", USERS), self.all_are(401))


if __name__ == "__main__":
    unittest.main()
