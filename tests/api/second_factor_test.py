#!/usr/bin/env python3
"""tests/api/second_factor_test.py — a second factor beside the password, through nginx: at the login, switched on,
and off."""
import base64
import concurrent.futures
import pathlib
import random
import sys
import unittest
import urllib.parse

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from chapters import commands  # noqa: E402
from client import PASSWORD
from commands import answer, parsed, stack
from factors import CODES, CONFIRM, LOGIN, ME, OFF, SET_UP, STATE, TOKEN, WORDS, SecondFactor, code_of, step_now


class LoggingIn(SecondFactor):
    def test_asks_for_a_code_in_the_words_of_before_and_takes_each_once(self):
        kim = self.person()
        secret, _ = self.set_up(kim)
        for path in (LOGIN, TOKEN, "/api/v1/auth/login/", "/api/v1/auth/token/"):
            self.check_refused(self.log_in(kim, path=path)[0], "second_factor_required")
        v1 = self.log_in(kim, path="/api/v1/auth/login/")[0].json()
        self.assertEqual(v1, {"detail": WORDS, "code": "second_factor_required"})
        code = code_of(secret, step_now())
        self.check_refused(self.log_in(kim, "000000" if code != "000000" else "000001")[0], "second_factor_wrong")
        got, client = self.log_in(kim, code)
        self.assertEqual(got.status, 200, got.text)
        self.assertEqual(client.get(ME).status, 200)
        self.check_refused(self.log_in(kim, code)[0], "second_factor_wrong")
        self.check_refused(self.log_in(kim, code, TOKEN)[0], "second_factor_wrong")

    def test_with_one_code_on_two_connections_lets_one_in(self):
        kim = self.person()
        secret, _ = self.set_up(kim)
        for _ in range(4):
            self.forget_codes(kim)
            code = code_of(secret, step_now())
            with concurrent.futures.ThreadPoolExecutor(2) as both:
                answers = [each.result()[0].status for each in
                           [both.submit(self.log_in, kim, code) for _ in range(2)]]
            # A login that finds no turn to hash is told to come again: it has taken nothing.
            self.assertIn(sorted(answers), ([200, 401], [200, 503]))

    def test_takes_the_codes_of_a_phone_that_is_half_a_minute_off_and_of_no_other(self):
        kim = self.person()
        secret, _ = self.set_up(kim)
        for off, status in ((-3, 401), (3, 401), (-1, 200), (1, 200)):
            self.forget_codes(kim)
            self.assertEqual(self.log_in(kim, code_of(secret, step_now() + off))[0].status, status, off)
        older = code_of(secret, step_now())  # than the last one
        self.check_refused(self.log_in(kim, older)[0], "second_factor_wrong")

    def test_counts_wrong_codes_as_wrong_passwords_and_a_right_password_alone_takes_none_back(self):
        kim = self.person()
        secret, _ = self.set_up(kim)
        wrong = code_of(secret, step_now() + 20)
        for _ in range(5):
            self.check_refused(self.log_in(kim)[0], "second_factor_required")
            self.check_refused(self.log_in(kim, wrong)[0], "second_factor_wrong")
        for code in (wrong, code_of(secret, step_now()), None):
            self.assertEqual(self.log_in(kim, code)[0].status, 429)
        listed = parsed("audit", "list", self.company)
        self.assertEqual([each["detail"] for each in listed if each["event"] == "login.failed"], ["the code"] * 5)

    def test_has_ten_wrong_codes_a_day_whatever_is_shown_by_the_password_alone(self):
        kim = self.person()
        _, session = self.log_in(kim)
        secret, codes = self.set_up(kim, session)
        wrong = {"password": PASSWORD, "code": code_of(secret, step_now() + 20)}
        for tried in range(10):
            if tried % 4 == 3:  # the password is right, which ends the count of wrong passwords
                self.assertEqual(session.post(SET_UP, {"password": PASSWORD}).status, 403)
            self.assertEqual(session.post(OFF, wrong).status, 400)
        session.post(SET_UP, {"password": PASSWORD})
        for got in (session.post(OFF, wrong), self.log_in(kim, code_of(secret, step_now()))[0],
                    self.log_in(kim, code_of(secret, step_now()), "/api/v1/auth/token/")[0]):
            self.assertEqual(got.status, 429, got.text)
            self.assertGreater(int(got.headers["retry-after"]), 86000)
            self.assertIn("Enter a recovery code", got.text)
        # Nor does that keep the person out, who has recovery codes; with one of them all is as before.
        self.assertEqual(self.log_in(kim, codes[0])[0].status, 200)
        self.assertEqual(self.log_in(kim, code_of(secret, step_now()))[0].status, 200)

    def test_who_has_no_password_counts_no_code(self):
        kim = self.person()
        secret, _ = self.set_up(kim)
        for tried in range(12):
            stranger = stack.client()
            stranger.source = f"127.1.{random.randrange(1, 255)}.{tried + 1}"
            got = stranger.post(LOGIN, {"username": kim, "password": "wrong", "code": "000000"})
            self.assertEqual((got.status, got.json().get("code")), (401, "unauthorized"))
        self.assertEqual(self.log_in(kim, code_of(secret, step_now()))[0].status, 200)

    def test_by_a_page_asks_for_the_code_there(self):
        kim = self.person()
        secret, _ = self.set_up(kim)
        browser, html = stack.client(), {"Accept": "text/html"}
        page = browser.get(LOGIN, html)
        self.assertNotIn('name="code"', page.text)
        form = {"csrfmiddlewaretoken": browser.cookies["csrftoken"], "username": kim, "password": PASSWORD, "next": ""}
        send = lambda more: browser.post(LOGIN, urllib.parse.urlencode({**form, **more}), html,
                                         "application/x-www-form-urlencoded")
        page = send({})
        self.assertIn('name="code"', page.text)
        self.assertIn("Enter a code of your second factor", page.text)
        code = code_of(secret, step_now())
        self.assertIn("This code is not right", send({"code": "12345"}).text)
        told = send({"code": code})
        self.assertIn("One wrong code was entered beside your password", told.text)
        self.assertEqual((told.status, browser.get(ME).status), (200, 200))

    def test_takes_a_recovery_code_once_in_any_case(self):
        kim = self.person()
        _, codes = self.set_up(kim)
        self.assertEqual(len(set(codes)), 10)
        got, client = self.log_in(kim, codes[3].lower().replace("-", " "))
        self.assertEqual(got.status, 200, got.text)
        self.check_refused(self.log_in(kim, codes[3])[0], "second_factor_wrong")
        self.assertEqual(client.get(STATE).json(), {"on": True, "recovery_codes_left": 9})

    def test_by_basic_is_refused_and_a_token_of_before_ends_but_one_for_scripts(self):
        kim = self.person()
        _, session = self.log_in(kim)
        _, other = self.log_in(kim)
        pair = stack.client().post(TOKEN, {"username": kim, "password": PASSWORD}).json()
        script = session.must(201, session.post("/api/v2/auth/api-tokens/", {"name": "n", "access": "read"}))["token"]
        basic = {"Authorization": "Basic " + base64.b64encode(f"{kim}:{PASSWORD}".encode()).decode()}
        ask = lambda headers: stack.client().get(ME, headers)
        self.assertEqual(ask(basic).status, 200)
        self.set_up(kim, session)
        self.check_refused(ask(basic), "second_factor_required", "Invalid username/password.")
        self.assertEqual(session.get(ME).status, 200)
        self.assertEqual(other.get(ME).status, 401)
        self.assertEqual(ask({"Authorization": "Bearer " + pair["access"]}).status, 401)
        self.assertEqual(ask({"Authorization": "Bearer " + script}).status, 200)


