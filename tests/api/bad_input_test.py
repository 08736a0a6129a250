#!/usr/bin/env python3
"""tests/api/bad_input_test.py — bodies, fields and query parameters that must be refused."""
import gzip
import socket
import unittest

from client import JSON, PASSWORD, FastCgi
from refusal import Refusals
from support import Stack

SIGN_UP = "/api/v1/accounts/"
USERS = "/api/v1/accounts/users/"
COMPANY = "/api/v1/accounts/company"
MESSAGES = "/api/v1/user-messages/"
LOGIN = "/api/v1/auth/login/"
FORM = "application/x-www-form-urlencoded"
LIMIT = 1 << 20  # max_body_bytes

# Not JSON, or JSON that one reader takes for this and another one for that.
NO_JSON = [
    b" ", b"{", b"}", b"[", b'"', b"\\", b"nul", b"True", b"{'a': 1}", b"{a: 1}", b'{"a" 1}',
    b'{"a":}', b'{"a":1,}', b"[1,]", b"[,1]", b"[1 2]", b"01", b"+1", b".5", b"1.", b"-", b"1e",
    b"0x10", b"NaN", b"-Infinity", b'{"a":"\x01"}', b'{"a":"\n"}', b'"\\x41"', b'"\\u12"',
    b"{} {}", b'{"a":1}x', b"{}\0", b'{"a":1}\0rest', b"\0", b"/**/{}", b"\xef\xbb\xbf{}",
    '{"a":1}'.encode("utf-16"), b'{"a":1,"a":1}', b'{"a":1,"b":2,"\\u0061":3}',
    b'{"a":{"b":[{"c":1,"c":2}]}}', b'{"text":"\xff"}', b'{"\xff":1}', b'"\xc0\xaf"',
    b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'"\xe2\x82"', b'"\\ud800"', b'"\\udc00\\ud800"',
    b'{"text":"\\udc00"}', b'{"\\ud800":1}', b'"\\ud800\\u0041"',
    b"[0.000000000000000000001e-2147483639]x",  # without the x: JSON, and no reader may die of it
    b"[" * 33 + b"]" * 33, b'{"a":' * 33 + b"1" + b"}" * 33, b"[" * 200_000, b'{"a":' * 150_000,
    b"[" * 200_000 + b"]" * 200_000, b"1" * 5000, gzip.compress(b'{"text":"Hello"}'),
]

# JSON all of it, so that the fields are what is refused.
NO_OBJECT = [
    b"[0.000000000000000000001e-2147483639]", b"[1e999999999999999999999]", b"[]", b'"text"', b"5",
    b"-0.0", b"true", b"null", b"[" * 32 + b"]" * 32, b"[" + b"[]," * 100_000 + b"[]]",
]


