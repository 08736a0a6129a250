#!/usr/bin/env python3
"""tests/api/import_logins_test.py — how the people of an archive get in: by the logins in it, where an operator wants
them, or by a link."""
import json
import pathlib
import sys
import unittest

from archives import Imports, packed, parts_of, parts_of_bytes, rows_of, stack, told
from client import PASSWORD

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from chapters import commands  # noqa: E402


class ImportLogins(Imports):
    def test_logins_are_left_out_and_it_says_so(self):
        path = self.export("--with-logins", name="logins.tar.gz")
        status, _, err = stack.type_in("company", "import", str(path))
        self.assertEqual((status, told(err)),
                         (0, "partywall: the logins in the archive were left out: nobody of it is let in\n"))

    def logins(self, **first):
        """The archive with logins by other names than there are here, the first one changed; and their rows."""
        self.parts = parts_of(self.export("--with-logins", name="logins.tar.gz"))
        rows = [row | {"username": f"{row['username']}.new"} for row in rows_of(self.parts, "logins")]
        rows[0] |= first
        content = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        return self.changed(logins=content), rows

    def test_with_logins_whose_names_are_free_people_log_in_as_who_they_are(self):
        content, rows = self.logins()
        company = self.imported(content, "--with-logins")
        for row in rows:
            client = stack.client()
            client.must(200, client.post("/api/v1/auth/login/", {"username": row["username"], "password": PASSWORD}))
            me = client.get("/api/v2/auth/me").json()
            self.assertEqual((me["company"]["id"], me["user"]["id"]), (company, row["id"]))
        self.assertEqual({row[:1] for row in stack.as_owner(
            "SELECT i.password_given FROM identities i JOIN users u ON u.identity_id = i.id WHERE u.company_id ="
            f" UNHEX('{company.replace('-', '')}');")}, {"1"})
        again = parts_of(self.export("--with-logins", company=company, name="again.tar.gz"))
        self.assertEqual(rows_of(again, "logins"), rows)
        self.assertEqual(rows_of(again, "users"), rows_of(self.parts, "users"))
        self.assertEqual(stack.type_in("check", company)[0], 0)

    def test_a_second_factor_does_not_come_and_its_person_is_told(self):
        content, rows = self.logins(had_second_factor=True)
        company = self.imported(content, "--with-logins")
        again = parts_of(self.export("--with-logins", company=company, name="again.tar.gz"))
        self.assertEqual(rows_of(again, "logins"), rows)
        told = [stack.client().post("/api/v2/auth/login/", {"username": row["username"], "password": PASSWORD})
                .json()["notice"] for row in rows]
        self.assertEqual(told, ["second_factor_ended"] + [None] * (len(rows) - 1))

    def test_logins_of_before_say_nothing_of_second_factors(self):
        _, rows = self.logins()
        for row in rows:
            self.assertIs(row.pop("had_second_factor"), False)
        self.imported(self.changed(logins=b"".join(json.dumps(row).encode() + b"\n" for row in rows)), "--with-logins")

    def test_a_name_that_somebody_has_here_stays_with_them_and_is_told(self):
        content, rows = self.logins(username=self.client.name.upper())
        before = stack.as_owner("SELECT HEX(id), username, password_hash FROM identities ORDER BY id;")
        path = self.folder / "in.tar.gz"
        path.write_bytes(content)
        status, out, err = stack.type_in("company", "import", str(path), "--with-logins", "--json")
        self.assertEqual((status, json.loads(out)["logins"]), (0, len(rows) - 1))
        self.assertEqual(told(err), "partywall: usernames that somebody has here already, so that these people got no"
                                    f" login: 1: {self.client.name.upper()}\n")
        after = stack.as_owner("SELECT HEX(id), username, password_hash FROM identities ORDER BY id;")
        self.assertEqual([row for row in after if row in before], before)
        self.assertEqual(len(after), len(before) + len(rows) - 1)
        self.assertEqual(self.client.get("/api/v1/auth/me").json()["company"]["id"], self.company)

    def test_a_login_that_nobody_could_have_here_is_refused_with_its_line(self):
        _, rows = self.logins()
        other, cheap = rows[1]["username"], rows[0]["password_hash"].replace("m=19456", "m=8")
        for said, first in {"username is none that could be chosen here": {"username": "a b"},
                            "line 1: username is not what it should be": {"username": ""},
                            "password_hash is none that this release makes": {"password_hash": cheap},
                            "password_hash is not what it should be, or too long": {"password_hash": "x" * 129},
                            "there is no user of this id": {"id": "00000000-0000-7000-8000-000000000000"},
                            "line 2: somebody else in the archive has this username":
                                {"username": other.upper()}}.items():
            with self.subTest(said):
                self.assertIn("logins/000001.jsonl", self.refusal(self.logins(**first)[0], "--with-logins"))
                self.assertIn(said, self.refusal(self.logins(**first)[0], "--with-logins"))

    def test_an_import_that_is_refused_at_its_end_takes_no_name(self):
        content, rows = self.logins()
        people = "SELECT COUNT(*) FROM identities;"
        before = stack.as_owner(people)
        parts = parts_of_bytes(content) | {"manifest.json": b"{}\n"}
        self.refusal(packed(parts.items()), "--with-logins")
        self.assertEqual(stack.as_owner(people), before)

    def test_it_says_when_there_are_no_logins(self):
        path = self.export()
        status, _, err = stack.type_in("company", "import", str(path), "--with-logins")
        self.assertEqual((status, told(err)),
                         (0, "partywall: there are no logins in the archive: nobody of it is let in\n"))

    def test_an_operator_makes_a_link_with_which_somebody_gets_their_own_row(self):
        company = self.imported(packed(self.parts.items()))
        people = json.loads(stack.type_in("user", "list", company, "--json")[1])
        self.assertEqual({row["has_login"] for row in people}, {0})
        self.assertIn("the company has no admin who can log in", stack.type_in("check", company)[1])
        admin, = [row for row in people if row["role"] == "admin"]
        for name in (admin["username"], admin["id"]):
            made = json.loads(stack.type_in("user", "link", name, "--company", company, "--json")[1])
        self.assertTrue(made["link"].endswith("/#/invitation/" + made["token"]), made)
        name = f"own.{self.client.name}"
        joined = self.client.must(201, stack.client().post("/api/v1/auth/invitation/accept/", {
            "token": made["token"], "username": name, "password": PASSWORD}))
        self.assertEqual((joined["company"]["id"], joined["user"]["id"]), (company, admin["id"]))
        self.assertEqual(stack.type_in("check", company)[0], 0)
        self.assertIn("there is no user", self.refused("user", "link", "Nobody", "--company", company))

    def test_the_commands_of_the_chapter_do_what_they_say(self):
        company = self.imported(packed(self.parts.items()))
        script, = commands("systemd/export.md", "How its people get in")
        name = json.loads(stack.type_in("user", "list", company, "--json")[1])[0]["username"]
        self.run_block(script.replace("'Acme, restored'", company).replace("'Ann Lee'", name))


if __name__ == "__main__":
    unittest.main()
