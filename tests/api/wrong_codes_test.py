#!/usr/bin/env python3
"""tests/api/wrong_codes_test.py — a person is told of the wrong codes that were entered beside their password."""
import datetime
import pathlib
import sys
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from client import PASSWORD  # noqa: E402
from commands import answer, stack
from factors import ME, OFF, TOKEN, SecondFactor, code_of, step_now

V1 = "/api/v1/auth/login/"


class WrongCodes(SecondFactor):
    def try_wrong(self, username, secret, times=1):
        for _ in range(times):
            self.check_refused(self.log_in(username, code_of(secret, step_now() + 20))[0], "second_factor_wrong")

    def told(self, username, code=None):
        """What the login with that code tells of wrong ones."""
        got, _ = self.log_in(username, code)
        self.assertEqual(got.status, 200, got.text)
        return got.json()["wrong_codes"]

    def test_are_told_by_the_right_login_with_their_number_and_the_time_of_the_last_once(self):
        kim = self.person()
        secret, codes = self.set_up(kim)
        self.try_wrong(kim, secret)
        before = datetime.datetime.now(datetime.timezone.utc)
        self.try_wrong(kim, secret)
        after = datetime.datetime.now(datetime.timezone.utc)
        told = self.told(kim, codes.pop())
        self.assertEqual(told["count"], 2)
        last = datetime.datetime.fromisoformat(told["last_at"].replace("Z", "+00:00"))
        self.assertTrue(before <= last <= after, (before, last, after))
        self.assertIsNone(self.told(kim, codes.pop()))
        self.try_wrong(kim, secret)
        self.assertEqual(self.told(kim, codes.pop())["count"], 1)  # and not those of before

    def test_wait_for_the_right_code_and_for_their_person(self):
        kim, lee = self.person(), self.person()
        secret, codes = self.set_up(kim)
        _, lees = self.set_up(lee)
        self.try_wrong(kim, secret)
        for code in (None, code_of(secret, step_now() + 20)):
            got, _ = self.log_in(kim, code)
            self.assertEqual((got.status, sorted(got.json())),
                             (401, ["code", "detail", "request_id", "status", "title", "type"]), got.text)
        self.assertIsNone(self.told(lee, lees.pop()))
        self.assertEqual(self.told(kim, codes.pop())["count"], 2)

    def test_wait_for_an_answer_that_has_a_place_for_them(self):
        kim = self.person()
        secret, codes = self.set_up(kim)
        self.try_wrong(kim, secret)
        for path in (V1, TOKEN, "/api/v1/auth/token/"):
            got, _ = self.log_in(kim, codes.pop(), path)
            self.assertEqual(got.status, 200, got.text)
            self.assertNotIn("wrong_codes", got.json())
        got, client = self.log_in(kim, codes.pop())
        self.assertEqual(got.json()["wrong_codes"]["count"], 1)
        self.assertIsNone(client.get(ME).json()["wrong_codes"])

    def test_in_a_session_are_told_as_well(self):
        kim = self.person()
        _, session = self.log_in(kim)
        _, codes = self.set_up(kim, session)
        self.assertEqual(session.post(OFF, {"password": PASSWORD, "code": "12345"}).status, 400)
        self.assertEqual(self.told(kim, codes.pop())["count"], 1)

    def test_are_told_to_nobody_who_has_no_second_factor(self):
        kim = self.person()
        got, _ = self.log_in(kim, "12345")  # which is not looked at
        self.assertEqual((got.status, got.json()["wrong_codes"]), (200, None))
        secret, _ = self.set_up(kim)
        self.try_wrong(kim, secret)
        answer("user", "drop-factor", kim)  # the password alone is enough, and may be somebody else's
        self.assertIsNone(self.told(kim))
        self.set_up(kim)
        stored, = stack.query(f"SELECT wrong_codes FROM identities WHERE username = '{kim}'")
        self.assertEqual(stored, "0")

    def test_of_somebody_without_the_password_do_not_count(self):
        kim = self.person()
        _, codes = self.set_up(kim)
        stranger = stack.client()
        stranger.source = self.source
        got = stranger.post("/api/v2/auth/login/", {"username": kim, "password": "wrong", "code": "12345"})
        self.assertEqual(got.status, 401)
        self.assertIsNone(self.told(kim, codes.pop()))


if __name__ == "__main__":
    unittest.main()
