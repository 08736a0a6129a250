#!/usr/bin/env python3
"""tests/api/tickets_test.py — what opens a stream of events, and by which way alone."""
import contextlib
import os
import signal
import socket
import struct
import subprocess
import threading
import unittest
import uuid

from client import PASSWORD
from streams import EVENTS, Stream, show, ticket_of
from support import App, Stack, children, eventually

SECRETS = ("X-Partywall-Ticket", "X-Accel-Redirect", "X-Accel-Buffering")


def setUpModule():
    global stack
    stack = Stack.own(workers=4)
    eventually(lambda: stack.status()["events"] == "up", "a beat")


class Tickets(unittest.TestCase):
    def setUp(self):
        self.client = stack.client().sign_up()

    def test_are_never_seen_by_the_client(self):
        with Stream(self.client) as stream:
            self.assertEqual(stream.answer.status, 200)
            self.assertEqual(stream.answer.headers["Content-Type"], "text/event-stream")
            self.assertEqual(stream.answer.headers.get_all("Cache-Control"), ["no-store"])
            for name in SECRETS:
                self.assertIsNone(stream.answer.headers[name])

    def test_come_by_nginx_alone_and_nothing_that_the_client_sends_does(self):
        ticket = ticket_of(stack, self.client)
        for path in ("/.events/", "/.events", "/api/v2/../../.events/", "/%2eevents/", "/api/v2/events/../../../.events/"):
            answer = stack.client().get(path, {"X-Partywall-Ticket": ticket})
            self.assertIn(answer.status, (400, 404), path)
        self.assertEqual(stack.client().get(EVENTS, {"X-Partywall-Ticket": ticket}).status, 401)
        self.assertEqual(show(stack, ticket), 200)

    def test_open_one_stream_each(self):
        ticket = ticket_of(stack, self.client)
        self.assertEqual([show(stack, ticket) for _ in range(3)], [200, 503, 503])
        self.assertEqual([show(stack, each) for each in ("", "A" * 300, "?")], [503] * 3)

    def test_of_before_a_removal_open_nothing_and_those_of_after_it_do(self):
        colleague = stack.client()
        login = {"username": self.client.colleague["username"], "password": PASSWORD}
        colleague.must(200, colleague.post("/api/v1/auth/login/", login))
        ticket, other = ticket_of(stack, colleague), ticket_of(stack, self.client)
        path = "/api/v1/accounts/users/" + self.client.colleague["id"]
        self.assertEqual(self.client.send("DELETE", path).status, 204)
        self.assertEqual([show(stack, ticket), show(stack, other)], [503, 200])

    def test_of_before_a_logout_open_nothing_and_those_of_the_next_login_do(self):
        ticket = ticket_of(stack, self.client)
        self.assertEqual(self.client.post("/api/v1/auth/logout/", {}).status, 204)
        self.assertEqual(show(stack, ticket), 503)
        self.client.must(200, self.client.post(
            "/api/v1/auth/login/", {"username": self.client.name, "password": PASSWORD}))
        self.assertEqual(show(stack, ticket_of(stack, self.client)), 200)

    def test_of_before_a_restart_open_nothing(self):
        ticket = ticket_of(stack, self.client)
        stack.do("events-stop")
        stack.do("events-start")
        eventually(lambda: stack.status()["events"] == "up", "a beat")
        self.assertEqual(show(stack, ticket), 503)
        self.assertEqual(show(stack, ticket_of(stack, self.client)), 200)

    def test_of_a_worker_that_stood_still_since_it_read_the_row_are_as_old_as_that(self):
        company, user = (each.replace("-", "") for each in (self.client.company, self.client.user["id"]))
        mine = f"company_id = UNHEX('{company}') AND user_id = UNHEX('{user}')"
        # To note when the session was last seen the worker waits for its row, which it has read before.
        stack.as_owner(f"UPDATE sessions SET last_seen_at = last_seen_at - INTERVAL 300 SECOND WHERE {mine}",
                       stack.env["DB_NAME"])
        tickets = []
        with stack.sql("START TRANSACTION;\n"
                       f"SELECT COUNT(*) FROM sessions WHERE {mine} FOR UPDATE;\n") as holder:
            holder.stdout.readline()
            asking = threading.Thread(target=lambda: tickets.append(ticket_of(stack, self.client)))
            asking.start()
            eventually(lambda: stack.as_root("SELECT 1 FROM information_schema.processlist WHERE info LIKE"
                                             " 'UPDATE sessions SET last_seen_at%'"), "a worker that waits")
            heard = stack.status()["changes_heard"]
            stack.as_owner(
                "INSERT INTO changes (company_id, id, what, user_id, login, date) VALUES"
                f" (UNHEX('{company}'), UNHEX('{uuid.uuid4().hex}'), 'user', UNHEX('{user}'), '',"
                " UTC_TIMESTAMP(6))", stack.env["DB_NAME"])
            eventually(lambda: stack.status()["changes_heard"] > heard, "the ending")
            holder.stdin.write("ROLLBACK;\n")
            holder.stdin.close()
            holder.stdout.read()
        asking.join()
        self.assertEqual([show(stack, each) for each in tickets], [503])


