#!/usr/bin/env python3
"""tests/api/long_requests_test.py — long queries, cookies and headers: no answer's head grows with them.

nginx takes 16 KiB of headers off the application, and would answer 502 beyond.
"""
import subprocess
import unittest
from urllib.parse import quote, urlencode

from client import PASSWORD
from support import Stack

LONG = 7000  # nginx takes lines of 8 KiB
MOST_HEAD = 3000
NOBODY = "01890a5d-ac96-774b-bcce-b302099a8057"
FORM = "application/x-www-form-urlencoded"


def many(piece):
    return (piece * (LONG // len(piece) + 1))[:LONG]


QUERIES = {
    "an unknown parameter": "limit=1&x=" + many("a"),
    "many of them": "limit=1&" + many("a=1&"),
    "what must be escaped": "limit=1&x=" + many("!"),
    "a filter": "limit=1&name=" + many("!"),
    "one that comes often": many("limit=1&"),
    "two that come often": many("order=date&limit=1&"),
    "zeros": "limit=" + many("0") + "1",
    "a time": "limit=1&since=2018-01-01T00:00:00." + many("0"),
    "a format": "limit=1&format=" + many("json"),
    "a cursor": "limit=1&cursor=" + many("A"),
    "where to go on": "next=/" + many("a"),
}


class LongRequests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()
        cls.client = cls.stack.client().sign_up()
        lines = subprocess.run([cls.stack.env["BINARY"], "routes"], check=True, text=True,
                               stdout=subprocess.PIPE).stdout.splitlines()
        cls.paths = sorted({line.split()[1] for line in lines})

    def answered(self, answer):
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
        self.assertLess(answer.status, 500, answer.body[:200])
        self.assertLess(head, MOST_HEAD, answer.headers)

    def test_no_header_of_an_answer_grows_with_the_query(self):
        for path in self.paths:
            path = path[:path.find("{")] + NOBODY if "{" in path else path
            for what, query in QUERIES.items():
                for accept in ("application/json", "text/html"):
                    for url in {path, path.rstrip("/")}:
                        with self.subTest(url=url, what=what, accept=accept):
                            self.answered(self.client.get(f"{url}?{query}", {"Accept": accept}))

    def test_a_link_still_leads_to_the_next_page(self):
        answer = self.client.get("/api/v1/accounts/users/?limit=1&x=" + many("a"))
        self.answered(answer)
        link = answer.headers["Link"]
        self.assertIn("?limit=1&cursor=", link)
        following = self.client.get(link[link.find("/api"):link.find(">")])
        self.assertEqual([row["username"] for row in following.json()],
                         [self.client.colleague["username"]])

    def test_no_header_of_an_answer_grows_with_cookies_and_headers(self):
        for headers in ({"Cookie": "a=" + many("b")}, {"Cookie": many("k=1; ")},
                        {"Cookie": "sessionid=" + many("A")}, {"Cookie": "csrftoken=" + many("A")},
                        {"Accept": many("a/b, ")}, {"Accept": "text/html;" + many("q=1;")},
                        {"Authorization": "Bearer " + many("A")},
                        {"Authorization": "Basic " + many("zIHM")},
                        {"If-None-Match": many('"x", ')}, {"User-Agent": many("x")},
                        {"Origin": "http://" + many("x")}, {"X-Company": many("x")}):
            for path in ("/api/v1/user-messages/", "/api/v1/auth/login/", "/api/v1/customers"):
                with self.subTest(path=path, headers=str(headers)[:60]):
                    self.answered(self.stack.client().get(path, headers))

    def test_a_login_goes_on_at_no_long_address(self):
        for start, following in (("/api/v1/customers/?x=", "/api/v1/accounts/users/"),
                                 ("//elsewhere/", "/api/v1/accounts/users/")):
            client = self.stack.client()
            client.get("/api/v1/auth/login/")
            body = urlencode({"username": self.client.name, "password": PASSWORD,
                              "csrfmiddlewaretoken": client.cookies["csrftoken"],
                              "next": start + many("a")})
            answer = client.post("/api/v1/auth/login/", body, kind=FORM)
            self.answered(answer)
            self.assertEqual((answer.status, answer.headers["Location"]), (302, following))

    def test_what_is_not_a_choice_is_quoted_in_part(self):
        answer = self.client.get("/api/v1/user-messages/?order=" + quote("é" * 1000))
        self.assertEqual(answer.status, 400)
        sentence = answer.json()["order"][0]
        self.assertLess(len(sentence), 300)
        self.assertTrue(sentence.startswith('"éé') and sentence.endswith('is not a valid choice.'))


if __name__ == "__main__":
    unittest.main()
