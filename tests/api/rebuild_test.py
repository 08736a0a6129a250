#!/usr/bin/env python3
"""tests/api/rebuild_test.py — the keys by which rows are found, made anew: `partywall rebuild`, and what
`partywall migrate` makes of the rows that an older release wrote."""
import json
import unittest
import uuid
from urllib.parse import quote

from client import PASSWORD
from support import Hammer, Stack, run_script

CUSTOMERS = "/api/v1/customers/"
LOGIN = "/api/v1/auth/login/"
# The key columns as they were, made by the database.
OLDER = """
ALTER TABLE customers DROP KEY email_key, DROP COLUMN email_twin, DROP COLUMN name_key,
  DROP COLUMN email_key, ADD COLUMN name_key VARCHAR(100) AS (LOWER(name)) STORED,
  ADD COLUMN email_key VARCHAR(254) AS (LOWER(email)) STORED,
  ADD UNIQUE KEY email_key (company_id, email_key);
DROP TABLE derived;
DELETE FROM schema_migrations WHERE name LIKE '%customers_keys' OR name LIKE '%derived';
INSERT INTO companies (company_id, name, address, created_at) VALUES (REPEAT('c', 16), 'Old', '', NOW(6));
INSERT INTO customers (company_id, id, name, email, phone, notes, created_at, updated_at)
  SELECT company_id, UNHEX(REPLACE(UUID(), '-', '')), 'STRA\u1e9eE', CONCAT(UUID(), '@X.example'), '', '',
         NOW(6), NOW(6) FROM companies, information_schema.columns, information_schema.tables LIMIT 1200;
"""

stack = Stack.shared()


