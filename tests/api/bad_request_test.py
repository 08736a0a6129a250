#!/usr/bin/env python3
"""tests/api/bad_request_test.py — URLs, methods, headers and origins that must be refused.

http.client is too polite for most of it: these requests are written by hand.
"""
import base64
import gzip
import json
import random
import unittest
import uuid
from urllib.parse import urlencode

from client import JSON, PASSWORD, FastCgi, as_bytes
from refusal import Refusals
from support import Stack

USERS = "/api/v1/accounts/users/"
COMPANY = "/api/v1/accounts/company"
MESSAGES = "/api/v1/user-messages/"
LOGIN = "/api/v1/auth/login/"
ME = "/api/v1/auth/me"
FORM = "application/x-www-form-urlencoded"
CSRF = "^CSRF Failed: "


class Urls(Refusals):
    def test_an_id_in_any_other_spelling_is_a_404(self):
        user = self.client.user["id"]
        for bad in (user[:-1], user + "0", user.upper(), user.replace("-", ""), "{" + user + "}",
                    user.replace("-", "_"), user[:-1] + "g", "0", "-1", "me", user[:-1] + "%30",
                    user + "/", user + "%20", "%FF", "..", "'%20OR%201=1", "a" * 36, user + ";x"):
            for method, path in (("GET", USERS + bad), ("GET", MESSAGES + bad),
                                 ("DELETE", USERS + bad), ("PUT", MESSAGES + bad + "/read")):
                with self.subTest(method=method, path=path):
                    self.refused(self.client.send(method, path), 404, "^Not found.$")

    def test_a_url_in_any_other_spelling_is_a_404(self):
        for path in ("/api//v1/accounts/users/", "/api/v1/accounts//users/", USERS + "/",
                     "/api/v1/x/../accounts/users/", "/api/v1/./accounts/users/", "/api/a%2Fb/../c",
                     "/api/v1/%61ccounts/users/", "/api/v1/Accounts/users/",
                     "/api/v1/accounts%2Fusers/", USERS[:-1] + "%2f",
                     USERS + ";x", USERS + "%20", USERS + "#", USERS[:-1] + "\\", USERS + ".",
                     USERS.encode() + b"\xff", USERS + "%C0%AF", b"/api/\xc0\xaf",
                     "/api/../healthz", "/api/%2e%2e/metrics", "/healthz/.." + USERS,
                     "/api/" + "x" * 4000):
            for method in ("GET", "POST"):
                with self.subTest(method=method, path=path):
                    body = json.dumps({"username": "new", "password": PASSWORD}).encode()
                    head = self.client.head(method, path, f"Content-Type: {JSON}",
                                            f"Content-Length: {len(body)}")
                    self.refused(self.client.raw(head + body), 404, "^Not found.$")

    def test_urls_that_nginx_refuses_itself_are_refused_as_json(self):
        for path in ("/api/\0", "/api/\x01", "/api/\x7f", "/api/%00", "/api/%zz", "/api/%",
                     "/../api/v1/auth/me", "api/v1/auth/me"):
            with self.subTest(path=path):
                self.refused(self.client.raw(self.client.head("GET", path)), 400)
        self.refused(self.client.raw(self.client.head("GET", "/api/" + "x" * 10_000)), 414)

    def test_a_method_that_a_url_does_not_know_is_a_405_with_those_that_it_knows(self):
        for path, methods in ((USERS, "PUT PATCH DELETE"), (COMPANY, "POST DELETE"),
                              (USERS + self.client.user["id"], "POST"), (ME, "POST PUT"),
                              ("/api/v1/accounts/", "GET"), (MESSAGES, "DELETE"),
                              (MESSAGES + str(uuid.uuid4()), "DELETE")):
            for method in methods.split() + ["PROPFIND", "MKCOL", "LOCK", "FOO", "G-T", "TRACE"]:
                with self.subTest(method=method, path=path):
                    answer = self.client.raw(self.client.head(method, path))
                    self.refused(answer, 405, f'^Method "{method}" not allowed.$')
                    if method != "TRACE":  # nginx's own refusal
                        self.assertIn("OPTIONS", answer.headers["Allow"])
                        self.assertNotIn(method, answer.headers["Allow"])

    def test_what_is_no_method_or_no_request_at_all_is_refused(self):
        for method, status in (("get", 400), ("GE T", 400), ("P\u00d6ST", 400), ("", 400),
                               ("CONNECT", 405), ("G\x01T", 400)):
            with self.subTest(method=method):
                self.refused(self.client.raw(self.client.head(method, USERS)), status)
        for line, status in ((b"GET /api/v1/auth/me HTTP/9.9", 505), (b"GET", 400),
                             (b"\0\1\2", 400), (b"\x16\x03\x01\x02\0\1\0\x01\xfc\3\3", 400)):
            with self.subTest(line=line):
                self.refused(self.client.raw(line + b"\r\nHost: localhost\r\n\r\n"), status)


