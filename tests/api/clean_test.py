#!/usr/bin/env python3
"""tests/api/clean_test.py — `partywall clean`: what has expired goes, and nothing else."""
import json
import pathlib
import re
import tempfile
import threading
import unittest
import uuid

from client import PASSWORD
from support import Hammer, Stack

ME, LOGIN, TOKEN = "/api/v1/auth/me", "/api/v1/auth/login/", "/api/v1/auth/token/"
# Long ago, yesterday, and in a while.
OLD, PAST, FUTURE = "'2001-01-01'", "NOW(6) - INTERVAL 1 DAY", "NOW(6) + INTERVAL 1 DAY"

stack = Stack.shared()


def clean():
    """How many rows of each table it deleted, of all companies."""
    status, out, err = stack.type_in("clean", "--json")
    assert (status, err) == (0, ""), (status, out, err)
    return {row["table"]: row["deleted"] for row in json.loads(out)}


class Clean(unittest.TestCase):
    def setUp(self):
        clean()  # what other tests left
        self.client = stack.client().sign_up()
        self.here = f"company_id = UNHEX('{self.client.company.replace('-', '')}')"

    def count(self, table, where="TRUE"):
        return int(stack.as_owner(f"SELECT COUNT(*) FROM {table} WHERE {self.here} AND {where};")[0])

    def expire(self, table, when=PAST, column="expires_at", where="TRUE"):
        stack.as_owner(f"UPDATE {table} SET {column} = {when} WHERE {self.here} AND {where};")

    def add_sessions(self, number, expires):
        stack.as_owner("INSERT INTO sessions (company_id, token_hash, id, user_id, user_agent, address, created_at,"
                       " last_seen_at, expires_at) SELECT u.company_id, UNHEX(SHA2(CONCAT(UUID(), RAND()), 256)),"
                       f" UNHEX(REPLACE(UUID(), '-', '')), u.id, '', '', {OLD}, {OLD}, {expires} FROM users u,"
                       f" information_schema.columns, information_schema.tables WHERE {self.here} LIMIT {number};")

    def test_sessions_go_when_they_have_expired_and_no_sooner(self):
        self.add_sessions(3, PAST)
        self.add_sessions(2, FUTURE)
        alive = self.count("sessions", f"expires_at > {PAST}")
        self.assertEqual(clean()["sessions"], 3)
        self.assertEqual(self.count("sessions"), alive)
        self.assertEqual(self.client.get(ME).status, 200)

    def test_many_go_in_batches(self):
        self.add_sessions(1700, PAST)
        self.assertEqual(clean()["sessions"], 1700)
        self.assertEqual(clean()["sessions"], 0)

    def test_web_tokens_go_with_their_families_when_they_have_expired(self):
        credentials = {"username": self.client.name, "password": PASSWORD}
        for _ in range(3):
            self.client.must(200, stack.client().post(TOKEN, credentials))
        before = self.count("refresh_tokens")
        self.assertEqual((clean()["refresh_tokens"], self.count("refresh_tokens")), (0, before))
        for table in ("refresh_tokens", "token_families"):
            self.expire(table)
        self.assertEqual(clean()["refresh_tokens"], before)
        self.assertEqual((self.count("refresh_tokens"), self.count("token_families")), (0, 0))

    def test_invitations_go_when_they_are_used_up_or_have_expired(self):
        for _ in range(3):
            self.client.must(201, self.client.post("/api/v1/accounts/invitations/", {"role": "staff"}))
        first, second, _ = stack.as_owner(f"SELECT HEX(id) FROM invitations WHERE {self.here};")
        self.expire("invitations", "0", "uses_left", f"id = UNHEX('{first}')")
        self.expire("invitations", where=f"id = UNHEX('{second}')")
        self.assertEqual((clean()["invitations"], self.count("invitations")), (2, 1))

    def test_links_for_a_new_password_go_when_they_have_expired(self):
        for name in "ab":
            made = self.client.must(201, self.client.post("/api/v1/accounts/users/", {
                "username": f"{name}_{uuid.uuid4().hex[:10]}", "password": PASSWORD}))
            self.client.must(201, self.client.post(f"/api/v2/accounts/users/{made['id']}/password-link", {}))
        first, _ = stack.as_owner(f"SELECT HEX(id) FROM password_links WHERE {self.here};")
        self.expire("password_links", where=f"id = UNHEX('{first}')")
        self.assertEqual((clean()["password_links"], self.count("password_links")), (1, 1))

    def test_api_tokens_stay_in_sight_for_a_month_after_they_have_expired(self):
        for name in "ab":
            self.client.must(201, self.client.post("/api/v1/auth/api-tokens/",
                                                   {"name": name, "access": "read"}))
        self.expire("api_tokens", "NOW(6) - INTERVAL 29 DAY")
        self.assertEqual(clean()["api_tokens"], 0)
        self.expire("api_tokens", "NOW(6) - INTERVAL 31 DAY", where="name = 'a'")
        self.assertEqual((clean()["api_tokens"], self.count("api_tokens")), (1, 1))

    def test_keys_of_creates_go_after_thirty_days(self):
        body = {"name": "Kim", "email": "kim@x.example"}
        for _ in "12":
            self.client.send("POST", "/api/v1/customers/", body, {"Idempotency-Key": str(uuid.uuid4())})
            body = {"name": "Lee", "email": "lee@x.example"}
        self.expire("idempotency_keys", "NOW(6) - INTERVAL 29 DAY", "created_at")
        self.assertEqual((clean()["idempotency_keys"], self.count("idempotency_keys")), (0, 2))
        self.expire("idempotency_keys", "NOW(6) - INTERVAL 31 DAY", "created_at")
        self.assertEqual((clean()["idempotency_keys"], self.count("idempotency_keys")), (2, 0))

    def test_audit_rows_go_after_two_years_or_as_the_configuration_says_and_their_users_stay(self):
        users, rows = self.count("users"), self.count("audit")
        self.assertGreater(rows, 1)
        self.expire("audit", "NOW(6) - INTERVAL 729 DAY", "date")
        self.assertEqual(clean()["audit"], 0)
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder, "partywall.toml")
            config.write_text(stack.config.read_text().replace("[clean]", "[clean]\naudit_days = 729"))
            self.assertEqual(stack.type_in("clean", config=config)[0], 0)
        self.assertEqual((self.count("audit"), self.count("users")), (0, users))

    def test_throttles_go_after_a_day(self):
        stack.client().post(LOGIN, {"username": self.client.name, "password": "wrong"})
        self.assertGreater(int(stack.as_owner("SELECT COUNT(*) FROM throttles;")[0]), 0)
        stack.as_owner("UPDATE throttles SET started_at = NOW(6) - INTERVAL 25 HOUR;")
        self.assertGreater(clean()["throttles"], 0)
        self.assertEqual(stack.as_owner("SELECT COUNT(*) FROM throttles;"), ["0"])

    def test_addresses_from_which_nobody_came_in_lately_go(self):
        self.assertGreater(int(stack.as_owner("SELECT COUNT(*) FROM known_addresses;")[0]), 0)
        stack.as_owner("UPDATE known_addresses SET last_at = NOW(6) - INTERVAL 32 DAY;")
        self.assertGreater(clean()["known_addresses"], 0)

    def test_two_at_once_while_people_log_in_delete_each_row_once_and_disturb_nobody(self):
        self.add_sessions(3000, PAST)
        other = stack.client().sign_up()
        found = []

        def log_in():
            client = stack.client()
            answer = client.post(LOGIN, {"username": other.name, "password": PASSWORD})
            return client.get(ME) if answer.status == 200 else answer

        with Hammer(log_in, threads=1) as logins, Hammer(lambda: self.client.get(ME), threads=2) as reads:
            cleans = [threading.Thread(target=lambda: found.append(clean()["sessions"])) for _ in "12"]
            for each in cleans:
                each.start()
            for each in cleans:
                each.join()
            logins.go_on(3)
        self.assertEqual((logins.failures, reads.failures), ([], []))
        self.assertEqual(sum(found), 3000)
        self.assertEqual(self.client.get(ME).status, 200)

    def test_a_row_that_somebody_holds_keeps_only_its_company_waiting(self):
        self.add_sessions(1, PAST)
        token = stack.as_owner(f"SELECT HEX(token_hash) FROM sessions WHERE {self.here} AND expires_at < NOW(6);")[0]
        holder = stack.sql("BEGIN; SELECT 'held' FROM sessions WHERE token_hash ="
                           f" UNHEX('{token}') AND {self.here} FOR UPDATE;\n", "OWNER")
        self.assertEqual(holder.stdout.readline(), "held\n")
        other = stack.client().sign_up()
        theirs = f"company_id = UNHEX('{other.company.replace('-', '')}')"
        stack.as_owner(f"UPDATE audit SET date = {OLD} WHERE {theirs};")
        status, _, err = stack.type_in("clean", "--json")
        self.assertEqual((status, err), (0, "partywall: rows that somebody holds were left for the next"
                                            " time; companies: 1\n"))
        self.assertEqual(stack.as_owner(f"SELECT COUNT(*) FROM audit WHERE {theirs};"), ["0"])
        self.assertEqual(self.client.get(ME).status, 200)
        holder.communicate("ROLLBACK;\n")
        self.assertEqual(clean()["sessions"], 1)

    def test_it_works_with_an_account_of_its_own_and_says_when_there_is_none(self):
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder, "partywall.toml")
            text = stack.config.read_text()
            # It reads no other secret.
            config.write_text(re.sub(r'"[^"]*/(db-password|owner-password|token-key)"', '"/nowhere"', text))
            self.assertEqual(stack.type_in("clean", config=config)[0], 0)
            config.write_text(re.sub(r"\[clean\]\nuser.*\npassword_file.*\n", "", text))
            status, out, err = stack.type_in("clean", config=config)
            self.assertEqual((status, out), (1, ""))
            self.assertIn("[clean] names no account", err)

    def test_people_read_a_line_for_each_table(self):
        status, out, _ = stack.type_in("clean")
        self.assertEqual(status, 0)
        self.assertEqual(out.splitlines()[0].split(), ["TABLE", "DELETED"])
        self.assertIn("audit", {line.split()[0] for line in out.splitlines()})


if __name__ == "__main__":
    unittest.main()