class Bodies(Refusals):
    def targets(self):
        yield "POST", MESSAGES
        yield "POST", USERS
        yield "POST", SIGN_UP
        yield "POST", LOGIN
        yield "PATCH", COMPANY
        yield "PUT", USERS + self.client.user["id"]

    def test_what_is_no_json_is_a_400_that_says_so(self):
        for method, path in self.targets():
            for body in NO_JSON:
                with self.subTest(path=path, body=body[:40]):
                    answer = self.client.send(method, path, body)
                    self.refused(answer, 400, "^JSON parse error - ")

    def test_what_is_json_but_no_object_is_refused_as_a_whole(self):
        for method, path in self.targets():
            for body in NO_OBJECT:
                with self.subTest(path=path, body=body[:40]):
                    answer = self.client.send(method, path, body)
                    self.assertEqual(list(self.refused(answer, 400)), ["non_field_errors"])

    def test_a_value_that_is_nested_as_deeply_as_allowed_is_read(self):
        for deepest, refusal in ((31, "Not a valid string."), (32, None)):
            body = b'{"text":' + b"[" * deepest + b"]" * deepest + b"}"
            refusal = self.refused(self.client.post(MESSAGES, body), 400)
            self.assertEqual("detail" in refusal, deepest == 32, refusal)

    def test_a_body_over_the_limit_is_a_413_on_every_url(self):
        for size in (LIMIT + 1, 3 * LIMIT):
            for path in (MESSAGES, SIGN_UP, "/api/v1/nothing"):
                answer = self.client.post(path, b" " * size)
                self.refused(answer, 413, "^Request body is too large.$")
        straight = FastCgi(self.stack.socket).ask("POST", SIGN_UP, b" " * 100, LIMIT + 1)
        self.refused(straight, 413, "^Request body is too large.$")

    def test_a_body_of_chunks_over_the_limit_is_a_413(self):
        chunk = b"%x\r\n" % 65536 + b" " * 65536 + b"\r\n"
        head = self.client.head("POST", MESSAGES, "Transfer-Encoding: chunked",
                                "Content-Type: " + JSON)
        answer = self.client.raw(head + chunk * 17 + b"0\r\n\r\n")
        self.refused(answer, 413)

    def test_a_body_that_is_shorter_than_declared_is_not_executed(self):
        body = b'{"username":"early","password":"%s"}' % PASSWORD.encode()
        for declared in (len(body) + 1, 1000):
            answer = FastCgi(self.stack.socket).ask("POST", USERS, body, declared, **self.cookies())
            self.refused(answer, 400, "incomplete")

    def test_a_length_that_is_no_number_is_refused(self):
        body = b'{"name":"New"}'
        for declared in ("abc", "-1", "+14", "1e1", "14x", " 14", "99999999999999999999999"):
            with self.subTest(declared=declared):
                answer = FastCgi(self.stack.socket).ask("PATCH", COMPANY, body, declared,
                                                        **self.cookies())
                self.refused(answer, 400)

    def cookies(self):
        headers = self.client.credentials()
        return {"HTTP_COOKIE": headers["Cookie"], "HTTP_X_CSRFTOKEN": headers["X-CSRFToken"]}

    def test_a_client_that_goes_away_before_its_body_is_complete_changes_nothing(self):
        whole = b'{"username":"early","password":"%s"}' % PASSWORD.encode()
        for part in (b"", whole[:20], whole):
            with socket.create_connection(("127.0.0.1", self.stack.port)) as connection:
                connection.sendall(self.client.head("POST", USERS, "Content-Length: 1000",
                                                    "Content-Type: " + JSON) + part)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(1000):  # until nginx has noticed
                    pass

    def test_a_media_type_that_is_not_read_is_a_415(self):
        for kind in ("text/plain", "application/xml", "", "x", "application/json2", "\x01\x7f",
                     b"application/\xff", "text/html; charset=\"", "multipart/mixed; boundary=x"):
            with self.subTest(kind=kind):
                answer = self.client.post(MESSAGES, b'{"text":"Hello"}', kind=kind)
                self.refused(answer, 415, '^Unsupported media type ".*" in request.$')

    def test_malformed_multipart_is_refused(self):
        field = b'Content-Disposition: form-data; name="username"\r\n\r\nx\r\n'
        cases = [("", b"--x\r\n" + field + b"--x--"), ("; boundary=", b"--\r\n" + field + b"----"),
                 ("; boundary=y", b"--x\r\n" + field + b"--x--\r\n"),
                 ("; boundary=" + "x" * 71, b"--" + b"x" * 71 + b"--"),
                 ("; boundary=\"x", b"--x--"), ("; boundary=x; boundary=y", b"--x--")]
        cases += [("; boundary=x", body) for body in (
            b"x", b"--x", b"--x\r\n", b"--x\r\n" + field, b"--x\r\n" + field + b"--x",
            b"--x\r\n\r\nx\r\n--x--", b"--x\r\nContent-Disposition: attachment\r\n\r\n\r\n--x--",
            b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--", b"--x\n" + field + b"--x--",
            b"--x\r\n\0: x\r\n" + field + b"--x--", b"--x\r\n" + field + b"--x--\r\nmore",
            b"--x\r\n" + b"A: b\r\n" * 5000 + field + b"--x--", b"--x\r\n" + field * 1001,
            (b"--x\r\n" + field) * 1001 + b"--x--")]
        for parameters, body in cases:
            with self.subTest(parameters=parameters, body=body[:60]):
                kind = "multipart/form-data" + parameters
                self.refused(self.client.post(USERS, body, kind=kind), 400)

    def test_forms_with_malformed_text_or_too_many_fields_are_refused(self):
        multipart = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n%b\r\n--x--'
        for kind, body in ((FORM, b"username=%ff&password=" + PASSWORD.encode()),
                           (FORM, b"username=\xff"), (FORM, b"%c0%af=x"), (FORM, b"username=%00"),
                           (FORM, b"username=%ed%a0%80"), (FORM, b"a&" * 1001),
                           ("multipart/form-data; boundary=x", multipart % b"\xff"),
                           ("multipart/form-data; boundary=x", multipart % b"a\0b")):
            with self.subTest(body=body[:60]):
                self.refused(self.client.post(USERS, body, kind=kind), 400)