class Headers(Refusals):
    def post(self, *headers, path=MESSAGES, body=None):
        """A good message, but for these headers."""
        message = {"to_user": self.client.colleague["url"], "text": "Hello"}
        body = json.dumps(message).encode() if body is None else body
        head = self.client.head("POST", path, f"Content-Type: {JSON}",
                                f"Content-Length: {len(body)}", *headers)
        return self.client.raw(head + body)

    def test_headers_that_count_once_may_not_come_twice(self):
        key = str(uuid.uuid4())
        # A newer nginx joins them to one; what comes twice then is the cookie.
        for name, value in (("Cookie", self.client.credentials()["Cookie"]),
                            ("Idempotency-Key", key), ("X-Company", self.client.company),
                            ("idempotency-KEY", key)):
            with self.subTest(name=name):
                self.refused(self.post(f"{name}: {value}", f"{name}: {value}"), 400, "only once")
        # This one nginx refuses itself; another server in front of us may not.
        self.refused(self.post("Authorization: Basic YTpi", "Authorization: Basic YTpi"), 400)
        for name, value in (("HTTP_AUTHORIZATION", "Basic YTpi"), ("HTTP_COOKIE", "a=b")):
            straight = FastCgi(self.stack.socket).ask("GET", ME, **{name: [value] * 2})
            self.refused(straight, 400, "only once")

    def test_cookies_of_ours_may_not_come_twice(self):
        mine, other = self.client.cookies, self.other.cookies
        for name in ("sessionid", "csrftoken"):
            for second in (other[name], mine[name], ""):
                with self.subTest(name=name, second=second):
                    cookie = self.client.credentials()["Cookie"] + f"; {name}={second}"
                    self.refused(self.client.get(ME, {"Cookie": cookie}), 400, "only once")
        # Names of others are no business of ours.
        cookie = self.client.credentials()["Cookie"] + "; a=1; a=2; Sessionid=x; __Host-sessionid=y"
        self.assertEqual(self.client.get(ME, {"Cookie": cookie}).status, 200)

    def test_headers_that_nginx_refuses_itself_are_refused_as_json(self):
        for header, status in (("Host: x", 400), ("Content-Length: 5", 400), ("X: a\0b", 400),
                               ("X: " + "x" * 9000, 431), ("Transfer-Encoding: gzip", 501),
                               ("Transfer-Encoding: chunked", 400)):
            with self.subTest(header=header[:40]):
                self.refused(self.post(header), status)
        many = [f"X-{number}: " + "x" * 4000 for number in range(20)]
        self.refused(self.post(*many), 431, "^Request headers are too large.$")
        for length in ("-1", "abc", "1e3", "0x10", "99999999999999999999999"):
            head = self.client.head("POST", MESSAGES, f"Content-Length: {length}")
            self.refused(self.client.raw(head), 400)
        chunks = self.client.head("POST", MESSAGES, "Transfer-Encoding: chunked") + b"xyz\r\n{}\r\n"
        self.refused(self.client.raw(chunks), 400)

    def test_keys_and_companies_that_are_no_uuid_are_refused_by_name(self):
        key = str(uuid.uuid4())
        for name in ("Idempotency-Key", "X-Company"):
            for value in ("", "x", key + "0", "{" + key + "}", key.replace("-", ""),
                          key[:-1] + "\x01", key.encode()[:-1] + b"\xff", "'", "x" * 5000):
                with self.subTest(name=name, value=value[:40]):
                    header = f"{name}: ".encode() + as_bytes(value)
                    self.assertEqual(list(self.refused(self.post(header), 400)), [name])
        self.refused(self.post(f"X-Company: {self.other.company}"), 409)
        answer = self.client.get(ME, {"X-Company": self.other.company})
        self.refused(answer, 409)

    def test_bytes_that_are_no_text_harm_no_header(self):
        for header, status in ((b"Accept: \xff/\xfe", 406), (b"Accept: a\x01b", 406),
                               (b"Origin: \xff", 403), (b"Origin: http://a\x01", 403)):
            with self.subTest(header=header):
                self.refused(self.post(header), status)
        for header in (b"Cookie: sessionid=\xff", b"Cookie: sessionid=\x01; \xff", b"Cookie: ;;=;=",
                       b"Cookie: sessionid=" + b"A" * 66, b"Cookie: sessionid", b"Cookie: ="):
            with self.subTest(header=header):
                request = b"GET " + ME.encode() + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                self.refused(self.client.raw(request + header + b"\r\n\r\n"), 401)
        for name in ("Accept-Language", "User-Agent", "Referer", "X-Forwarded-For", "Proxy"):
            head = self.client.head("GET", ME, name.encode() + b": \x01\xff{0}%s")
            self.assertEqual(self.client.raw(head).status, 200)

    def test_what_is_no_credential_is_a_401(self):
        for word in ("", " ", "!", "YQ==", "YTpi YTpi", base64.b64encode(b"\xff:\xff").decode(),
                     base64.b64encode(b"a\0b:c\0d").decode(), base64.b64encode(b":").decode(),
                     base64.b64encode(b"x" * 4000 + b":" + b"y").decode(), "\x01"):
            with self.subTest(word=word[:40]):
                answer = self.stack.client().get(ME, {"Authorization": "Basic " + word})
                self.refused(answer, 401)
                self.assertIn("WWW-Authenticate", answer.headers)

    def test_a_compressed_body_is_not_read_as_json(self):
        body = gzip.compress(b'{"to_user":"x","text":"Hello"}')
        self.refused(self.post("Content-Encoding: gzip", body=body), 400, "^JSON parse error")

    def test_no_url_names_a_foreign_host(self):
        cookie = self.client.credentials()["Cookie"]
        for headers in ("Host: evil.example", f"Host: 127.0.0.1:{self.stack.port}@evil.example",
                        "Host: evil.example:80",
                        "Host: localhost\r\nX-Forwarded-Host: evil.example",
                        "Host: localhost\r\nForwarded: host=evil.example;proto=https",
                        "Host: localhost\r\nX-Original-URL: //evil.example"):
            for path in (USERS + "?limit=1", USERS[:-1], "/", ME, "/api",
                         "http://evil.example" + ME, "http://evil.example" + USERS + "?limit=1"):
                with self.subTest(headers=headers, path=path):
                    answer = self.client.raw(f"GET {path} HTTP/1.1\r\nConnection: close\r\n"
                                             f"Cookie: {cookie}\r\n{headers}\r\n\r\n".encode())
                    self.assertLess(answer.status, 500)
                    self.assertNotIn("evil", str(answer.headers) + answer.text)

    def test_what_is_no_host_is_a_400(self):
        for host in ("", "a/b", "a b", "a\0", ".."):
            with self.subTest(host=host):
                request = f"GET {ME} HTTP/1.1\r\nConnection: close\r\nHost: {host}\r\n\r\n"
                answer = self.client.raw(request.encode())
                self.refused(answer, 400)
        self.refused(self.client.raw(f"GET {ME} HTTP/1.1\r\n\r\n".encode()), 400)


