#!/usr/bin/env python3
"""tests/api/second_factor_proof_test.py — where a password is asked for once more, a code of who has a second factor is
asked for as well."""
import unittest

from client import PASSWORD
from commands import stack
from factors import ME, SecondFactor

NEW = "Bade-9175-Decaf!"


class Proof(SecondFactor):
    def setUp(self):
        super().setUp()
        self.boss = stack.client().sign_up()
        _, self.codes = self.set_up(self.boss.name, self.boss)

    def test_of_a_new_password_in_both_versions(self):
        for version, old, new in (("v1", PASSWORD, NEW), ("v2", NEW, PASSWORD)):
            url = f"/api/{version}/accounts/users/{self.boss.user['id']}"
            body = {"current_password": old, "password": new}
            if version == "v1":
                got = self.boss.send("PATCH", url, body)
                self.assertEqual((got.status, got.json()), (400, {"code": ["Enter a code of your second factor."]}))
            else:
                self.check_asks_for_a_code(lambda more: self.boss.send("PATCH", url, body | more))
            self.boss.must(200, self.boss.send("PATCH", url, body | {"code": self.codes.pop()}))

    def test_is_used_up_by_no_password_that_could_not_be_chosen(self):
        url = f"/api/v2/accounts/users/{self.boss.user['id']}"
        code = self.codes.pop()
        body = {"current_password": PASSWORD, "code": code}
        got = self.boss.send("PATCH", url, body | {"password": "short"})
        self.assertEqual({each["field"] for each in got.json()["errors"]}, {"password"})
        self.boss.must(200, self.boss.send("PATCH", url, body | {"password": NEW}))

    def test_of_ones_erasure_and_the_companys(self):
        company = lambda more: self.boss.send("DELETE", "/api/v2/accounts/company",
                                              {"name": "Acme", "current_password": PASSWORD} | more)
        self.check_asks_for_a_code(company)
        colleague = self.logged_in("b" + self.boss.name)
        _, codes = self.set_up("b" + self.boss.name, colleague)
        person = lambda more: colleague.send("DELETE", ME, {"current_password": PASSWORD} | more)
        self.check_asks_for_a_code(person)
        self.assertEqual(person({"code": codes.pop()}).status, 204)
        self.boss.must(200, company({"code": self.codes.pop()}))

    def test_of_the_link_to_an_export(self):
        made = self.boss.must(201, self.boss.post("/api/v2/exports/", {"kind": "personal"}))
        link = lambda more: self.boss.post(f"/api/v2/exports/{made['id']}/link", {"current_password": PASSWORD} | more)
        self.check_asks_for_a_code(link)
        self.assertIn(link({"code": self.codes.pop()}).status, (201, 409))  # 409: it is not made yet

    def test_of_ones_e_mail_address(self):
        url, body = "/api/v2/auth/email", {"current_password": PASSWORD}
        new = {"email": f"{self.boss.name}@example.org"}
        self.check_asks_for_a_code(lambda more: self.boss.send("PUT", url, body | new | more))
        self.boss.must(200, self.boss.send("PUT", url, body | new | {"code": self.codes.pop()}))
        self.check_asks_for_a_code(lambda more: self.boss.send("DELETE", url, body | more))

    def test_is_used_up_by_no_address_that_is_refused(self):
        code = self.codes.pop()
        url, body = "/api/v2/auth/email", {"current_password": PASSWORD, "email": f"{self.boss.name}@example.org"}
        for _ in range(3):
            self.boss.must(200, self.boss.send("PUT", url, body | {"code": self.codes.pop()}))
        self.assertEqual(self.boss.send("PUT", url, body | {"code": code}).status, 429)
        stack.as_owner("INSERT INTO mails SELECT UNHEX(REPLACE(UUID(), '-', '')), 'link', CONCAT(seq, '@example.com'),"
                       " CONCAT(seq, '@example.com'), '', 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_10000;")
        try:
            other = {"email": f"other.{self.boss.name}@example.org"}
            self.assertEqual(self.boss.send("PUT", url, body | other | {"code": code}).status, 503)
        finally:
            stack.as_owner("DELETE FROM mails;")
        self.assertEqual(self.boss.send("DELETE", url, {"current_password": PASSWORD, "code": code}).status, 204)


if __name__ == "__main__":
    unittest.main()
