#!/usr/bin/env python3
"""tests/clients/story.py — two colleagues of a company write to each other: a client on `requests`.

  story.py https://partywall.example NAME    NAME begins the usernames
"""
import sys
import uuid

import requests

PASSWORD = "Mild-7731-Kite!"


class Partywall(requests.Session):
    """One person, by a web token. Whatever is refused is an exception that says why."""

    def __init__(self, url):
        super().__init__()
        self.url = url + "/api/v2/"

    def request(self, method, path, **options):
        answer = super().request(method, path if path.startswith("http") else self.url + path, **options)
        if not answer.ok:
            problem = answer.json()
            raise RuntimeError(f"{problem['code']}: {problem['detail']} {problem.get('errors', '')}")
        return answer.json() if answer.content else None

    def log_in(self, username):
        token = self.post("auth/token/", json={"username": username, "password": PASSWORD})
        self.headers["Authorization"] = "Bearer " + token["access"]

    def rows(self, path):
        """All rows of a list, page by page."""
        while path:
            page = self.get(path)
            yield from page["items"]
            path = page["next"]


def main(url, name):
    ann, bob = Partywall(url), Partywall(url)
    ann.post("accounts/", json={"company": {"name": "Acme", "address": "1 Main St"},
                                "user": {"username": name + ".ann", "password": PASSWORD}})
    ann.log_in(name + ".ann")
    hired = ann.post("accounts/users/", json={"username": name + ".bob", "password": PASSWORD},
                     headers={"Idempotency-Key": str(uuid.uuid4())})
    bob.log_in(name + ".bob")
    for text in ("Hello, Bob", "Are you there?", "Bob?"):
        ann.post("user-messages/", json={"to_user": hired["id"], "text": text})
    received = list(bob.rows("user-messages/?limit=2"))
    assert [each["text"] for each in received] == ["Hello, Bob", "Are you there?", "Bob?"]
    assert received[0]["from_user"]["username"] == name + ".ann"
    assert bob.get("auth/me")["unread_messages"] == 3
    bob.put(received[0]["url"] + "/read")
    assert bob.get("auth/me")["unread_messages"] == 2
    try:
        bob.post("user-messages/", json={"to_user": hired["id"], "text": "x"})
    except RuntimeError as error:
        assert "You cannot send a message to yourself." in str(error)
    print("The story ends well.")


if __name__ == "__main__":
    main(*sys.argv[1:])
