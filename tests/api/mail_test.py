#!/usr/bin/env python3
"""tests/api/mail_test.py — one's own e-mail address, and a link for a new password that is sent there: through nginx,
with a program that takes mails as sendmail does."""
import json
import unittest

from client import PASSWORD
from mails import ASK, CHOOSE, EMAIL, ME, NEW_PASSWORD, VERIFY, WAY, Mails, address, send, stack


class Address(Mails):
    def test_is_a_persons_once_they_open_the_link_that_was_sent_to_it(self):
        kim, mine = self.person(), address()
        self.assertEqual(kim.must(200, self.ask_for(kim, mine)),
                         {"email": None, "verified_at": None, "new_email": mine})
        mail, = send()
        self.assertEqual(mail.arguments, ["-i", "-f", "partywall@chat.example.org", "--", mine])
        self.assertNotIn(kim.name, mail.text)  # whose it is is not known yet
        token, = mail.tokens("email")
        self.assertNotIn(token.encode().hex().upper(),
                         "".join(stack.as_owner("SELECT HEX(new_email_token) FROM identities;")))
        shown = kim.must(200, kim.post(VERIFY, {"token": token}))
        self.assertEqual((shown["email"], shown["new_email"]), (mine, None))
        self.assertEqual(kim.must(200, kim.get(EMAIL)), shown)
        self.assertEqual(kim.post(VERIFY, {"token": token}).status, 400)

    def test_takes_the_persons_own_password(self):
        kim = self.person()
        for client_body in ({"email": address()}, {"email": address(), "current_password": "wrong"}):
            got = kim.send("PUT", EMAIL, client_body)
            self.assertEqual((got.status, got.json()["errors"][0]["field"]), (400, "current_password"))
        self.assertEqual(kim.send("DELETE", EMAIL, {"current_password": "wrong"}).status, 400)
        self.assertEqual(self.waiting(), [])

    def test_is_shown_by_the_person_alone_who_is_logged_in(self):
        kim, eve = self.person(), self.person()
        kim.must(200, self.ask_for(kim, address()))
        token, = send()[0].tokens("email")
        self.assertEqual(self.client().post(VERIFY, {"token": token}).status, 401)
        self.assertEqual(eve.post(VERIFY, {"token": token}).status, 400)
        kim.must(200, kim.post(VERIFY, {"token": token}))

    def test_link_is_good_for_an_hour_from_when_it_is_sent_and_the_next_one_ends_it(self):
        kim = self.person()
        kim.must(200, self.ask_for(kim, address()))
        old, = send()[0].tokens("email")
        kim.must(200, self.ask_for(kim, address()))
        self.assertEqual(kim.post(VERIFY, {"token": old}).status, 400)
        new, = send()[0].tokens("email")
        left, = stack.as_owner("SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), new_email_ends_at) FROM identities"
                               f" WHERE username = '{kim.name}';")
        self.assertAlmostEqual(int(left), 3600, delta=30)
        stack.as_owner(f"UPDATE identities SET new_email_ends_at = UTC_TIMESTAMP(6) WHERE username = '{kim.name}';")
        self.assertEqual(kim.post(VERIFY, {"token": new}).status, 400)

    def test_stays_until_another_one_is_shown_and_is_told_of_that_and_of_its_end(self):
        kim, old, new = self.person(), address(), address()
        self.with_address(kim, old)
        self.assertEqual(kim.must(200, self.ask_for(kim, new))["email"], old)
        mails = {mail.message["To"]: mail for mail in send()}
        self.assertEqual(set(mails), {old, new})
        self.assertIn("Another e-mail address was given", mails[old].text)
        self.assertIn(kim.name, mails[old].text)
        self.assertNotIn(new, mails[old].text)
        kim.must(200, kim.post(VERIFY, {"token": mails[new].tokens("email")[0]}))
        self.assertEqual(kim.send("DELETE", EMAIL, {"current_password": PASSWORD}).status, 204)
        told, = send()
        self.assertEqual(told.arguments[-1], new)
        self.assertIn("was taken away", told.text)
        self.ask_link(new)
        self.assertEqual(send(), [])

    def test_takes_the_link_along_that_was_sent_to_it(self):
        for change in (lambda kim: kim.send("DELETE", EMAIL, {"current_password": PASSWORD}),
                       lambda kim: self.with_address(kim, address())):
            stack.as_owner("DELETE FROM throttles;")
            kim = self.with_address(self.person(), address())
            old = kim.get(EMAIL).json()["email"]
            self.ask_link(old)
            token, = send()[0].tokens("password")
            change(kim)
            send()
            self.assertEqual(self.client().post(CHOOSE, {"token": token, "password": NEW_PASSWORD}).status, 400)

    def test_is_written_to_as_it_was_confirmed(self):
        kim, mine = self.person(), address()
        self.with_address(kim, mine)
        self.ask_link(mine.upper())
        self.assertEqual([mail.arguments[-1] for mail in send()], [mine])

    def test_is_removed_however_many_mails_wait(self):
        kim = self.with_address(self.person(), address())
        stack.as_owner("INSERT INTO mails (id, kind, recipient, recipient_key, identity_id, attempts, next_at, created_at)"
                       " SELECT UNHEX(LPAD(HEX(seq), 32, '0')), 'link', 'x', seq, '', 0, NOW(6) + INTERVAL 1 HOUR, NOW(6)"
                       " FROM seq_1_to_10000;")
        self.addCleanup(stack.as_owner, "DELETE FROM mails WHERE recipient = 'x';")
        self.assertEqual(kim.send("DELETE", EMAIL, {"current_password": PASSWORD}).status, 204)

    def test_of_five_people_is_refused_to_a_sixth_who_has_shown_it(self):
        shared = address()
        for number in range(6):
            stack.as_owner("DELETE FROM throttles;")
            person = self.person()
            person.must(200, self.ask_for(person, shared))
            token, = send()[0].tokens("email")
            self.assertEqual(person.post(VERIFY, {"token": token}).status, 200 if number < 5 else 400)
        self.ask_link(shared)
        self.assertEqual(len(send()[0].tokens("password")), 5)

    def test_is_taken_away_by_an_operator_with_all_that_was_sent_to_it(self):
        kim, mine = self.with_address(self.person(), address()), address()
        self.ask_link(kim.get(EMAIL).json()["email"])
        token, = send()[0].tokens("password")
        kim.must(200, self.ask_for(kim, mine))
        self.assertEqual(stack.type_in("user", "drop-email", kim.name), (0, f"USERNAME  {kim.name}\n", ""))
        self.assertEqual(kim.must(200, kim.get(EMAIL)), {"email": None, "verified_at": None, "new_email": None})
        self.assertEqual(self.waiting(), [])
        self.assertEqual(self.client().post(CHOOSE, {"token": token, "password": NEW_PASSWORD}).status, 400)
        rows = json.loads(stack.type_in("audit", "list", kim.company, "--json")[1])
        self.assertIn(("email.off", "operator"), {(row["event"], row["by"]) for row in rows})
        status, _, err = stack.type_in("user", "drop-email", kim.name)
        self.assertEqual((status, f"{kim.name} has no e-mail address" in err), (1, True))

    def test_is_nobodys_any_more_when_the_person_erases_their_account(self):
        kim, mine = self.person(), address()
        self.with_address(kim, mine)
        other, = [row["url"] for row in kim.get("/api/v2/accounts/users/").json()["items"]
                  if row["username"] == kim.colleague["username"]]
        kim.must(200, kim.send("PATCH", other[other.index("/api"):], {"role": "admin"}))
        kim.must(200, self.ask_for(kim, address()))
        self.assertEqual(kim.send("DELETE", ME, {"current_password": PASSWORD, "name": "keep"}).status, 204)
        self.assertEqual(self.waiting(), [])
        self.ask_link(mine)
        self.assertEqual(send(), [])


