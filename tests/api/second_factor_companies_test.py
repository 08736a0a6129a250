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
        _, codes = self.set_up(kim, client)
        token = other.must(201, other.post("/api/v1/accounts/invitations/", {}))["token"]
        join = lambda more: client.post("/api/v2/auth/invitation/accept/", {
            "token": token, "current_password": PASSWORD, "password": "Bade-9175-Decaf!"} | more)
        self.check_asks_for_a_code(join)
        joined = join({"code": codes[0]})
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
        _, codes = self.set_up(other.name, other)
        other.must(200, self.want_of("admins", other, codes))
        self.assertEqual(boss.post(SWITCH, {"company": there}).status, 200)  # it counts there as well

    def test_one_that_wants_it_keeps_out_admins_without_it_until_they_set_it_up(self):
        boss = self.logged_in(self.admin)
        self.assertEqual(self.want_of("admins", boss, [""]).json()["errors"][0]["field"], "second_factor_of")
        _, codes = self.set_up(self.admin, boss)
        kim, lee = self.person("admin"), self.person()
        _, kims = self.log_in(kim)
        _, lees = self.log_in(lee)
        script = kims.must(201, kims.post("/api/v2/auth/api-tokens/", {"name": "n", "access": "read"}))["token"]
        self.assertEqual(self.want_of("admins", boss, codes).json()["second_factor_of"], "admins")
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
        _, codes = self.set_up(boss.name, boss)
        boss.must(200, self.want_of("admins", boss, codes))
        token = boss.must(201, boss.post("/api/v1/accounts/invitations/", {"role": "admin"}))["token"]
        other.must(201, other.post("/api/v1/auth/invitation/accept/", {"token": token}))
        refused = other.post(SWITCH, {"company": boss.company})
        self.assertEqual((refused.status, refused.json()["code"]), (403, "second_factor_missing"))
        got, _ = self.log_in(other.name)
        self.assertEqual(got.json()["company"]["id"], other.company)

    def test_whom_one_wants_it_of_takes_the_password_and_a_code_either_way(self):
        boss = self.logged_in(self.admin)
        _, codes = self.set_up(self.admin, boss)
        for whose in ("admins", "nobody"):
            patch = lambda more: boss.send("PATCH", COMPANY, {"second_factor_of": whose} | more)
            for more, field in (({}, "current_password"), ({"current_password": "wrong"}, "current_password")):
                got = patch(more)
                self.assertEqual((got.status, got.json()["errors"][0]["field"]), (400, field))
            self.check_asks_for_a_code(lambda more: patch({"current_password": PASSWORD} | more))
            self.assertEqual(self.want_of(whose, boss, codes).json()["second_factor_of"], whose)
            got = self.want_of("nobody" if whose == "admins" else "admins", boss, codes, {"If-Match": '"x"'})
            self.assertEqual(got.status, 412)
            # What stays as it is asks for nothing.
            boss.must(200, patch({"address": "2 Main St"}))

    def test_a_token_for_scripts_does_not_take_the_wish_back(self):
        boss = self.logged_in(self.admin)
        _, codes = self.set_up(self.admin, boss)
        boss.must(200, self.want_of("admins", boss, codes))
        script = boss.must(201, boss.post("/api/v2/auth/api-tokens/", {"name": "n", "access": "write"}))["token"]
        patch = lambda body: stack.client().send("PATCH", COMPANY, body, {"Authorization": "Bearer " + script}).status
        self.assertEqual(patch({"second_factor_of": "nobody"}), 403)
        self.assertEqual(patch({"address": "2 Main St"}), 200)


if __name__ == "__main__":
    unittest.main()
