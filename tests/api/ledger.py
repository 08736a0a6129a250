"""tests/api/ledger.py — somebody who writes without a pause and remembers what was acknowledged."""
import threading
import uuid

from client import PASSWORD
from support import eventually

MESSAGES, CUSTOMERS = "/api/v2/user-messages/", "/api/v2/customers/"


class Ledger:
    """Somebody who writes without a pause, and what was answered: messages and customers that are there, and as what;
    customers that are gone. What is refused for a moment is sent again, with the same key."""

    def __init__(self, stack, client):
        self.client, self.reader = client, stack.client()
        name = {"username": client.colleague["username"], "password": PASSWORD}
        self.reader.must(200, self.reader.post("/api/v1/auth/login/", name))
        self.messages, self.read, self.customers, self.gone = {}, set(), {}, set()
        self.statuses, self.stopping = set(), threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def send(self, client, method, path, body=None, key=None):
        """The answer once there is one; None where the company is at another address."""
        headers = {"Idempotency-Key": key} if key else {}
        while True:
            answer = client.send(method, path, body, headers)
            self.statuses.add(answer.status)
            if answer.status == 410:
                self.stopping.set()
                return None
            if answer.status != 503:
                assert answer.status in (200, 201, 204), answer
                return answer
            assert answer.headers["Retry-After"], answer

    def turn(self, number):
        text, key = f"{number} new", str(uuid.uuid4())
        to = {"to_user": self.client.colleague["id"], "text": text}
        if self.send(self.client, "POST", MESSAGES, to, key):
            self.messages[key] = text
        if number % 3 == 0 and self.send(self.reader, "PUT", f"{MESSAGES}{key}/read"):
            self.read.add(key)
        if number % 5 == 0:
            self.turn_of_a_customer(number)

    def turn_of_a_customer(self, number):
        """Its e-mail address is that of the one before, who gives it up."""
        key, person = str(uuid.uuid4()), {"name": "Kim", "email": "kim@x.example"}
        for id, (email, _) in list(self.customers.items()):
            if email == person["email"]:
                if not self.send(self.client, "PATCH", CUSTOMERS + id, {"email": f"{number}@x.example"}):
                    return
                self.customers[id] = f"{number}@x.example", self.customers[id][1]
        if not self.send(self.client, "POST", CUSTOMERS, person, key):
            return
        self.customers[key] = person["email"], ""
        if self.send(self.client, "PATCH", CUSTOMERS + key, {"notes": "b"}):
            self.customers[key] = person["email"], "b"
        if number % 2 == 0 and self.send(self.client, "DELETE", CUSTOMERS + key):
            del self.customers[key]
            self.gone.add(key)

    def run(self):
        number = 0
        while not self.stopping.is_set():
            self.turn(number)
            number += 1

    def go_on(self, count=20):
        reached = len(self.messages) + count
        eventually(lambda: len(self.messages) > reached or not self.thread.is_alive(), "writing", seconds=60)

    def __enter__(self):
        self.thread.start()
        self.go_on()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()
