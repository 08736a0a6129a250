#!/usr/bin/env python3
"""tests/api/check_test.py — `partywall check` names what is wrong with the rows: each kind is made by hand, as a
database does that was told to look at no foreign keys."""
import json
import unittest
import uuid

from client import PASSWORD
from one_of_each import literal, make_one_of_each
from support import Hammer, Stack

MESSAGES = "/api/v1/user-messages/"
KEYS = """
SELECT table_name, column_name, referenced_table_name FROM information_schema.key_column_usage
 WHERE table_schema = DATABASE() AND referenced_table_name <> 'companies' AND column_name <> 'company_id';
"""
TABLES = """
SELECT DISTINCT table_name FROM information_schema.columns
 WHERE table_schema = DATABASE() AND column_name = 'company_id';
"""
UNCHECKED = "SET foreign_key_checks = 0;"


class Check(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.own()

    def setUp(self):
        self.admin, self.user = make_one_of_each(self.stack)
        self.company = self.admin.company
        self.here = f"company_id = {literal(self.company)}"
        self.addCleanup(self.erase, self.company)
        self.is_whole()

    def erase(self, company):
        """So that the next test finds nothing of it."""
        self.break_rows("DELETE FROM identities WHERE id IN (SELECT identity_id FROM users WHERE"
                        f" company_id = {literal(company)});" + "".join(
                            f"DELETE FROM {table} WHERE company_id = {literal(company)};"
                            for table in self.stack.as_owner(TABLES)))

    def break_rows(self, statements):
        self.stack.as_owner(UNCHECKED + statements)

    def check(self, *company):
        """The findings of the company, or of all."""
        status, out, err = self.stack.type_in("check", *company, "--json")
        self.assertTrue(out, err)
        findings = json.loads(out)
        self.assertEqual(status, 1 if findings else 0, out + err)
        return [(each["company"], each["table"], each["what"]) for each in findings]

    def is_whole(self):
        self.assertEqual((self.check(), self.check(self.company)), ([], []))

    def finds(self, table, what, *others):
        """That it finds one thing, in this company as in all; or with others of those tables."""
        for findings in (self.check(self.company), self.check()):
            self.assertEqual(sorted(each[1] for each in findings), sorted([table, *others]), findings)
            company, _, said = next(each for each in findings if each[1] == table and what in each[2])
            self.assertEqual(company, self.company, said)

    # ---- references ----

    def test_a_reference_to_what_only_another_company_has_is_found(self):
        other, stranger = make_one_of_each(self.stack)
        self.addCleanup(self.erase, other.company)
        self.break_rows(f"UPDATE user_messages SET to_user = {literal(stranger)} WHERE {self.here};"
                        f"DELETE FROM conversations WHERE {self.here}; DELETE FROM inboxes WHERE {self.here};")
        findings = self.check(self.company)
        self.assertIn((self.company, "user_messages", f"to_user refers to users {stranger}, which is not there"),
                      findings)
        self.assertEqual(self.check(other.company), [])

    def test_each_foreign_key_of_the_schema_is_looked_at(self):
        keys = [line.split("\t") for line in self.stack.as_owner(KEYS)]
        self.assertGreater(len(keys), 15)
        for table, column, parent in keys:
            with self.subTest(table=table, column=column):
                lost = uuid.uuid4()
                there = self.stack.as_owner(f"SELECT IFNULL(CONCAT('0x', HEX({column})), 'NULL') FROM {table}"
                                            f" WHERE {self.here} ORDER BY {column} DESC LIMIT 1;")[0]
                change = f"UPDATE {table} SET {column} = {{}} WHERE {self.here} AND {column} <=> {{}} LIMIT 1;"
                self.break_rows(change.format(literal(str(lost)), there))
                try:
                    found = [each[1:] for each in self.check(self.company) if str(lost) in each[2]]
                finally:
                    self.break_rows(change.format(there, literal(str(lost))))
                self.assertIn(f"{column} refers to {parent} {lost}, which is not there",
                              [what.partition(": ")[2] or what for of, what in found if of == table], found)
                self.is_whole()

    def test_each_of_many_rows_that_refer_to_nothing_is_found_among_many_that_do_not(self):
        lost = [str(uuid.uuid4()) for _ in range(3)]
        self.break_rows("".join(
            f"INSERT INTO audit SELECT company_id, UNHEX(MD5(CONCAT(HEX({id}), seq))), date, event, {id}, actor,"
            f" NULL, detail, address, request_id FROM (SELECT * FROM audit WHERE {self.here} LIMIT 1) AS one"
            " STRAIGHT_JOIN seq_1_to_450;" for id in map(literal, lost + [self.user])))
        self.assertEqual(sorted(self.check(self.company)), sorted(
            (self.company, "audit", f"actor_id refers to users {id}, which is not there") for id in lost))

    def test_rows_of_a_company_that_is_not_there_are_found_in_every_table(self):
        tables = [each for each in self.stack.as_owner(TABLES) if each != "companies"]
        lost = str(uuid.uuid4())
        self.addCleanup(self.erase, lost)
        for table in tables:
            self.break_rows(f"UPDATE {table} SET company_id = {literal(lost)} WHERE {self.here};")
        self.break_rows(f"DELETE FROM companies WHERE {self.here};")
        self.assertEqual(sorted(self.check()), sorted(
            (lost, table, "there are rows of this company, which is not there") for table in tables))

    # ---- people ----

    def test_a_person_in_no_company_is_found(self):
        id = str(uuid.uuid4())
        self.break_rows("INSERT INTO identities (id, username_key, username, password_hash, default_company_id,"
                        f" created_at) VALUES ({literal(id)}, '{id}', '{id}', '', {literal(self.company)}, NOW(6));")
        self.addCleanup(self.break_rows, f"DELETE FROM identities WHERE id = {literal(id)};")
        self.assertEqual(self.check(), [(None, "identities", f"{id} has no user in any company")])
        self.assertEqual(self.check(self.company), [])

    def test_a_user_who_cannot_log_in_is_no_finding_and_what_lets_them_in_is_one(self):
        self.break_rows(f"DELETE i FROM identities i JOIN users u ON u.identity_id = i.id WHERE u.{self.here}"
                        f" AND u.id = {literal(self.user)};"
                        f"UPDATE users SET identity_id = NULL WHERE {self.here} AND id = {literal(self.user)};")
        self.finds("sessions", "who is without an identity, has some", "api_tokens", "token_families", "password_links",
                   "refresh_tokens")
        for table in ("sessions", "api_tokens", "refresh_tokens", "token_families", "password_links"):
            self.break_rows(f"DELETE FROM {table} WHERE {self.here} AND user_id = {literal(self.user)};")
        self.is_whole()

    def test_what_lets_in_who_was_removed_is_found(self):
        self.break_rows(f"UPDATE users SET removed_at = NOW(6) WHERE {self.here} AND id = {literal(self.user)};")
        self.finds("users", "was removed, and still has an identity", "sessions", "api_tokens", "password_links",
                   "token_families", "refresh_tokens")

    def test_a_name_that_differs_from_the_identitys_and_a_key_that_differs_from_the_name_are_found(self):
        self.break_rows(f"UPDATE users SET username = 'other' WHERE {self.here} AND id = {literal(self.user)};")
        self.finds("users", "username is not that of the identity")
        name = self.admin.colleague["username"]
        self.break_rows(f"UPDATE users SET username = '{name}' WHERE {self.here} AND id = {literal(self.user)};"
                        f"UPDATE identities SET username_key = UUID() WHERE username = '{name}';")
        self.finds("identities", "username_key is not that of the username")

    def test_a_company_without_an_admin_is_found(self):
        self.break_rows(f"UPDATE users SET role = 'staff' WHERE {self.here};")
        self.finds("users", "the company has no admin")

    # ---- what is made of other rows ----

    def test_a_key_that_is_not_made_of_its_text_is_found(self):
        for column in ("name", "email"):
            self.break_rows(f"UPDATE customers SET {column}_key = '?' WHERE {self.here};")
            self.finds("customers", f"{column}_key is not that of the {column}")
            self.assertEqual(self.stack.type_in("rebuild", self.company)[0], 0)
            self.is_whole()

    def test_counts_and_last_messages_that_are_not_right_are_found_and_rebuild_makes_them_right(self):
        for _ in range(3):
            self.admin.must(201, self.admin.post(MESSAGES, {"to_user": self.admin.colleague["url"], "text": "x"}))
        mine = f"WHERE {self.here} AND user_id = {literal(self.user)}"
        others = f"WHERE {self.here} AND other_id = {literal(self.user)}"
        older = f"(SELECT id FROM user_messages WHERE {self.here} ORDER BY date LIMIT 1)"
        date = f"(SELECT MIN(date) FROM user_messages WHERE {self.here})"
        for table, what, statement, *more in [
                ("conversations", "unread is 3, and should be 4", f"SET unread = 3 {mine}", "inboxes"),
                ("conversations", "not their last message", f"SET last_message = {older} {mine}", "conversations"),
                ("conversations", "not their last message", f"SET last_message = {older}, last_date = {date}"
                                                            f" WHERE {self.here}"),
                ("conversations", "not their last message", f"SET last_date = NOW(6) {mine}"),
                ("inboxes", "unread is 5, and should be 4", f"SET unread = 5 {mine}")]:
            with self.subTest(statement=statement):
                self.break_rows(f"UPDATE {table} {statement};")
                self.finds(table, what, *more)
                self.assertEqual(self.stack.type_in("rebuild", self.company)[0], 0)
                self.is_whole()
        for which, what, *more in [
                (mine, f"there is no row of user_id {self.user}", "conversations", "inboxes"),
                (others, "the other person has no such row")]:
            with self.subTest(which=which):
                self.break_rows(f"DELETE FROM conversations {which};")
                self.finds("conversations", what, *more)
                self.assertEqual(self.stack.type_in("rebuild", self.company)[0], 0)
                self.is_whole()
        self.break_rows(f"DELETE FROM inboxes {mine};")
        self.finds("inboxes", "unread is 0, and should be 4")

    def test_counts_that_older_programs_may_write_beside_are_not_looked_at_which_it_says(self):
        self.break_rows(f"UPDATE inboxes SET unread = 7 WHERE {self.here};"
                        "DELETE FROM derived WHERE what = 'unread counts';")
        status, out, err = self.stack.type_in("check")
        self.assertEqual((status, out), (0, "all is well; companies: 1\n"))
        self.assertIn("conversations and inboxes were not looked at", err)
        self.assertEqual(self.stack.type_in("upgraded")[0], 0)
        self.is_whole()

    # ---- the schema, and how it answers ----

    def test_a_schema_that_is_not_this_releases_and_keys_of_other_rules_are_found(self):
        for table, what, there, back in [
                ("schema_migrations", "0004_sessions is not what this release has",
                 "UPDATE schema_migrations SET checksum = REVERSE(checksum) WHERE number = 4;", None),
                ("schema_migrations", "9000_more is of another release",
                 "INSERT INTO schema_migrations VALUES (9000, '9000_more', '', NOW(6), '0.1.0');",
                 "DELETE FROM schema_migrations WHERE number = 9000;"),
                ("derived", "run `partywall rebuild`", "UPDATE derived SET rules = '?' WHERE what = 'search keys';",
                 None)]:
            with self.subTest(what=what):
                self.break_rows(there)
                (company, of, said), = self.check()
                self.assertEqual((company, of), (None, table))
                self.assertIn(what, said)
                self.break_rows(back or there) if table != "derived" else self.stack.type_in("rebuild")
                self.is_whole()

    def test_people_see_a_line_for_each_finding_and_the_company_that_they_name_alone(self):
        other = self.stack.client().sign_up()
        self.addCleanup(self.erase, other.company)
        self.break_rows(f"UPDATE users SET role = 'staff' WHERE {self.here};")
        status, out, err = self.stack.type_in("check")
        self.assertEqual((status, err), (1, "partywall: findings: 1\n"))
        self.assertRegex(out, f"^COMPANY +TABLE +WHAT\n{self.company} +users +the company has no admin\n$")
        self.assertEqual(self.stack.type_in("check", other.company), (0, "all is well; companies: 1\n", ""))

    def add_customers(self, number, company="company_id"):
        """Whose e-mail addresses have keys that are not theirs."""
        self.break_rows(f"INSERT INTO customers SELECT {company}, UNHEX(MD5(seq)), name, CONCAT(seq, email), phone,"
                        " notes, created_at, updated_at, name_key, CONCAT(seq, '?'), 0 FROM (SELECT * FROM customers"
                        f" WHERE {self.here}) AS one STRAIGHT_JOIN seq_1_to_{number};")

    def test_many_findings_of_a_company_hide_no_others(self):
        self.add_customers(1100)
        self.break_rows(f"UPDATE users SET role = 'staff' WHERE {self.here};")
        findings = self.check()
        self.assertEqual(len(findings), 52)
        self.assertEqual([what for _, _, what in findings if "more" in what], ["and 1050 more"])
        self.assertEqual([table for _, table, _ in findings if table != "customers"], ["users"])

    def test_it_stops_after_a_thousand_findings(self):
        self.add_customers(1100, "UNHEX(MD5(seq))")
        self.addCleanup(self.break_rows, "DELETE FROM customers WHERE company_id = id;")
        self.assertEqual(len(self.check()), 1000)
        self.assertIn("findings: 1000, and there it stopped", self.stack.type_in("check")[2])

    def test_a_table_whose_name_is_a_word_of_sql_is_looked_at(self):
        self.stack.as_owner("CREATE TABLE `order` (company_id BINARY(16), id BINARY(16), PRIMARY KEY (company_id, id));")
        self.addCleanup(self.stack.as_owner, "DROP TABLE `order`;")
        self.stack.as_owner("INSERT INTO `order` VALUES (UNHEX(MD5(1)), UNHEX(MD5(1)));")
        self.stack.as_root(f"GRANT SELECT ON {self.stack.env['DB_NAME']}.`order` TO"
                           f" {self.stack.env['DB_USER']}@localhost;")
        self.assertEqual([table for _, table, _ in self.check()], ["order"])

    def test_it_sees_one_moment_however_much_is_written_meanwhile(self):
        def write():
            client = self.stack.client()
            client.must(200, client.post("/api/v1/auth/login/", {"username": self.admin.name, "password": PASSWORD}))
            return client.post(MESSAGES, {"to_user": self.admin.colleague["url"], "text": "x"})

        with Hammer(write, threads=2) as hammer:
            for _ in range(10):
                self.is_whole()
                hammer.go_on(3)
        self.assertEqual(hammer.failures, [])


if __name__ == "__main__":
    unittest.main()
