"""tests/bench/held.py — many clients that hold a stream of events each, in one thread."""
import contextlib
import dataclasses
import heapq
import random
import re
import select
import socket
import threading
import time


@dataclasses.dataclass
class Client:
    cookies: str
    person: bytes
    connection: socket.socket = None
    text: bytes = b""      # the head of the answer, until it begins to stream
    is_in: bool = False
    retry: float = 1       # seconds, as the stream said
    told_at: list = dataclasses.field(default_factory=list)


class Held:
    """Clients come back by themselves as they were told to, like a browser's EventSource."""

    def __init__(self, host):
        self.host, self.epoll = host, select.epoll()
        address, port = host.split(":")
        self.address = (address, int(port))
        self.by_file, self.again, self.clients = {}, [], []
        self.lock, self.reading = threading.Lock(), threading.Event()
        self.reading.set()
        self.refused = 0
        threading.Thread(target=self.run, daemon=True).start()

    def count(self):
        return sum(client.is_in for client in self.clients)

    def add(self, client):
        with self.lock:
            self.clients.append(client)
            self.begin(client)

    def begin(self, client):
        client.connection = socket.create_connection(self.address)
        client.text, client.is_in = b"", False
        client.connection.sendall(f"GET /api/v2/events/ HTTP/1.1\r\nHost: {self.host}\r\n"
                                  f"Accept: text/event-stream\r\nCookie: {client.cookies}\r\n\r\n".encode())
        client.connection.setblocking(False)
        self.by_file[client.connection.fileno()] = client
        self.epoll.register(client.connection.fileno(), select.EPOLLIN)

    def run(self):
        while self.reading.wait():
            for number, _ in self.epoll.poll(0.05):
                client = self.by_file.get(number)
                if client:
                    self.read(client)
            while self.again and self.again[0][0] <= time.monotonic():
                with self.lock:
                    self.begin(heapq.heappop(self.again)[2])

    def read(self, client):
        now = time.monotonic()
        try:
            data = client.connection.recv(65536)
        except OSError:
            data = b""
        client.text += data
        if not client.is_in and b": welcome" in client.text:
            client.is_in = True
            client.retry = int(re.search(rb"retry: (\d+)", client.text)[1]) / 1000
        elif client.is_in and b"data: {" in data:
            client.told_at.append(now)
        if client.is_in:
            client.text = b""
        was_refused = client.text.startswith(b"HTTP/1.1 503")
        if not data or data.endswith(b"0\r\n\r\n") or was_refused:  # closed, ended, refused
            self.refused += was_refused
            self.drop(client)
            wait = 1 + 4 * random.random() if was_refused else client.retry
            heapq.heappush(self.again, (now + wait, id(client), client))

    def drop(self, client):
        client.is_in = False
        number = client.connection.fileno()
        self.by_file.pop(number, None)
        self.epoll.unregister(number)
        client.connection.close()

    @contextlib.contextmanager
    def unread(self):
        """Nothing is read meanwhile: clients would be elsewhere, and these take from what is measured."""
        self.reading.clear()
        yield
        self.reading.set()

    def keep(self, count):
        """Closes all but the first of them."""
        with self.lock:
            for client in self.clients[count:]:
                if client.connection.fileno() >= 0:
                    self.drop(client)
            self.clients = self.clients[:count]