class Rebuild(unittest.TestCase):
    def setUp(self):
        self.client = stack.client().sign_up()
        self.here = f"company_id = UNHEX('{self.client.company.replace('-', '')}')"

    def rebuild(self, status=0):
        got, out, err = stack.type_in("rebuild", self.client.company, "--json")
        self.assertEqual(got, status, out + err)
        return json.loads(out)

    def add(self, name, email):
        made = self.client.post(CUSTOMERS, {"name": name, "email": email})
        self.assertEqual(made.status, 201, made.text)
        return made.json()["id"]

    def found(self, **filters):
        query = "&".join(f"{key}={quote(value)}" for key, value in filters.items())
        return [row["id"] for row in self.client.get(f"{CUSTOMERS}?{query}").json()]

    def spoil(self, where="TRUE", **columns):
        changes = ", ".join(f"{name} = '{value}'" for name, value in columns.items())
        stack.as_owner(f"UPDATE customers SET {changes} WHERE {self.here} AND {where};")

    def test_keys_that_are_not_what_they_should_be_are_made_anew_and_only_those(self):
        kim, lee = self.add("Kim \u1e9e", "kim@x.example"), self.add("Lee", "lee@x.example")
        self.assertEqual(self.rebuild()["changed"], 0)
        self.spoil(where="name = 'Lee'", name_key="?", email_key="?")
        self.assertEqual((self.found(name="lee"), self.found(email="lee@x.example")), ([], []))
        result = self.rebuild()
        # Two customers and two people.
        self.assertEqual((result["companies"], result["rows"], result["changed"]), (1, 4, 1))
        self.assertEqual(result["collisions"], [])
        self.assertEqual((self.found(name="lee"), self.found(email="LEE@x.example")), ([lee], [lee]))
        self.assertEqual(self.found(name="KIM ss"), [kim])

    def test_a_batch_after_the_other_until_none_is_left(self):
        stack.as_owner("INSERT INTO customers (company_id, id, name, email, phone, notes, created_at,"
                       " updated_at, name_key, email_key) SELECT company_id, UNHEX(REPLACE(UUID(), '-', '')),"
                       " 'Name', CONCAT(UUID(), '@X.example'), '', '', NOW(6), NOW(6), '', UUID()"
                       " FROM companies, information_schema.columns, information_schema.tables"
                       f" WHERE {self.here} LIMIT 1234;")
        self.assertEqual(self.rebuild()["changed"], 1234)
        self.assertEqual(self.rebuild()["changed"], 0)

    # No request can make such a row; an older release could.
    def test_a_row_whose_id_is_nil_gets_its_keys_like_all(self):
        self.add("Nil", "nil@x.example")
        stack.as_owner(f"UPDATE customers SET id = REPEAT(CHAR(0), 16) WHERE {self.here};")
        self.spoil(name_key="?")
        self.assertEqual(self.rebuild()["changed"], 1)
        self.assertEqual(len(self.found(name="nil")), 1)

    def test_two_addresses_of_one_key_are_named_and_kept_and_stop_nothing_else(self):
        first, second = self.add("First", "same@x.example"), self.add("Second", "other@x.example")
        last = self.add("Last", "last@x.example")
        self.spoil(where="name = 'Second'", email="SAME@x.example")
        self.spoil(where="name = 'Last'", name_key="?")
        result = self.rebuild(status=1)
        self.assertEqual(result["collisions"], [{"company": self.client.company,
                                                 "of": "customers.email", "id": second,
                                                 "other": first}])
        self.assertEqual(self.found(name="last"), [last])
        for asked in ("same@x.example", "SAME@x.example", "Same@X.example"):
            self.assertEqual(self.found(email=asked), [first, second])
        again = self.client.post(CUSTOMERS, {"name": "Third", "email": "sAme@x.example"})
        self.assertEqual(again.status, 400)
        # One that colliding rows do not have is free, and the second row can be changed at will.
        self.assertEqual(self.client.send("PATCH", CUSTOMERS + second, {"phone": "1"}).status, 200)
        self.assertEqual(self.rebuild(status=1)["changed"], 0)
        self.assertEqual(self.client.send("PATCH", CUSTOMERS + second, {"email": "free@x.example"}).status,
                         200)
        self.assertEqual((self.rebuild()["changed"], self.found(email="FREE@x.example")), (1, [second]))

    def test_people_who_write_meanwhile_lose_nothing(self):
        ids = [self.add(f"Name {i}", f"n{i}@x.example") for i in range(20)]
        said = {}

        def rename():
            id, name = ids[uuid.uuid4().int % 20], uuid.uuid4().hex.upper()
            answer = self.client.send("PATCH", CUSTOMERS + id, {"name": name})
            said.setdefault(id, set()).add(name)
            return answer

        with Hammer(rename, threads=3) as hammer:
            for _ in range(20):
                self.spoil(name_key="?")
                self.rebuild()
                hammer.go_on(10)
        self.assertEqual(hammer.failures, [])
        self.rebuild()
        for id in said:
            name = self.client.get(CUSTOMERS + id).json()["name"]
            self.assertIn(name, said[id])
            self.assertEqual(self.found(name=name.lower()), [id])

    def test_names_of_people_too_and_one_that_somebody_else_has_is_named(self):
        mine = self.client.user
        where = f"WHERE username = '{self.client.name}'"
        stack.as_owner(f"UPDATE identities SET username_key = UUID() {where};")
        credentials = {"username": self.client.name.upper(), "password": PASSWORD}
        self.assertEqual(stack.client().post(LOGIN, credentials).status, 401)
        self.assertEqual(self.rebuild()["changed"], 1)
        self.assertEqual(stack.client().post(LOGIN, credentials).status, 200)
        taken = self.client.name.upper()
        for table, column in (("identities", "id"), ("users", "identity_id")):
            stack.as_owner(f"UPDATE {table} SET username = '{taken}' WHERE {column} = (SELECT identity_id"
                           f" FROM (SELECT identity_id FROM users WHERE {self.here} AND username ="
                           f" 'b{self.client.name}') x);")
        collision, = self.rebuild(status=1)["collisions"]
        self.assertEqual((collision["of"], collision["id"]),
                         ("users.username", self.client.colleague["id"]))
        self.assertNotEqual(collision["other"], mine["id"])
        self.assertEqual(stack.client().post(LOGIN, credentials).status, 200)

    def test_what_is_printed_for_people_names_the_company_and_both_rows(self):
        first, second = self.add("First", "same@x.example"), self.add("Second", "other@x.example")
        self.spoil(where="name = 'Second'", email="SAME@x.example")
        status, out, err = stack.type_in("rebuild", self.client.company)
        self.assertEqual(status, 1)
        self.assertIn("1 of 4 rows in 1 companies got other keys\n", out)
        self.assertRegex(out, f"{self.client.company} +customers.email +{second} +{first}\n")
        self.assertIn("run rebuild again", err)
        self.assertEqual(stack.type_in("rebuild", str(uuid.uuid4()))[0], 1)


class Upgrade(unittest.TestCase):
    def test_rows_of_an_older_release_get_their_keys_when_it_is_migrated(self):
        run_script("add-db", stack.state, "keys")
        config, database = stack.state / "partywall-keys.toml", stack.env["DB_NAME"] + "_keys"
        stack.as_owner(OLDER, database)
        keys = "SELECT name_key, COUNT(*), SUM(email_key = LOWER(email)) FROM customers GROUP BY 1;"
        self.assertEqual(stack.as_owner(keys, database), ["stra\u1e9ee\t1200\t1200"])
        status, out, err = stack.type_in("migrate", config=config)
        self.assertEqual(status, 0, err)
        self.assertIn("1200 of 1200 rows in 1 companies got other keys\n", out)
        self.assertEqual(stack.as_owner(keys, database), ["strasse\t1200\t1200"])
        # Once; and again when the rules of folding have changed, or a run did not come to its end.
        stack.as_owner("UPDATE customers SET name_key = '?' LIMIT 7;", database)
        self.assertNotIn("rows", stack.type_in("migrate", config=config)[1])
        stack.as_owner("UPDATE derived SET rules = '1, Unicode 14.0.0';", database)
        self.assertIn("7 of 1200 rows", stack.type_in("migrate", config=config)[1])


if __name__ == "__main__":
    unittest.main()
