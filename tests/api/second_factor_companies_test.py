#!/usr/bin/env python3
"""tests/api/second_factor_companies_test.py — a second factor where companies meet: joining a further one, and one
that wants it of its admins."""
import unittest

from client import PASSWORD
from commands import answer, parsed, stack
from factors import COMPANY, LOGIN, ME, OFF, SWITCH, TOKEN, SecondFactor, code_of, step_now


class InCompanies(SecondFactor):
    def end(self, company):
        """As if the day had come on which it is erased."""
        stack.as_owner("UPDATE companies SET erase_at = NOW(6)"
                       f" WHERE company_id = UNHEX('{company.replace('-', '')}');")

    def test_joining_a_further_one_ends_what_was_set_up_with_a_password_that_an_admin_gave(self):
        kim = self.person()
        other = stack.client().sign_up()
        _, client = self.log_in(kim)
        self.set_up(kim, client)
        token = other.must(201, other.post("/api/v1/accounts/invitations/", {}))["token"]
        joined = client.post("/api/v2/auth/invitation/accept/",
                             {"token": token, "current_password": PASSWORD, "password": "Bade-9175-Decaf!"})
        self.assertEqual(joined.status, 201, joined.text)
        got = stack.client().post(LOGIN, {"username": kim, "password": "Bade-9175-Decaf!"})
        self.assertEqual((got.status, got.json()["notice"]), (200, "second_factor_ended"))

    def test_an_operator_finds_somebody_whose_oldest_one_is_erased_today(self):
        boss, other = stack.client().sign_up(), stack.client().sign_up()
        self.set_up(boss.name, boss)
        token = other.must(201, other.post("/api/v1/accounts/invitations/", {}))["token"]
        boss.must(201, boss.post("/api/v1/auth/invitation/accept/", {"token": token}))
        self.end(boss.company)
        self.assertEqual(parsed("user", "link", boss.name)["username"], boss.name)
        self.assertEqual(parsed("user", "drop-factor", boss.name)["username"], boss.name)
        self.end(other.company)
        status, _, said = stack.type_in("user", "drop-factor", boss.name)
        self.assertEqual((status, said), (1, f'partywall: there is no user "{boss.name}"\n'))

    def test_joining_a_further_one_leaves_it_to_whoever_chose_the_password(self):
        boss, other = stack.client().sign_up(), stack.client().sign_up()
        self.set_up(boss.name, boss)
        token = other.must(201, other.post("/api/v1/accounts/invitations/", {"role": "admin"}))["token"]
        there = boss.must(201, boss.post("/api/v1/auth/invitation/accept/", {"token": token}))["company"]["id"]
        self.check_refused(self.log_in(boss.name)[0], "second_factor_required")
        self.set_up(other.name, other)
        other.must(200, other.send("PATCH", COMPANY, {"second_factor_of": "admins"}))
        self.assertEqual(boss.post(SWITCH, {"company": there}).status, 200)  # it counts there as well

    def test_one_that_wants_it_keeps_out_admins_without_it_until_they_set_it_up(self):
        boss = self.logged_in(self.admin)
        patch = lambda whose: boss.send("PATCH", COMPANY, {"second_factor_of": whose})
        self.assertEqual(patch("admins").json()["errors"][0]["field"], "second_factor_of")
        self.set_up(self.admin, boss)
        kim, lee = self.person("admin"), self.person()
        _, kims = self.log_in(kim)
        _, lees = self.log_in(lee)
        script = kims.must(201, kims.post("/api/v2/auth/api-tokens/", {"name": "n", "access": "read"}))["token"]
        self.assertEqual(patch("admins").json()["second_factor_of"], "admins")
        self.assertEqual(boss.get(COMPANY).json()["second_factor_of"], "admins")
        missing = [kims.get(ME), self.log_in(kim)[0], self.log_in(kim, path=TOKEN)[0],
                   stack.client().get(ME, {"Authorization": "Bearer " + script})]
        self.assertEqual([(each.status, each.json()["code"]) for each in missing], [(403, "second_factor_missing")] * 4)
        self.assertEqual(lees.get(ME).status, 200)
        secret, _ = self.set_up(kim, kims)  # the session that is kept out can do that
        self.assertEqual(kims.get(ME).status, 200)
        off = kims.post(OFF, {"password": PASSWORD, "code": code_of(secret, step_now())})
        self.assertEqual(off.status, 403)
        self.assertEqual(self.log_in(kim, code_of(secret, step_now() + 1))[0].status, 200)
        answer("user", "drop-factor", kim)
        self.assertEqual(kims.get(ME).json()["code"], "second_factor_missing")
        secret, _ = self.set_up(kim)  # and so can whoever has no session
        self.assertEqual(self.log_in(kim, code_of(secret, step_now()))[0].status, 200)

    def test_one_that_wants_it_refuses_a_switch_and_an_admin_begins_elsewhere(self):
        boss, other = stack.client().sign_up(), stack.client().sign_up()
        self.set_up(boss.name, boss)
        boss.must(200, boss.send("PATCH", COMPANY, {"second_factor_of": "admins"}))
        token = boss.must(201, boss.post("/api/v1/accounts/invitations/", {"role": "admin"}))["token"]
        other.must(201, other.post("/api/v1/auth/invitation/accept/", {"token": token}))
        refused = other.post(SWITCH, {"company": boss.company})
        self.assertEqual((refused.status, refused.json()["code"]), (403, "second_factor_missing"))
        got, _ = self.log_in(other.name)
        self.assertEqual(got.json()["company"]["id"], other.company)

    def test_a_token_for_scripts_does_not_take_the_wish_back(self):
        boss = self.logged_in(self.admin)
        self.set_up(self.admin, boss)
        boss.must(200, boss.send("PATCH", COMPANY, {"second_factor_of": "admins"}))
        script = boss.must(201, boss.post("/api/v2/auth/api-tokens/", {"name": "n", "access": "write"}))["token"]
        patch = lambda body: stack.client().send("PATCH", COMPANY, body, {"Authorization": "Bearer " + script}).status
        self.assertEqual(patch({"second_factor_of": "nobody"}), 403)
        self.assertEqual(patch({"address": "2 Main St"}), 200)


if __name__ == "__main__":
    unittest.main()
