#!/usr/bin/env python3
"""tests/api/nginx_test.py — nginx before the application: what it tells it, and how it refuses by itself."""
import contextlib
import os
import socket
import struct
import threading
import unittest

from client import FastCgi
from refusal import assert_nginx_refuses
from support import Stack


def setUpModule():
    global stack
    stack = Stack.own()
    stack.do("app-stop")


def read_params(connection):
    """The parameters of a request, in the order in which they came."""
    text = b""
    with connection.makefile("rb") as stream:
        while True:
            kind, length, padding = struct.unpack(">xBxxHBx", stream.read(8))
            content = stream.read(length + padding)[:length]
            if kind == FastCgi.PARAMS and not content:
                break
            text += content if kind == FastCgi.PARAMS else b""
    pairs = []
    while text:
        sizes = []
        for _ in range(2):
            long = text[0] & 0x80
            sizes.append(struct.unpack(">I", text[:4])[0] & 0x7fffffff if long else text[0])
            text = text[4 if long else 1:]
        pairs.append((text[:sizes[0]].decode(), text[sizes[0]:sum(sizes)].decode("latin-1")))
        text = text[sum(sizes):]
    return pairs


class Handover(unittest.TestCase):
    def ask(self, path, *headers, reply=True):
        """Sends a request through nginx to ourselves; returns its parameters and nginx's answer."""
        params = []

        def serve():
            connection, _ = listener.accept()
            with connection:
                params.extend(read_params(connection))
                if reply:
                    connection.sendall(FastCgi.record(6, b"Status: 200\r\n\r\nHello") +
                                       FastCgi.record(3, b"\0" * 8))
        client = stack.client()
        with socket.socket(socket.AF_UNIX) as listener, contextlib.ExitStack() as ending:
            listener.settimeout(30)
            listener.bind(stack.socket)
            ending.callback(os.unlink, stack.socket)
            listener.listen()
            thread = threading.Thread(target=serve)
            thread.start()
            answer = client.raw(client.head("GET", path, *headers))
            thread.join()
        return params, answer

    def test_the_path_is_raw_and_the_host_has_its_port(self):
        params, answer = self.ask("/api/a%2Fb/../c//d?x=%ff")
        self.assertEqual((answer.status, answer.body), (200, b"Hello"))
        self.assertEqual(dict(params)["REQUEST_URI"], "/api/a%2Fb/../c//d?x=%ff")
        self.assertEqual(dict(params)["HTTP_HOST"], f"127.0.0.1:{stack.port}")
        self.assertEqual(dict(params)["REQUEST_ID"], answer.headers["X-Request-Id"])

    def test_neither_proxy_nor_names_with_an_underscore_are_handed_over(self):
        params, _ = self.ask("/api/", "Proxy: http://evil.example", "proxy: evil", "X_Id: evil")
        self.assertNotIn("evil", str(params))

    def test_headers_that_come_twice_are_handed_over_twice_or_joined(self):
        params, _ = self.ask("/api/", "X-Company: a", "X-Company: b", "Cookie: a=1", "Cookie: b=2")
        for name, values, between in (("HTTP_X_COMPANY", ["a", "b"], ", "),
                                      ("HTTP_COOKIE", ["a=1", "b=2"], "; ")):
            self.assertIn([value for key, value in params if key == name],
                          (values, [between.join(values)]))  # nginx 1.22 and 1.26

    def test_an_application_that_gives_no_answer_is_a_503(self):
        for path, code in (("/api/v1/", None), ("/api/v2/", "unavailable")):
            _, answer = self.ask(path, reply=False)
            sentence = assert_nginx_refuses(self, answer, 503, code)
            self.assertEqual((sentence, answer.headers["Retry-After"]), ("Service is temporarily unavailable.", "1"))
        self.assertRegex(answer.headers["X-Request-Id"], "^[0-9a-f]{32}$")


