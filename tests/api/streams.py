"""tests/api/streams.py — a client of a stream of events, and who comes to `partywall events` without nginx."""
import http.client
import json
import socket
import threading

from client import FastCgi
from support import eventually

EVENTS = "/api/v2/events/"


class Stream:
    """Reads in a thread: `answer` has the status and headers, `events` what came, as (name, data)."""

    def __init__(self, client, headers=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
        self.connection.request("GET", EVENTS, headers=client.credentials() | (headers or {}))
        self.answer = self.connection.getresponse()
        self.events, self.lines, self.ended = [], [], threading.Event()
        self.thread = threading.Thread(target=self.read, daemon=True)
        if self.answer.status == 200:
            self.thread.start()
            eventually(lambda: ": welcome" in self.lines, "a beginning")

    def read(self):
        name, data = "message", None
        try:
            for line in self.answer:
                text = line.decode().rstrip("\n")
                self.lines.append(text)
                if text.startswith("event: "):
                    name = text.removeprefix("event: ")
                elif text.startswith("data: "):
                    data = json.loads(text.removeprefix("data: "))
                elif not text and data is not None:
                    self.events.append((name, data))
                    name, data = "message", None
        except (OSError, http.client.HTTPException, AttributeError):
            pass  # closed, by us or in the middle
        self.ended.set()

    def topics(self):
        """What has changed, for each event."""
        return [data["changed"] for name, data in self.events if name == "message"]

    def wait_for(self, count, seconds=10):
        eventually(lambda: len(self.topics()) >= count, f"{count} events, not {self.lines}", seconds)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.connection.sock:
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.connection.close()


def ticket_of(pool, client):
    """What a worker gives to nginx alone."""
    headers = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in client.credentials().items()}
    return FastCgi(pool.socket).ask("GET", EVENTS, **headers).headers["X-Partywall-Ticket"]


def show(stack, ticket):
    """The status with which `partywall events` answers a ticket that did not come by nginx."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(stack.env["EVENTS_SOCKET"])
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                           b"X-Partywall-Ticket: " + ticket.encode() + b"\r\n\r\n")
        return int(connection.recv(64).split()[1])