class Origins(Refusals):
    def test_a_foreign_origin_is_refused(self):
        ours = self.stack.env["URL"]
        for origin in ("http://evil.example", "null", "", "http://127.0.0.1", ours + "/",
                       ours + ".evil", ours.replace("http", "https"), ours.upper(),
                       ours + " http://evil.example"):
            with self.subTest(origin=origin):
                answer = self.client.send("PATCH", COMPANY, {"name": "X"}, {"Origin": origin})
                self.refused(answer, 403, CSRF)

    def test_a_csrf_token_that_is_missing_or_another_one_is_refused(self):
        mine = self.client.cookies["csrftoken"]
        others = self.other.cookies["csrftoken"]
        for method, path in (("PATCH", COMPANY), ("POST", USERS), ("FOO", USERS),
                             ("DELETE", USERS + str(uuid.uuid4())),
                             ("POST", "/api/v1/auth/logout/")):
            for token in ("", mine[:-1], mine + "A", others, mine.swapcase(), "x" * 5000, "\x01"):
                with self.subTest(method=method, path=path, token=token[:50]):
                    answer = self.client.send(method, path, {}, {"X-CSRFToken": token})
                    self.refused(answer, 403, CSRF)
        session = "sessionid=" + self.client.cookies["sessionid"]
        for cookie, token in ((session, mine), (session + "; csrftoken=", ""),
                              (session + "; csrftoken=short", "short")):
            answer = self.client.send("PATCH", COMPANY, {"name": "X"},
                                      {"Cookie": cookie, "X-CSRFToken": token})
            self.refused(answer, 403, CSRF)

    def test_a_token_in_the_form_counts_for_post_only(self):
        mine = self.client.cookies["csrftoken"]
        for method, path, token in (("PATCH", COMPANY, mine), ("PUT", COMPANY, mine),
                                    ("POST", USERS, mine[:-1]), ("POST", USERS, "%ff")):
            answer = self.client.send(method, path, f"name=X&csrfmiddlewaretoken={token}",
                                      {"X-CSRFToken": ""}, kind=FORM)
            self.refused(answer, 403, CSRF)
        answer = self.client.send("POST", USERS, f"csrfmiddlewaretoken={mine}",
                                  {"X-CSRFToken": ""}, kind=FORM)
        self.assertEqual(list(self.refused(answer, 400)), ["username", "password"])