class OtherAnswers(unittest.TestCase):
    def test_of_the_application_lead_nginx_nowhere_but_on_the_route_of_events(self):
        stack.do("app-stop")
        try:
            with liar(stack.socket):
                for path in ("/api/v1/auth/me", "/api/v2/events", "/api/", "/docs/", "/healthz"):
                    client = stack.client()  # raw: what the liar says is none of the answers that are described
                    answer = client.raw(client.head("GET", path))
                    self.assertEqual((answer.status, answer.text), (200, "what the application said"), path)
                answer = stack.client().get(EVENTS)  # there it goes on, with a ticket that is none
                self.assertEqual(answer.status, 503)
                self.assertNotIn("application", answer.text)
        finally:
            stack.do("app-start")

    def test_bring_the_ticket_alone_and_nothing_of_what_the_client_sent(self):
        stack.do("app-stop")
        stack.do("events-stop")
        try:
            with liar(stack.socket), refuser(stack.env["EVENTS_SOCKET"]) as heard:
                answer = stack.client().get(EVENTS + "?a=b", {
                    "Cookie": "sessionid=secret", "Authorization": "Bearer secret", "X-Secret": "secret",
                    "X-Partywall-Ticket": "mine", "Last-Event-ID": "secret"})
                self.assertEqual((answer.status, answer.headers["Retry-After"]), (503, "30"))
                self.assertEqual(answer.json()["code"], "unavailable")
                self.assertIn("X-Partywall-Ticket: AAAA\r\n", heard[0])
                self.assertNotIn("secret", heard[0])
                self.assertNotIn("mine", heard[0])
        finally:
            stack.do("events-start")
            stack.do("app-start")


class TwoHosts(unittest.TestCase):
    def test_a_stream_is_held_on_the_host_whose_worker_let_somebody_in(self):
        with App(stack, is_another_host=True) as other:
            events = subprocess.Popen([stack.env["BINARY"], "events", "-c", other.config],
                                      stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                eventually(lambda: other.status()["events"] == "up", "a beat")
                self.tell_nginx_of(other)
                client = stack.client().sign_up()
                stack.do("app-stop")  # nginx finds nobody there, and asks the other one
                with Stream(client):
                    self.assertEqual(other.status()["streams"], 1)
            finally:
                events.terminate()
                events.wait()
                stack.do("app-start")

    def tell_nginx_of(self, other):
        """As hosts_partywall.conf says."""
        folder = stack.state / "nginx"
        main, hosts = folder / "nginx.conf", folder / "snippets/hosts_partywall.conf"
        mine = f'server "unix:{stack.socket}";'
        main.write_text(main.read_text().replace(mine, f'{mine}\n    server "unix:{other.socket}";'))
        text = hosts.read_text().replace(
            "default partywall_events;",
            f'default partywall_events;\n  "~(^|[ ,:])unix:{other.socket}$" partywall_events_2;')
        hosts.write_text(f'upstream partywall_events_2 {{\n  server "unix:{other.folder}/events.sock";\n}}\n{text}')
        nginx = stack.pid("nginx")
        before = children(nginx)
        os.kill(nginx, signal.SIGHUP)
        eventually(lambda: children(nginx) - before and stack.client().get("/healthz").status == 200, "other workers")


@contextlib.contextmanager
def refuser(path):
    """In the place of `partywall events`: has no room, and would lead nginx elsewhere. Yields what it was sent."""
    heard = []

    def answer(connection):
        heard.append(connection.recv(65536).decode())
        connection.sendall(b"HTTP/1.1 503 Full\r\nRetry-After: 30\r\nX-Accel-Redirect: /docs/\r\n"
                           b"Content-Length: 0\r\nConnection: close\r\n\r\n")
    with listening(path, answer):
        yield heard


@contextlib.contextmanager
def liar(path):
    """In the place of the application: sends nginx to the streams, whatever it is asked."""
    def record(kind, content):
        return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content
    head = (b"Content-Type: text/plain\r\nX-Accel-Redirect: /.events/\r\nX-Partywall-Ticket: AAAA\r\n"
            b"\r\nwhat the application said")

    def answer(connection):
        connection.recv(65536)
        connection.sendall(record(6, head) + record(6, b"") + record(3, bytes(8)))
    with listening(path, answer):
        yield


@contextlib.contextmanager
def listening(path, answer):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        os.chmod(path, 0o666)
        listener.listen(16)

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        answer(connection)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    os.unlink(path)


if __name__ == "__main__":
    unittest.main()
