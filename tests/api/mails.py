"""tests/api/mails.py — people with an e-mail address, on a stack of their own, the timer's command, and what a sendmail
was given."""
import contextlib
import email
import email.policy
import pathlib
import random
import re
import subprocess
import time
import unittest
import uuid

from client import PASSWORD
from support import Stack

EMAIL, VERIFY = "/api/v2/auth/email", "/api/v2/auth/email/verify/"
WAY, ASK = "/api/v2/auth/password-link", "/api/v2/auth/password-link/mail/"
CHOOSE, LOGIN, ME = "/api/v2/auth/password/", "/api/v2/auth/login/", "/api/v2/auth/me"
NEW_PASSWORD = "Bade-9175-Decaf!"

stack = Stack.own(workers=4)
SENDMAIL = stack.state / "sendmail"


class Taken:
    """One mail as the program was given it."""

    def __init__(self, path):
        words, _, self.bytes = path.read_bytes().partition(b"\n\n")
        self.arguments = words.decode().split("\n")
        self.message = email.message_from_bytes(self.bytes, policy=email.policy.default)
        self.text = self.message.get_content()

    def tokens(self, kind):
        return re.findall(rf"^http://127\.0\.0\.1:{stack.port}/#/{kind}/(\S+)$", self.text, re.M)


def take_all():
    """The mails that were sent since this was asked last."""
    paths = sorted((stack.state / "mail").glob("*.eml"))
    taken = [Taken(path) for path in paths]
    for path in paths:
        path.unlink()
    return taken


def send(config=None):
    """As partywall-mail.timer does, where all goes well."""
    status, out, err = stack.type_in("mail", config=config)
    assert (status, err) == (0, ""), (status, out, err)
    return take_all()


def address():
    return f"{uuid.uuid4().hex[:12]}@example.org"


class Mails(unittest.TestCase):
    def setUp(self):
        stack.as_owner("DELETE FROM mails;")
        take_all()
        self.source = f"127.{random.randrange(1, 255)}.{random.randrange(1, 255)}.{random.randrange(1, 255)}"

    def client(self):
        client = stack.client()
        client.source = self.source  # what is asked for counts by address
        return client

    def person(self):
        return self.client().sign_up()

    def ask_for(self, client, address, password=PASSWORD):
        return client.send("PUT", EMAIL, {"email": address, "current_password": password})

    def with_address(self, client, address):
        """Gives the person an address that they show to be theirs."""
        client.must(200, self.ask_for(client, address))
        token, = [token for mail in send() for token in mail.tokens("email")]
        client.must(200, client.post(VERIFY, {"token": token}))
        return client

    def ask_link(self, address):
        return self.client().post(ASK, {"email": address})

    def ask_links(self, number):
        """Of so many people, whose addresses it answers."""
        addresses = [address() for _ in range(number)]
        for each in addresses:
            stack.as_owner("DELETE FROM throttles;")
            self.with_address(self.person(), each)
        for each in addresses:
            self.client().must(202, self.ask_link(each))
        return addresses

    def ask_link_of_somebody(self):
        return self.ask_links(1)[0]

    def log_in(self, name, password=PASSWORD):
        return self.log_in_as(self.client(), name, password)

    def log_in_as(self, client, name, password=PASSWORD):
        return client.post(LOGIN, {"username": name, "password": password})

    def program(self, script, seconds=1):
        """The configuration with another program that sends, which has so long for it."""
        folder = pathlib.Path(stack.state, uuid.uuid4().hex)
        folder.mkdir()
        program = folder / "sendmail"
        program.write_text("#!/bin/bash\n" + script)
        program.chmod(0o700)
        config = folder / "partywall.toml"
        config.write_text(stack.settings(sendmail=str(program), timeout_seconds=seconds))
        return config

    @contextlib.contextmanager
    def in_hand(self):
        """The command, while the program that it has started has not taken the mail yet, and does when this ends."""
        config = self.program(f'touch "$0.began"; until [ -e "$0.go" ]; do sleep 0.05; done; exec {SENDMAIL} "$@"', 60)
        began, go = (config.parent / f"sendmail.{name}" for name in ("began", "go"))
        with subprocess.Popen([stack.env["BINARY"], "mail", "-c", config], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as command:
            try:
                end = time.monotonic() + 30
                while not began.exists() and command.poll() is None and time.monotonic() < end:
                    time.sleep(0.02)
                self.assertTrue(began.exists())
                yield command
            finally:
                go.touch()
                command.said = command.communicate(timeout=60)

    def again(self):
        stack.as_owner("UPDATE mails SET next_at = created_at;")

    def waiting(self):
        return [line.split("\t") for line in
                stack.as_owner("SELECT kind, attempts, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), next_at) FROM mails"
                               " ORDER BY id;")]