class SwitchingOnAndOff(SecondFactor):
    def test_shows_the_secret_once_and_is_in_force_with_the_first_code(self):
        kim = self.person()
        _, client = self.log_in(kim)
        self.assertEqual(client.get(STATE).json(), {"on": False, "recovery_codes_left": 0})
        self.assertEqual(client.post(SET_UP, {"password": "wrong"}).status, 400)
        made = client.must(201, client.post(SET_UP, {"password": PASSWORD}))
        self.assertEqual(made["uri"], f"otpauth://totp/127.0.0.1%3A{stack.port}:{kim}?secret={made['secret']}&issuer="
                                      f"127.0.0.1%3A{stack.port}&algorithm=SHA1&digits=6&period=30")
        self.assertEqual(self.log_in(kim)[0].status, 200)  # not yet
        wrong = client.post(CONFIRM, {"password": PASSWORD, "code": code_of(made["secret"], step_now() + 20)})
        self.assertEqual((wrong.status, wrong.json()["errors"][0]["field"]), (400, "code"))
        client.must(200, client.post(CONFIRM, {"password": PASSWORD, "code": code_of(made["secret"], step_now())}))
        self.check_refused(self.log_in(kim)[0], "second_factor_required")
        self.assertEqual(client.post(SET_UP, {"password": PASSWORD}).status, 403)
        stored, = stack.query(f"SELECT HEX(factor_secret) FROM identities WHERE username = '{kim}'")
        self.assertNotIn(base64.b32decode(made["secret"]).hex().upper(), stored)

    def test_by_name_is_set_up_by_whom_a_company_keeps_out_and_by_nobody_else(self):
        kim = self.person()
        shown = {"username": kim, "password": PASSWORD}
        for path, more in ((SET_UP, {}), (CONFIRM, {"code": "000000"})):
            got = stack.client().post(path, shown | more)
            self.assertEqual((got.status, got.json()["detail"]), (403, "Log in first."))
            self.assertEqual(stack.client().post(path, shown | more | {"password": "wrong"}).status, 401)
        # Whom it keeps out: second_factor_companies_test.py.

    def test_off_takes_the_password_and_a_code(self):
        kim = self.person()
        _, client = self.log_in(kim)
        secret, codes = self.set_up(kim, client)
        code = code_of(secret, step_now())
        for body, field in (({"password": PASSWORD}, "code"), ({"code": code}, "password"),
                            ({"password": "wrong", "code": code}, "password"),
                            ({"password": PASSWORD, "code": "12345"}, "code")):
            got = client.post(OFF, body)
            self.assertEqual((got.status, got.json()["errors"][0]["field"]), (400, field))
        self.assertEqual(client.must(200, client.post(OFF, {"password": PASSWORD, "code": code})),
                         {"on": False, "recovery_codes_left": 0})
        self.assertEqual(self.log_in(kim)[0].status, 200)
        self.assertEqual(client.post(OFF, {"password": PASSWORD, "code": codes[0]}).status, 403)

    def test_new_recovery_codes_take_the_place_of_the_old(self):
        kim = self.person()
        _, client = self.log_in(kim)
        secret, old = self.set_up(kim, client)
        body = {"password": PASSWORD, "code": code_of(secret, step_now())}
        new = [each["code"] for each in client.must(200, client.post(CODES, body))["recovery_codes"]]
        self.check_refused(self.log_in(kim, old[0])[0], "second_factor_wrong")
        self.assertEqual(self.log_in(kim, new[0])[0].status, 200)

    def test_a_link_for_a_new_password_leaves_it_on(self):
        kim = self.person()
        secret, _ = self.set_up(kim)
        link = parsed("user", "link", kim)["link"]
        chosen = stack.client().post("/api/v2/auth/password/",
                                     {"token": link.rpartition("/")[2], "password": "Bade-9175-Decaf!"})
        self.assertEqual(chosen.status, 200, chosen.text)
        body = {"username": kim, "password": "Bade-9175-Decaf!"}
        self.check_refused(stack.client().post(LOGIN, body), "second_factor_required")
        self.assertEqual(stack.client().post(LOGIN, {**body, "code": code_of(secret, step_now())}).status, 200)

    def test_an_operator_switches_it_off_which_is_noted_and_told_for_two_weeks(self):
        kim = self.person()
        self.set_up(kim)
        script, = commands("systemd/second-factor.md", "Somebody has lost theirs")
        answer(*script.replace("partywall", "", 1).replace("bob", kim).split())
        event = parsed("audit", "list", self.company, "--limit", "1")[0]
        self.assertEqual((event["event"], event["by"]), ("second_factor.off", "operator"))
        status, _, said = stack.type_in("user", "drop-factor", kim)
        self.assertEqual((status, said), (1, f"partywall: {kim} has no second factor\n"))
        told = lambda code=None: self.log_in(kim, code)[0].json()["notice"]
        self.assertEqual([told() for _ in range(2)], ["second_factor_ended"] * 2)  # the first may be a thief's
        _, session = self.log_in(kim)
        secret, codes = self.set_up(kim, session)  # nor does it end with a new one, on or off
        self.assertEqual(told(code_of(secret, step_now())), "second_factor_ended")
        session.must(200, session.post(OFF, {"password": PASSWORD, "code": codes[0]}))
        self.assertEqual(told(), "second_factor_ended")
        self.pass_days(kim, 14)
        self.assertIsNone(told())

    def test_a_form_tells_it_on_the_way_but_not_that_of_version_1(self):
        kim = self.person()
        self.set_up(kim)
        answer("user", "drop-factor", kim)
        html = {"Accept": "text/html"}
        for version, status in (("v1", 302), ("v2", 200)):
            browser = stack.client()
            browser.get(f"/api/{version}/auth/login/", html)
            form = {"csrfmiddlewaretoken": browser.cookies["csrftoken"], "username": kim, "password": PASSWORD,
                    "next": "/docs/?a=1&b=2"}
            got = browser.post(f"/api/{version}/auth/login/", urllib.parse.urlencode(form), html,
                               "application/x-www-form-urlencoded")
            self.assertEqual(got.status, status, got.text)
            self.assertEqual(got.headers.get("location"), "/docs/?a=1&b=2" if version == "v1" else None)
            self.assertEqual("was switched off" in got.text, version == "v2")
            self.assertEqual('<a href="/docs/?a=1&amp;b=2">Go on</a>' in got.text, version == "v2")
            self.assertEqual(browser.get(ME).status, 200)


if __name__ == "__main__":
    unittest.main()
