"""tests/api/commands.py — the program's commands as an operator types them, on the runner's stack."""
import json
import subprocess
import unittest
import uuid

from client import PASSWORD
from support import Stack

LOGIN = "/api/v1/auth/login/"

stack = Stack.shared()


def answer(*words, stdin=""):
    """What a command prints, which must succeed and say nothing on standard error."""
    status, out, err = stack.type_in(*words, stdin=stdin)
    assert (status, err) == (0, ""), (words, status, out, err)
    return out


def parsed(*words, stdin=""):
    return json.loads(answer(*words, "--json", stdin=stdin))


def answer_without_config(*words):
    done = subprocess.run([stack.env["BINARY"], *words], text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, done
    return done.stdout


def name(stem):
    return f"{stem}_{uuid.uuid4().hex[:10]}"


class Operator(unittest.TestCase):
    """Has made a company, whose admin can log in."""

    def setUp(self):
        self.company, self.admin = name("Acme"), name("ann")
        self.made = parsed("company", "create", self.company, self.admin, "--address", "1 Main St",
                           stdin=PASSWORD + "\n")

    def logged_in(self, username, password=PASSWORD):
        client = stack.client()
        self.assertEqual(client.post(LOGIN, {"username": username, "password": password}).status,
                         200)
        return client

    def refused(self, *words, stdin="", status=1):
        got, out, err = stack.type_in(*words, stdin=stdin)
        self.assertEqual((got, out), (status, ""), err)
        return err
