#!/usr/bin/env python3
"""tests/api/move_test.py — `partywall company move`: a company goes to another installation while it is written, and
nothing of it is lost or doubled."""
import pathlib
import subprocess
import sys
import unittest
import uuid

from client import PASSWORD
from ledger import CUSTOMERS, MESSAGES, Ledger
from moves import MANY, Moves, here, is_of, there
from streams import Stream
from support import Hammer, eventually

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from chapters import commands  # noqa: E402

ME, COMPANY = "/api/v2/auth/me", "/api/v2/accounts/company"


class Move(Moves):
    def test_under_load_nothing_is_lost_or_doubled_and_nobody_else_is_refused(self):
        self.write_many()
        other = here.client().sign_up()
        body = {"to_user": other.colleague["id"], "text": "x"}
        with Hammer(lambda: other.post(MESSAGES, body), threads=1) as others, \
                Hammer(lambda: self.client.get(ME), threads=1) as readers, Ledger(here, self.client) as ledger:
            moved = self.move()
            others.go_on(5)
        self.assertEqual(others.failures, [])
        self.assertEqual({answer.status for answer in readers.failures}, {410})
        self.assertIn(410, ledger.statuses)
        self.compare(moved["id"], ledger, old=MANY)
        self.assertEqual(self.state_here()[2:], ["NULL", there.env["URL"]])
        self.assertEqual(self.triggers(), [])
        self.assertLess(moved["read_only_millis"], 10000)  # how short it is, is measured where nothing else runs

    def test_what_is_moved_is_what_it_was_and_people_have_no_login_there(self):
        key, body = str(uuid.uuid4()), {"to_user": self.client.colleague["id"], "text": "Hello"}
        self.client.must(201, self.client.post(MESSAGES, body, headers={"Idempotency-Key": key}))
        self.client.must(200, self.client.send("PATCH", self.client.colleague["url"], {"role": "admin"}))
        company = self.move()["id"]
        users = "SELECT HEX(id), username, role, created_at, removed_at FROM users WHERE {} ORDER BY id;"
        self.assertEqual(there.as_owner(users.format(is_of(company))), here.as_owner(users.format(is_of(self.company))))
        self.assertEqual(there.as_owner(f"SELECT COUNT(identity_id) FROM users WHERE {is_of(company)};"), ["0"])
        audit = "SELECT HEX(id), event FROM audit WHERE {} ORDER BY id;"
        self.assertEqual(there.as_owner(audit.format(is_of(company))), here.as_owner(audit.format(is_of(self.company))))
        for table in ("sessions", "invitations", "move_notes"):
            self.assertEqual(self.count_there(table, company), 0)
        client = self.look_in(company)
        self.assertEqual(client.get(MESSAGES + key).status, 404)  # it is between two others
        self.assertEqual(len(client.get("/api/v2/accounts/users/").json()["items"]), 3)

    def test_where_it_was_everybody_is_told_the_address_and_no_command_changes_it(self):
        token = self.client.must(201, self.client.post("/api/v1/auth/api-tokens/", {"name": "x", "access": "write"}))
        self.move()
        script = here.client()
        headers = {"Authorization": f"Bearer {token['token']}"}
        for answer in (self.client.post(MESSAGES, {}), self.client.get(ME), script.get(ME, headers=headers),
                       here.client().post("/api/v2/auth/login/", {"username": self.client.name, "password": PASSWORD})):
            self.assertEqual((answer.status, answer.headers["Location"]), (410, there.env["URL"]))
            self.assertEqual((answer.json()["code"], answer.json()["moved_to"]), ("company_moved", there.env["URL"]))
        for words in (("company", "suspend"), ("invite",)):
            status, _, err = here.type_in(*words, self.company)
            self.assertEqual((status, err), (1, f"partywall: the company has moved to {there.env['URL']}\n"))
        self.assertIn(there.env["URL"], here.type_in("company", "show", self.company)[1])

    def switched(self, process):
        """The command under way, which has switched and waits."""
        eventually(lambda: process.poll() is not None or self.state_here()[3] != "NULL", "the switch", seconds=60)
        self.assertIsNone(process.poll())

    def test_what_the_audit_notes_of_requests_in_flight_goes_along(self):
        with self.moving(self.slow(5)) as process:
            self.switched(process)
            here.as_owner("INSERT INTO audit (company_id, id, date, event, actor, detail, address, request_id) SELECT"
                          " company_id, UNHEX(MD5(UUID())), UTC_TIMESTAMP(6), 'in.flight', '', '', '', '' FROM companies"
                          f" WHERE {is_of(self.company)};")
            self.assertEqual((process.wait(60), self.triggers(), self.notes()), (0, [], 0))
        self.assertEqual(there.as_owner(f"SELECT COUNT(*) FROM audit WHERE event = 'in.flight' AND"
                                        f" {is_of(self.target())};"), ["1"])

    def test_a_row_of_the_audit_that_is_missing_there_is_noticed(self):
        with self.moving(self.slow(5)) as process:
            self.switched(process)
            there.as_owner(f"DELETE FROM audit WHERE {is_of(self.target())} ORDER BY id DESC LIMIT 1;")
            self.assertEqual(process.wait(60), 1)
            self.assertIn("it has moved, and audit", process.stdout.read())

    def test_the_last_step_does_not_wait_until_nothing_comes_to_the_audit(self):
        mine = is_of(self.company)
        busy = (f"BEGIN NOT ATOMIC WHILE EXISTS (SELECT 1 FROM companies WHERE moved_to IS NULL AND {mine}) DO"
                " INSERT INTO move_notes (company_id, table_name, number, row_key) SELECT company_id, 'audit',"
                f" UUID_SHORT() & 9223372036854775807, '' FROM companies WHERE {mine}; DO SLEEP(0.001);"
                " END WHILE; END")
        with here.sql(f"DELIMITER //\n{busy}//\n", "OWNER") as others:
            moved = self.move()
            others.stdin.close()
        self.assertLess(moved["read_only_millis"], 8000)
        self.assertEqual(self.notes(), 0)

    def test_one_that_was_killed_after_the_switch_goes_on(self):
        with Ledger(here, self.client) as ledger, self.moving(self.slow(600)) as process:
            eventually(ledger.stopping.is_set, "the switch", seconds=300)
            process.kill()
        self.assertNotEqual(self.triggers(), [])
        self.compare(self.move()["id"], ledger)
        self.assertEqual(self.triggers(), [])

    def test_one_that_was_killed_is_taken_back(self):
        self.write_many()
        with self.moving() as process:
            eventually(lambda: self.target() != "NULL" and self.count_there("user_messages") > 0, "a copy", seconds=60)
            process.kill()
        company = self.target()
        self.move("--back")
        self.assertEqual(self.state_here(), ["NULL"] * 4)
        self.assertEqual(self.triggers(), [])
        self.assertEqual(self.notes(), 0)
        self.client.must(201, self.client.post(CUSTOMERS, {"name": "Kim", "email": "kim@x.example"}))
        self.assertIn("there is no company", there.type_in("company", "show", company)[2])
        self.assertEqual(self.count_there("companies", self.move()["id"]), 1)

    def test_until_the_first_write_there_it_returns_without_a_loss(self):
        with Ledger(here, self.client) as ledger:
            company = self.move()["id"]
        # As `partywall clean` does it here meanwhile.
        here.as_owner(f"DELETE FROM idempotency_keys WHERE {is_of(self.company)};"
                      f"DELETE FROM audit WHERE {is_of(self.company)} ORDER BY id LIMIT 1;")
        self.move("--back")
        self.assertEqual(self.state_here(), ["NULL"] * 4)
        self.assertEqual(eventually(lambda: self.client.get(ME).status, "an answer"), 200)
        self.assertEqual(int(here.as_owner(f"SELECT COUNT(*) FROM user_messages WHERE {is_of(self.company)};")[0]),
                         len(ledger.messages))
        self.client.must(201, self.client.post(CUSTOMERS, {"name": "Kim", "email": "new@x.example"}))
        self.assertIn("there is no company", there.type_in("company", "show", company)[2])

    def test_after_the_first_write_there_nothing_leads_back(self):
        company = self.move()["id"]
        client = self.look_in(company)
        self.assertIn("was written there since: it cannot come back", self.refused("--back"))
        self.assertEqual(self.client.get(ME).status, 410)
        self.assertEqual(client.get(ME).json()["company"]["id"], company)

    def test_the_commands_of_the_chapter_do_what_they_say(self):
        forth, = commands("systemd/move.md", "A company that moves")
        back, lost = commands("systemd/move.md", "When it stops")
        for script, status in ((forth, 410), (back, 200), (forth, 410), (lost, 200)):
            if script == lost:
                self.delete_there(self.target())
            script = script.replace("'Acme'", self.company).replace("/etc/partywall/new-host.conf", str(there.config))
            done = subprocess.run(["bash", "-euc", f'partywall() {{ "{here.env["BINARY"]}" "$@" -c "{self.config}"; }}\n'
                                   + script], capture_output=True, text=True, timeout=400)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(self.client.get(ME).status, status)

    def test_streams_of_events_end_and_are_told_the_address(self):
        with Stream(self.client) as stream:
            self.move()
            self.assertTrue(stream.ended.wait(10))
        with Stream(self.client) as again:
            self.assertEqual((again.answer.status, again.answer.headers["Location"]), (410, there.env["URL"]))

    def test_how_long_messages_are_kept_goes_along(self):
        self.client.must(200, self.client.send("PATCH", COMPANY, {"messages_days": 30}))
        kept = "SELECT messages_days, messages_kept_until FROM companies WHERE {};"
        before = here.as_owner(kept.format(is_of(self.company)))
        self.assertEqual(there.as_owner(kept.format(is_of(self.move()["id"]))), before)

    def test_one_that_is_to_be_erased_or_exported_stays(self):
        self.client.must(201, self.client.post("/api/v2/exports/", {"kind": "personal"}))
        self.assertIn("an export of it is under way", self.refused())
        here.as_owner(f"DELETE FROM exports WHERE {is_of(self.company)};"
                      f"UPDATE companies SET erase_at = NOW(6) + INTERVAL 1 DAY WHERE {is_of(self.company)};")
        self.assertIn("it will be erased, unless its admins keep it", self.refused())
        self.assertEqual(self.state_here(), ["NULL"] * 4)

    def test_what_makes_no_move_is_refused(self):
        self.assertEqual(here.type_in("company", "move", self.company, config=self.config)[0], 2)
        self.assertIn("it is not being moved", self.refused("--back"))
        status, _, err = here.type_in("company", "move", self.company, "--to", str(here.config), config=self.config)
        self.assertEqual((status, err), (1, "partywall: that is the same database\n"))


if __name__ == "__main__":
    unittest.main()