# The rest of a request's first line, after "GET " and its version, and what comes then: the refusal, and its code.
REFUSED = {
    b"/%00 HTTP/1.1": (400, "invalid"),
    b"/%zz HTTP/1.1": (400, "invalid"),
    b"/../../../x HTTP/1.1": (400, "invalid"),
    b"/a b HTTP/1.1": (400, "invalid"),
    b"/\x01 HTTP/1.1": (400, "invalid"),
    b" HTTP/1.1\r\nHost: a b": (400, "invalid"),
    b"/customers/?" + b"x" * 10_000 + b" HTTP/1.1": (414, "uri_too_long"),
    b"/customers/ HTTP/9.9": (505, "http_version"),
    b"/customers/ HTTP/1.1\r\nX: " + b"x" * 10_000: (431, "headers_too_large"),
    b"/customers/ HTTP/1.1\r\nTransfer-Encoding: gzip": (501, "not_implemented"),
    b"/customers/ HTTP/1.1\r\nContent-Length: 2000000": (413, "too_large"),
    b"/customers/ HTTP/1.1": (503, "unavailable"),  # nobody is there
}


class Refusals(unittest.TestCase):
    def ask(self, line):
        rest = b"\r\nConnection: close\r\n" + (b"" if b"Host:" in line else b"Host: localhost\r\n")
        return stack.client().raw(line + rest + b"\r\n")

    def test_each_is_in_the_form_of_the_version_that_the_request_begins_with_and_says_the_same_in_both(self):
        for rest, (status, code) in REFUSED.items():
            for host in (b"", b"http://localhost", b"HTTPS://localhost:80"):
                with self.subTest(rest=rest[:60], host=host):
                    first = assert_nginx_refuses(self, self.ask(b"GET " + host + b"/api/v1" + rest), status)
                    second = assert_nginx_refuses(self, self.ask(b"GET " + host + b"/api/v2" + rest), status, code)
                    self.assertEqual(first, second)

    def test_what_the_newest_version_answers_is_refused_in_its_form(self):
        for path in (b"/api", b"/api/", b"/api?x=1", b"/api/?x=1", b"/docs", b"/docs/", b"/docs/?x", b"/api/v2"):
            for line, status, code in ((b"TRACE %s HTTP/1.1", 405, "method_not_allowed"),
                                       (b"GET %s HTTP/9.9", 505, "http_version"),
                                       (b"POST %s HTTP/1.1\r\nContent-Length: 2000000", 413, "too_large"),
                                       (b"GET %s HTTP/1.1", 503, "unavailable")):
                with self.subTest(path=path, line=line):
                    assert_nginx_refuses(self, self.ask(line % path), status, code)

    def test_what_only_looks_like_version_2_and_what_is_no_request_is_in_the_form_of_version_1(self):
        for line in (b"GET /api/v22/%00 HTTP/1.1", b"GET /api/v1/%00?/api/v2/ HTTP/1.1", b"GET /x/api/v2/%00 HTTP/1.1",
                     b"GET http://a/x/api/v2/%00 HTTP/1.1",
                     b"GET http://a?/api/v2/ HTTP/1.1\r\nHost: a b", b"GET /api/x%00 HTTP/1.1", b"GET /docs/x%00 HTTP/1.1",
                     b"GET", b"\0\1\2", b"/api/v2/ HTTP/1.1"):
            with self.subTest(line=line):
                assert_nginx_refuses(self, self.ask(line), 400)


class Files(unittest.TestCase):
    def test_what_browsers_ask_for_by_themselves_is_there(self):
        picture, answer = stack.client().get("/icon.svg"), stack.client().get("/favicon.ico")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "image/svg+xml"))
        self.assertEqual((answer.body, answer.headers["ETag"]), (picture.body, picture.headers["ETag"]))

    def test_the_description_of_the_newest_version_is_found_whatever_host_was_asked_for(self):
        for name in ("/openapi.json", "/openapi.yaml"):
            answer = stack.client().get(name, headers={"Host": "elsewhere.example"})
            self.assertEqual((answer.status, answer.headers["Location"]), (302, "/api/v2" + name))


if __name__ == "__main__":
    unittest.main()