class Fields(Refusals):
    def test_values_of_a_wrong_type_or_size_are_refused_by_the_name_of_their_field(self):
        good = {"username": "fine", "password": PASSWORD}
        texts = [True, [], {}, ["x"], {"x": 1}, None, "", " ", "a\0b"]
        self.each_is_refused("POST", USERS, good, {
            "username": texts + ["x" * 151, "\u00e9" * 151, "x" * 500_000, "a b", "a/b", "<b>",
                                 "\u202e", self.client.name, self.client.name.upper() + " "],
            "password": [True, [], {}, None, "", "a\0b0483-Bead", "x" * 129, "x" * 500_000, "short",
                         "password", "12345678901"],
            "role": [True, [], {}, None, "", "boss", "ADMIN", " admin", 1, "admin\0",
                     "x" * 500_000]})
        self.each_is_refused("PATCH", COMPANY, {}, {"name": texts + ["x" * 101, "\U0001f600" * 101],
                                                    "address": [True, [], {}, None, "x" * 251]})
        stranger, colleague = self.other.user["url"], self.client.colleague["url"]
        self.each_is_refused("POST", MESSAGES, {"to_user": colleague, "text": "Hello"}, {
            "text": texts, "to_user": texts + [
                5, 1.5, stranger, self.client.user["url"], colleague + "/", colleague.upper(),
                colleague.replace("users", "user"), colleague.replace("/api", "/x/../api"),
                colleague[:-1], colleague[-36:], MESSAGES + colleague[-36:], "//", "http:",
                "http://", "javascript:alert(1)", "' OR 1=1 -- ", "\u202e", "x" * 500_000]})

    def each_is_refused(self, method, path, good, bad):
        for field, values in bad.items():
            for value in values:
                with self.subTest(path=path, field=field, value=str(value)[:40]):
                    answer = self.client.send(method, path, {**good, field: value})
                    self.assertEqual(list(self.refused(answer, 400)), [field])

    def test_a_sign_up_names_the_field_within_its_part(self):
        user = {"username": "fine", "password": PASSWORD}
        for company, field in ((5, "non_field_errors"), ([], "non_field_errors"), ({}, "name"),
                               ({"name": []}, "name"), ({"name": "x" * 101}, "name")):
            answer = self.client.post(SIGN_UP, {"company": company, "user": user})
            self.assertEqual(list(self.refused(answer, 400)["company"]), [field])

    def test_odd_and_too_many_keys_are_refused(self):
        for keys in ({"\ud83d": 1}, {"": 1}, {"__proto__": {}}, {"a.b": 1}, {"username\0": "x"},
                     {str(number): number for number in range(50_000)}):
            answer = self.client.post(USERS, keys)
            self.refused(answer, 400)


class Query(Refusals):
    BAD = {
        "limit": ["", "0", "-1", "101", "abc", "1.5", "1e1", "%D9%A3", "+1", "%2B1", "1%00", "%ff",
                  "99999999999999999999", "1%20OR%201"],
        "cursor": ["", "x", "AAAA", "%ff", "%00", "A" * 31, "A" * 33, "f" + "_" * 31, "=" * 32,
                   "A" * 6000],
        "from_user": ["", "x", "%ff", "0" * 36, "../" * 12], "to_user": ["5", "%27"],
        "with": ["", "null", "%00" * 36],
        "since": ["", "yesterday", "2018-13-01T00:00:00Z", "2018-02-30T00:00:00Z", "5", "%ff",
                  "10000-01-01T00:00:00Z", "2018-01-01T25:00:00Z", "2018-01-01T00:00:00+99:99"],
        "until": ["", "2018", "now()", "2018-01-01T00:00:00.Z"],
        "read": ["", "yes", "TRUE", "%ff", "%22%3E%3Cscript%3E", "true%00"],
        "order": ["", "-id", "date%20DESC", "%ff"],
    }

    def test_malformed_parameters_are_named(self):
        for name, values in self.BAD.items():
            paths = (USERS, MESSAGES) if name in ("limit", "cursor") else (MESSAGES,)
            for path, value in ((path, value) for path in paths for value in values):
                with self.subTest(path=path, name=name, value=value[:40]):
                    answer = self.client.get(f"{path}?{name}={value}")
                    self.assertEqual(list(self.refused(answer, 400)), [name])

    def test_all_of_them_are_named_at_once(self):
        query = "&".join(f"{name}={values[0]}" for name, values in self.BAD.items())
        refusal = self.refused(self.client.get(f"{MESSAGES}?{query}"), 400)
        self.assertEqual(set(refusal), set(self.BAD))

    def test_an_unknown_format_is_a_404(self):
        for value in ("", "xml", "%ff", "json%00", "JSON", "../json"):
            self.refused(self.client.get(f"{USERS}?format={value}"), 404, "^Not found.$")


class Accepted(unittest.TestCase):
    def test_a_body_of_exactly_the_limit_is_read(self):
        client = Stack.shared().client().sign_up()
        message = b'{"to_user":"%s","x":"%%s","text":"Hi"}' % client.colleague["url"].encode()
        rest = b"x" * (LIMIT - len(message % b""))
        answer = client.must(201, client.post(MESSAGES, message % rest))
        self.assertEqual(answer["text"], "Hi")


if __name__ == "__main__":
    unittest.main()