class Link(Mails):
    def test_sets_a_new_password_ends_all_sessions_and_is_good_once(self):
        kim, mine = self.person(), address()
        self.with_address(kim, mine)
        got = self.ask_link(mine.upper())
        self.assertEqual((got.status, got.json()), (202, {"email": mine.upper()}))
        mail, = send()
        self.assertIn(kim.name, mail.text)
        token, = mail.tokens("password")
        self.assertNotIn(token, "".join(stack.as_owner("SELECT * FROM mails;")))
        for status in (200, 400):
            self.assertEqual(self.client().post(CHOOSE, {"token": token, "password": NEW_PASSWORD}).status, status)
        self.assertEqual(kim.get(ME).status, 401)
        self.assertEqual(self.log_in(kim.name).status, 401)
        self.assertEqual(self.log_in(kim.name, NEW_PASSWORD).status, 200)
        given, = stack.as_owner(f"SELECT password_given FROM identities WHERE username = '{kim.name}';")
        self.assertEqual(given, "0")
        status, out, _ = stack.type_in("audit", "list", kim.company, "--json")
        self.assertEqual(status, 0)
        self.assertEqual([(row["event"], row["detail"]) for row in json.loads(out)
                          if row["event"].startswith(("email", "user.link", "user.pass"))],
                         [("email.on", ""), ("user.password", "by a link")])

    def test_is_asked_for_in_the_same_words_whether_somebody_has_the_address_or_nobody(self):
        mine, nobodys = address(), address()
        self.with_address(self.person(), mine)
        answers = [self.ask_link(each) for each in (mine, nobodys, mine, nobodys)]
        self.assertEqual({each.status for each in answers}, {202})
        self.assertEqual({each.text.replace(mine, "A").replace(nobodys, "A") for each in answers},
                         {answers[0].text.replace(mine, "A")})
        self.assertEqual([row[0] for row in self.waiting()], ["link", "link"])  # each once
        mail, = send()
        self.assertEqual(mail.arguments[-1], mine)
        self.assertEqual(self.waiting(), [])

    def test_takes_the_place_of_the_one_before_and_does_not_outlive_its_hour(self):
        kim, mine = self.person(), address()
        self.with_address(kim, mine)
        tokens = []
        for _ in range(2):
            self.ask_link(mine)
            tokens += send()[0].tokens("password")
        self.assertEqual(self.client().post(CHOOSE, {"token": tokens[0], "password": NEW_PASSWORD}).status, 400)
        stack.as_owner("UPDATE password_links SET expires_at = UTC_TIMESTAMP(6);")
        self.assertEqual(self.client().post(CHOOSE, {"token": tokens[1], "password": NEW_PASSWORD}).status, 400)

    def test_leads_to_the_configured_site_whatever_host_the_request_names(self):
        kim, mine = self.person(), address()
        self.with_address(kim, mine)
        self.client().post(ASK, {"email": mine},
                           {"X-Forwarded-Host": "evil.example", "Host": f"localhost:{stack.port}"})
        mail, = send()
        self.assertEqual(len(mail.tokens("password")), 1)
        self.assertNotIn("evil", mail.text)
        self.assertNotIn("localhost", mail.text)

    def test_of_a_member_of_staff_whose_company_is_suspended_opens_and_so_does_one_in_two_companies(self):
        kim, mine, boss = self.person(), address(), self.person()
        self.with_address(kim, mine)
        token = boss.must(201, boss.post("/api/v2/accounts/invitations/", {"role": "staff", "days": 1}))["token"]
        joined = kim.must(201, kim.post("/api/v2/auth/invitation/accept/", {"token": token}))
        self.assertEqual(joined["email"], mine)
        self.assertEqual(kim.get(EMAIL).json()["email"], mine)  # no admin ever knew the password
        self.assertEqual(stack.type_in("company", "suspend", kim.company)[0], 0)
        self.ask_link(mine)
        token, = send()[0].tokens("password")
        self.client().must(200, self.client().post(CHOOSE, {"token": token, "password": NEW_PASSWORD}))

    def test_goes_no_more_where_an_admin_knew_the_password_when_a_further_company_is_joined(self):
        ann, mine, boss = self.person(), address(), self.person()
        bob = self.client()
        bob.must(200, bob.post("/api/v2/auth/login/", {"username": ann.colleague["username"], "password": PASSWORD}))
        self.with_address(bob, mine)
        self.ask_link(mine)  # waits
        token = boss.must(201, boss.post("/api/v2/accounts/invitations/", {"role": "staff", "days": 1}))["token"]
        bob.must(201, bob.post("/api/v2/auth/invitation/accept/",
                               {"token": token, "password": NEW_PASSWORD, "current_password": PASSWORD}))
        self.assertEqual(bob.must(200, bob.get(EMAIL)), {"email": None, "verified_at": None, "new_email": None})
        self.assertEqual(send(), [])

    def test_is_offered_by_the_page_that_logs_in(self):
        page = self.client().get("/api/v2/auth/login/", {"Accept": "text/html"}).text
        self.assertIn(f'<a href="{ASK}">Forgot your password?</a>', page)
        self.assertEqual(self.client().get(WAY).json(), {"by_mail": True})
        self.assertIn('name="email"', self.client().get(ASK, {"Accept": "text/html"}).text)

    def test_is_asked_for_three_times_an_hour_whether_somebody_has_the_address_or_nobody(self):
        mine, nobodys = address(), address()
        self.with_address(self.person(), mine)
        for each in (mine, nobodys):
            self.assertEqual([self.ask_link(each).status for _ in range(4)], [202, 202, 202, 429])
        self.assertGreater(int(self.ask_link(mine).headers["Retry-After"]), 3000)

    def test_is_asked_for_thirty_times_an_hour_from_one_address(self):
        self.assertEqual({self.ask_link(address()).status for _ in range(30)}, {202})
        self.assertEqual(self.ask_link(address()).status, 429)

    def test_is_refused_for_what_is_no_address_or_would_be_more_than_one(self):
        for bad in ("kim", "kim@example", "kim@example.org\nBcc: eve@example.org", "kim@example.org, eve@example.org",
                    "Kim <kim@example.org>", "kim@exämple.org", "k" * 250 + "@example.org"):
            self.assertEqual(self.ask_link(bad).status, 400, bad)
        self.assertEqual(self.waiting(), [])

    def test_is_refused_for_an_address_that_a_mail_server_takes_for_more_than_a_name(self):
        kim = self.person()
        for bad in ("-oQx", "|x", "x/../y", "kim%elsewhere", "elsewhere!kim"):
            self.assertEqual(self.ask_link(f"{bad}@example.org").status, 400, bad)
            self.assertEqual(self.ask_for(kim, f"{bad}@example.org").status, 400, bad)
        self.assertEqual(self.ask_link(f"o'{address()}").status, 202)

    def test_is_refused_to_a_form_of_another_site(self):
        mine = address()
        for origin, status in (("https://evil.example", 403), ("null", 403), (f"http://127.0.0.1:{stack.port}", 202)):
            got = self.client().post(ASK, f"email={mine}", {"Origin": origin}, "application/x-www-form-urlencoded")
            self.assertEqual(got.status, status, origin)
            self.assertEqual(len(self.waiting()), int(status == 202))

    def test_waits_no_more_where_ten_thousand_wait(self):
        stack.as_owner("INSERT INTO mails SELECT UNHEX(REPLACE(UUID(), '-', '')), 'link', CONCAT(seq, '@example.com'),"
                       " CONCAT(seq, '@example.com'), '', 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM seq_1_to_10000;")
        self.assertEqual(self.ask_link(address()).status, 503)
        stack.as_owner("DELETE FROM mails LIMIT 1;")
        self.assertEqual(self.ask_link(address()).status, 202)