class Junk(Refusals):
    def test_what_is_no_fastcgi_request_does_not_cost_a_worker(self):
        begin = FastCgi.record(1, b"\0\1\0\0\0\0\0\0")
        authorizer = FastCgi.record(1, b"\0\2\0\0\0\0\0\0")
        unknown_role = FastCgi.record(1, b"\0\x63\0\0\0\0\0\0")
        for junk in (b"", b"\0" * 8, b"\xff" * 8, b"GET / HTTP/1.1\r\n\r\n", begin[:4], begin * 3,
                     FastCgi.record(1, b""), authorizer, unknown_role, FastCgi.record(4, b""),
                     begin + FastCgi.record(2, b""), begin + FastCgi.record(99, b"x"),
                     begin + FastCgi.record(4, b"\5\5abc"), begin + FastCgi.record(4, b"\0\0") * 9,
                     begin + FastCgi.record(5, b"{}"), random.Random(0).randbytes(4000)):
            with self.subTest(junk=junk[:20]), FastCgi(self.stack.socket) as peer:
                try:
                    peer.connection.sendall(junk)
                except OSError:
                    pass  # it has been given up already
        for _ in range(2 * self.stack.size):
            self.assertEqual(FastCgi(self.stack.socket).ask("GET", "/healthz").status, 200)


class Login(unittest.TestCase):
    def test_it_leads_to_no_other_host(self):
        client = Stack.shared().client().sign_up()
        for path in ("//evil.example", "/\\evil.example", "///evil.example", "\\\\evil.example",
                     "http://evil.example", "https:evil.example", "javascript:alert(1)", "evil",
                     "/\t/evil.example", "/\r\n/evil.example", "/x\r\nLocation: //evil.example",
                     "\t//evil.example", " //evil.example", "/\0/evil.example", "@evil.example"):
            fields = {"username": client.name, "password": PASSWORD}
            for query, form in (("?" + urlencode({"next": path}), fields),
                                ("", {**fields, "next": path})):
                with self.subTest(path=path, query=query):
                    form["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
                    answer = client.post(LOGIN + query, urlencode(form), kind=FORM)
                    self.assertEqual(answer.status, 302)
                    self.assertEqual(answer.headers.get_all("Location"), [USERS])

    def test_a_path_of_ours_is_followed(self):
        client = Stack.shared().client().sign_up()
        form = {"username": client.name, "password": PASSWORD, "next": MESSAGES + "?read=false",
                "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        answer = client.post(LOGIN, urlencode(form), kind=FORM)
        self.assertEqual((answer.status, answer.headers["Location"]), (302, form["next"]))


if __name__ == "__main__":
    unittest.main()
