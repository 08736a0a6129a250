"""tests/api/exports.py — people who ask for exports, on a stack of their own, and the timer's command."""
import pathlib
import unittest
import uuid

from client import PASSWORD
from support import Stack

EXPORTS, MESSAGES = "/api/v2/exports/", "/api/v2/user-messages/"

stack = Stack.own(workers=4)


def log_in(name):
    client = stack.client()
    client.must(200, client.post("/api/v1/auth/login/", {"username": name, "password": PASSWORD}))
    return client


def make(config=None):
    """As partywall-exports.timer does."""
    status, out, err = stack.type_in("exports", config=config)
    assert (status, err) == (0, ""), (status, out, err)
    return out


def ask(client, kind):
    return client.must(201, client.post(EXPORTS, {"kind": kind}))


def link_to(client, export):
    made = client.must(201, client.post(f"{EXPORTS}{export['id']}/link", {"current_password": PASSWORD}))
    return made["link"].partition(f":{stack.port}")[2]


def path_of(export, company):
    return pathlib.Path(stack.env["EXPORTS_FOLDER"], f"{company}.{export['id']}.tar.gz")


class Exports(unittest.TestCase):
    def setUp(self):
        self.ann = stack.client().sign_up()
        self.bob = log_in(self.ann.colleague["username"])
        self.here = f"company_id = UNHEX('{self.ann.company.replace('-', '')}')"

    def hire(self, role="staff"):
        person = self.ann.must(201, self.ann.post(
            "/api/v1/accounts/users/", {"username": "c" + uuid.uuid4().hex[:12], "password": PASSWORD, "role": role}))
        return person, log_in(person["username"])

    def write(self, sender, to, text):
        return sender.must(201, sender.post(MESSAGES, {"to_user": to["id"], "text": text}))

    def change(self, what):
        stack.as_owner(f"UPDATE exports SET {what} WHERE {self.here};")

    def state(self, client, export):
        return client.must(200, client.get(EXPORTS + export["id"]))["state"]