class Program(Mails):
    def test_that_cannot_be_run_is_told_by_check_config(self):
        config = self.program("")
        said = lambda: stack.type_in("check-config", config=config)[1]
        self.assertNotIn("[mail]", said())
        (config.parent / "sendmail").chmod(0o600)
        self.assertIn("which cannot be run: Permission denied", said())
        (config.parent / "sendmail").unlink()
        self.assertIn("which cannot be run: No such file or directory", said())


class Without(Mails):
    """Where no program is named, nothing runs and nobody is offered anything."""

    def test_a_program_the_command_does_nothing_and_requests_say_so(self):
        kim = self.person()
        before = stack.config.read_text()
        self.addCleanup(lambda: (stack.config.write_text(before), stack.do("app-stop"), stack.do("app-start")))
        stack.config.write_text(stack.settings(sendmail=""))
        stack.do("app-stop")
        stack.do("app-start")
        for got in (self.ask_link(address()), self.ask_for(kim, address())):
            self.assertEqual((got.status, got.json()["code"], got.json()["detail"]),
                             (503, "no_mail", "This installation sends no mail."))
        self.assertEqual(self.client().get(WAY).json(), {"by_mail": False})
        self.assertNotIn("Forgot", self.client().get("/api/v2/auth/login/", {"Accept": "text/html"}).text)
        self.assertEqual(kim.must(200, kim.get(EMAIL))["email"], None)
        self.assertEqual(kim.send("DELETE", EMAIL, {"current_password": PASSWORD}).status, 204)
        self.assertEqual(stack.type_in("mail"), (0, "", ""))
        self.assertIn("no mail is sent", stack.type_in("check-config")[1])
        self.assertEqual(self.waiting(), [])


if __name__ == "__main__":
    unittest.main()
