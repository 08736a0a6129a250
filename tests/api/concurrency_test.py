#!/usr/bin/env python3
# tests/api/concurrency_test.py — what several people do at the same moment, on several workers.
import concurrent.futures
import json
import os
import unittest
import urllib.error
import urllib.request

URL = os.environ["PARTYWALL_URL"]
PASSWORD = "Faced-0483-Bead!"


def unique(stem):
    return stem + "_" + "".join(chr(ord("g") + b % 16) for b in os.urandom(8))


def send(path, body, token=None, method="POST", headers=None):
    """The status and the parsed answer."""
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), method=method)
    request.add_header("Content-Type", "application/json")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.loads(refusal.read())


def together(work, times=8):
    with concurrent.futures.ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


class Concurrency(unittest.TestCase):
    def setUp(self):
        self.admin = unique("admin")
        status, account = send("/api/v1/accounts/", {
            "company": {"name": "Racing"}, "user": {"username": self.admin, "password": PASSWORD}})
        self.assertEqual(status, 201, account)
        status, pair = send("/api/v1/auth/token/", {"username": self.admin, "password": PASSWORD})
        self.assertEqual(status, 200, pair)
        self.account, self.token, self.refresh = account, pair["access"], pair["refresh"]

    def answers(self, path, body, headers=None, times=8):
        # A worker that hashes for somebody else says 503; that one asks again, as Retry-After has it.
        def ask(_):
            while True:
                status, answer = send(path, body, self.token, headers=headers)
                if status != 503:
                    return status, answer
        return together(ask, times)

    def statuses(self, path, body):
        return sorted(status for status, _ in self.answers(path, body))

    def test_of_simultaneous_creations_of_a_username_one_succeeds(self):
        body = {"username": unique("same"), "password": PASSWORD}
        self.assertEqual(self.statuses("/api/v1/accounts/users/", body), [201] + [400] * 7)

    def test_of_simultaneous_creations_of_an_email_one_succeeds(self):
        body = {"name": "Kim", "email": "kim@kim.example"}
        self.assertEqual(self.statuses("/api/v1/customers/", body), [201] + [400] * 7)

    def test_of_simultaneous_uses_of_an_idempotency_key_one_creates(self):
        status, other = send("/api/v1/accounts/users/",
                             {"username": unique("other"), "password": PASSWORD}, self.token)
        self.assertEqual(status, 201, other)
        bodies = {
            "/api/v1/accounts/users/": {"username": unique("once"), "password": PASSWORD},
            "/api/v1/user-messages/": {"to_user": other["url"], "text": "once"},
            "/api/v1/customers/": {"name": "Lee", "email": "lee@lee.example"},
            "/api/v1/accounts/invitations/": {"role": "staff"},
            "/api/v1/auth/api-tokens/": {"name": "once", "access": "read"}}
        for path, body in bodies.items():
            for _ in range(3):
                key = {"Idempotency-Key": "01a20524-b537-78e9-be19-" + os.urandom(6).hex()}
                body = {name: value if name in ("to_user", "role", "access", "password")
                        else value.replace("@", "x@") if name == "email" else value + "x"
                        for name, value in body.items()}
                answers = self.answers(path, body, key)
                self.assertEqual(sorted(status for status, _ in answers), [200] * 7 + [201],
                                 (path, answers))
                self.assertEqual({answer["id"] for _, answer in answers},
                                 {key["Idempotency-Key"]})

    def test_of_simultaneous_changes_under_one_condition_one_is_made(self):
        status, customer = send("/api/v1/customers/", {"name": "Lee", "email": "lee@lee.example"},
                                self.token)
        self.assertEqual(status, 201, customer)
        request = urllib.request.Request(customer["url"],
                                         headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            tag = {"If-Match": answer.headers["ETag"]}
        path = "/api/v1/customers/" + customer["id"]
        statuses = together(lambda n: send(path, {"notes": str(n)}, self.token, "PATCH", tag)[0])
        self.assertEqual(sorted(statuses), [200] + [412] * 7)

    def test_of_simultaneous_uses_of_a_refresh_token_one_succeeds(self):
        statuses = together(lambda _: send("/api/v1/auth/token/refresh/", {"refresh": self.refresh})[0])
        self.assertEqual(sorted(statuses), [200] + [401] * 7)

    def test_two_admins_who_demote_each_other_leave_one(self):
        status, other = send("/api/v1/accounts/users/", {
            "username": unique("second"), "password": PASSWORD, "role": "admin"}, self.token)
        self.assertEqual(status, 201, other)
        ids = [self.account["user"]["id"], other["id"]]
        together(lambda n: send(f"/api/v1/accounts/users/{ids[n % 2]}", {"role": "staff"}, self.token,
                                "PATCH"))
        request = urllib.request.Request(URL + "/api/v1/accounts/users/",
                                         headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            roles = sorted(user["role"] for user in json.load(answer))
        self.assertEqual(roles, ["admin", "staff"])

    def test_who_is_demoted_meanwhile_does_not_get_the_role_back_by_naming_it(self):
        name, users = unique("second"), "/api/v1/accounts/users/"
        status, user = send(users, {"username": name, "password": PASSWORD, "role": "admin"}, self.token)
        self.assertEqual(status, 201, user)
        path, password = users + user["url"].split("/")[-1], PASSWORD
        for turn in range(8):
            _, pair = send("/api/v1/auth/token/", {"username": name, "password": password})
            chosen = f"Other-brick-{turn}9!"
            # The hashes of two passwords lie between what it reads and what it writes.
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                own = pool.submit(send, path, {"role": "admin", "current_password": password, "password": chosen},
                                  pair["access"], "PATCH")
                for _ in range(3 * turn):
                    send(path, None, self.token, "GET")
                self.assertEqual(send(path, {"role": "staff"}, self.token, "PATCH")[0], 200)
            if own.result()[0] == 200:
                password = chosen
            self.assertEqual(send(path, None, self.token, "GET")[1]["role"], "staff", turn)
            send(path, {"role": "admin"}, self.token, "PATCH")


if __name__ == "__main__":
    unittest.main()
