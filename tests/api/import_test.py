#!/usr/bin/env python3
"""tests/api/import_test.py — `partywall company import`: an archive becomes a company, and is trusted in nothing."""
import io
import json
import pathlib
import sys
import tarfile
import unittest

from archives import CUSTOMERS, Imports, packed, parts_of, rows_of, stack, with_sums

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from chapters import commands  # noqa: E402


class Import(Imports):
    def test_what_is_imported_and_exported_again_is_the_same(self):
        company = self.imported(packed(self.parts.items()))
        again = parts_of(self.export(company=company, name="again.tar.gz"))
        for table in ("companies", "users", "customers", "user_messages"):
            self.assertEqual(rows_of(again, table), rows_of(self.parts, table))
        noted = [row for row in rows_of(again, "audit") if row["event"] in ("company.import", "company.export")]
        self.assertEqual([row["event"] for row in noted], ["company.export", "company.import", "company.export"])
        self.assertEqual([row for row in rows_of(again, "audit") if row["id"] not in {each["id"] for each in noted[1:]}],
                         rows_of(self.parts, "audit"))

    def test_for_how_long_messages_are_kept_comes_along_and_nothing_is_deleted_for_a_week(self):
        company = self.imported(self.changed(companies=self.row("companies", messages_days=30)))
        here = f"company_id = UNHEX('{company.replace('-', '')}')"
        self.assertEqual(stack.as_owner("SELECT messages_days, DATEDIFF(messages_kept_until, NOW(6)) FROM companies"
                                        f" WHERE {here};"), ["30\t7"])
        for days in (-1, 36501):
            said = self.refusal(self.changed(companies=self.row("companies", messages_days=days)))
            self.assertIn("companies/000001.jsonl, line 1: messages_days is not what it should be", said)

    def test_what_is_derived_is_made_anew(self):
        company = self.imported(packed(self.parts.items()))
        here = f"company_id = UNHEX('{company.replace('-', '')}')"
        for columns in ("conversations WHERE {} ORDER BY user_id", "inboxes WHERE {} AND unread > 0 ORDER BY user_id"):
            table, where = columns.split(" ", 1)
            rows = [stack.as_owner(f"SELECT HEX(user_id), unread FROM {table} {where.format(each)};")
                    for each in (self.here, here)]
            self.assertEqual(rows[0], rows[1])
        self.assertEqual(stack.as_owner(f"SELECT email_key FROM customers WHERE {here};"), ["kim@x.example"])

    def test_it_lets_nobody_in_and_changes_nobody_who_is_there(self):
        people = "SELECT HEX(id), username, HEX(default_company_id) FROM identities ORDER BY id;"
        before = stack.as_owner(people)
        company = self.imported(packed(self.parts.items()), "--name", "Restored")
        self.assertEqual(stack.as_owner(people), before)
        here = f"company_id = UNHEX('{company.replace('-', '')}')"
        self.assertEqual(stack.as_owner(f"SELECT COUNT(identity_id) FROM users WHERE {here};"), ["0"])
        self.assertEqual(stack.as_owner(f"SELECT name FROM companies WHERE {here};"), ["Restored"])
        self.assertEqual(self.client.get("/api/v1/auth/me").json()["company"]["id"], self.company)

    def test_whoever_is_invited_finds_all_of_it_and_people_without_a_login_who_are_no_admins(self):
        company = self.imported(packed(self.parts.items()))
        _, out, _ = stack.type_in("invite", company, "--role", "admin", "--json")
        self.client.must(201, self.client.post("/api/v1/auth/invitation/accept/", {"token": json.loads(out)["token"]}))
        self.client.must(200, self.client.post("/api/v1/auth/company/", {"company": company}))
        colleague = f"/api/v2/accounts/users/{self.client.colleague['id']}"
        self.assertEqual(self.client.get(colleague).status, 200)
        self.assertEqual(self.client.send("PATCH", colleague, {"role": "admin"}).json()["role"], "admin")
        self.assertEqual(self.client.get(CUSTOMERS + self.customer["id"]).json()["notes"], "a\nb")
        me = self.client.get("/api/v2/auth/me").json()
        own = self.client.send("PATCH", f"/api/v2/accounts/users/{me['user']['id']}", {"role": "staff"})
        self.assertEqual(own.status, 400, own.text)
        self.assertIn("at least one admin", own.text)

    def test_the_command_of_the_chapter_does_what_it_says(self):
        (self.folder / "acme.tar.gz").write_bytes(packed(self.parts.items()))
        self.run_block(*commands("systemd/export.md", "Reading one"))
        self.assertIn("Acme, restored", stack.type_in("company", "list")[1])

    def test_a_key_finds_who_changed_it(self):
        key = self.key()
        signed = parts_of(self.export("--key", key, name="signed.tar.gz"))
        self.imported(packed(signed.items()), "--key", key)
        self.assertIn("is not signed", self.refusal(packed(self.parts.items()), "--key", key))
        forged = with_sums(signed | {"companies/000001.jsonl": self.row("companies", name="Forged")})
        self.assertIn("another key, or changed", self.refusal(packed(forged.items()), "--key", key))
        self.assertIn("another key", self.refusal(packed(signed.items()), "--key", self.key("other", "o" * 32)))

    def test_what_is_damaged_or_cut_off_is_refused(self):
        whole = packed(self.parts.items())
        for end in (0, 1, 20, len(whole) // 2, len(whole) - 9):
            self.refusal(whole[:end])
        self.refusal(b"no archive")
        self.assertIn("gzip", self.refusal(packed(self.parts.items(), "")))
        damaged = self.parts | {"companies/000001.jsonl": self.row("companies", name="Other")}
        self.assertIn("companies/000001.jsonl is not what the manifest says", self.refusal(packed(damaged.items())))
        without = {name: content for name, content in self.parts.items() if name != "manifest.json"}
        self.assertIn("manifest.json should come here", self.refusal(packed(without.items())))
        without = {name: content for name, content in self.parts.items() if not name.startswith("companies/")}
        self.assertIn("it has 0 companies", self.refusal(packed(without.items())))
        self.assertIn("is too much", self.refusal(packed([*self.parts.items(), ("more", b"")])))

    def test_a_row_that_is_none_is_refused_with_its_part_and_line(self):
        id, other = self.client.user["id"], "00000000-0000-7000-8000-000000000000"
        for said, tables in {
            "users/000001.jsonl, line 1: JSON": {"users": b"{\n"},
            "users/000001.jsonl, line 1: is no object": {"users": b"[]\n"},
            "users/000001.jsonl, line 1: is cut off": {"users": b"{}"},
            "users/000001.jsonl, line 1: there is no row": {"users": b""},
            'line 1: nobody knows what "is_root" is': {"users": self.row("users", is_root=1)},
            'line 1: nobody knows what "?[2J" is': {"users": self.row("users", **{"\x1b[2J": 1})},
            "line 1: there is no id": {"users": b'{"name": "x"}\n'},
            "line 1: id is not what it should be": {"users": self.row("users", id=other[:-1])},
            "line 1: role is not what it should be": {"users": self.row("users", role="root")},
            "line 1: name is not what it should be, or too long": {"users": self.row("users", name="x" * 151)},
            "users/000001.jsonl, line 1: name is not": {"users": self.row("users", name="")},
            "companies/000001.jsonl, line 1: name is not": {"companies": self.row("companies", name="a\0b")},
            "line 1: created_at is not what it should be": {"users": self.row("users", created_at="2020-01-01")},
            "line 2: its id does not come after": {"users": 2 * self.row("users")},
            "user_messages/000001.jsonl, line 1: A row that is referred to does not exist.":
                {"user_messages": self.row("user_messages", to_user=other)},
            "nobody writes to themselves": {"user_messages": self.row("user_messages", from_user=id, to_user=id)},
            "companies/000001.jsonl, line 2: Already exists.": {"companies": 2 * self.row("companies")},
            "line 1: JSON parse error": {"users": b"[" * 1000 + b"\n"},
        }.items():
            with self.subTest(said):
                self.assertIn(said, self.refusal(self.changed(**tables)))

    def test_one_of_a_newer_release_is_refused_and_says_so(self):
        for change in ({"version": 2}, {"schema": 10 ** 6}):
            form = json.loads(self.parts["format.json"]) | change
            said = self.refusal(packed((self.parts | {"format.json": json.dumps(form).encode()}).items()))
            self.assertIn("newer release", said)

    def test_names_of_parts_lead_nowhere_and_a_part_is_an_ordinary_file(self):
        for name in ("../escaped", "/tmp/escaped", "users/000002.jsonl", "x" * 5000, "\udcff"):
            self.assertIn("should come here", self.refusal(packed([(name, b"x"), *self.parts.items()])))
        link = tarfile.TarInfo("format.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w:gz") as archive:
            archive.addfile(link)
        self.assertIn("no ordinary file", self.refusal(file.getvalue()))

    def test_an_enormous_part_is_refused_before_it_is_read(self):
        huge = b" " * (9 << 20)
        self.assertIn("more than", self.refusal(packed([*list(self.parts.items())[:1],
                                                        ("companies/000001.jsonl", huge)])))

    def test_what_is_left_of_one_that_was_given_up_is_deleted_and_of_nobody_else(self):
        damaged = self.parts | {"audit/000001.jsonl": b"x\n"}
        self.assertIn("audit/000001.jsonl, line 1", self.refusal(packed(damaged.items())))
        left, = stack.as_owner("SELECT HEX(company_id) FROM companies WHERE importing_until IS NOT NULL"
                               " ORDER BY company_id DESC LIMIT 1;")
        tables = stack.as_owner("SELECT table_name FROM information_schema.columns WHERE table_schema = DATABASE()"
                                " AND column_name = 'company_id';")

        def rows(where):
            return {table: int(stack.as_owner(f"SELECT COUNT(*) FROM {table} WHERE {where};")[0]) for table in tables}

        here, living = f"company_id = UNHEX('{left}')", rows(self.here)
        self.assertGreater(rows(here)["user_messages"], 0)
        self.assertEqual(stack.type_in("clean")[0], 0)
        self.assertGreater(rows(here)["user_messages"], 0)  # it could go on yet
        stack.as_owner(f"UPDATE companies SET importing_until = NOW(6) - INTERVAL 2 HOUR WHERE {here};")
        self.assertEqual(stack.type_in("clean")[0], 0)
        self.assertEqual(set(rows(here).values()), {0})
        self.assertEqual(rows(self.here), living)

    def test_a_name_that_shows_nothing_is_refused(self):
        for name in ("", "\u200b"):
            status, _, err = stack.type_in("company", "import", "/dev/null", "--name", name)
            self.assertEqual(status, 2)
            self.assertIn("--name", err)

    def test_of_two_companies_of_one_name_the_ids_are_said(self):
        name = f"Twice, {self.company}"
        companies = [self.imported(packed(self.parts.items()), "--name", name) for _ in "12"]
        said = self.refused("company", "show", name)
        for each in companies:
            self.assertIn(each, said)
            self.assertEqual(json.loads(stack.type_in("company", "show", each, "--json")[1])["name"], name)

    def test_what_the_format_says_is_under_the_key_too(self):
        key = self.key()
        signed = parts_of(self.export("--key", key, name="signed.tar.gz"))
        older = json.loads(signed["format.json"]) | {"schema": 1}
        forged = signed | {"format.json": json.dumps(older).encode() + b"\n"}
        self.assertIn("format.json is not what the manifest says", self.refusal(packed(forged.items()), "--key", key))

    def test_while_it_is_not_whole_nobody_sees_it_and_no_command_enters_it(self):
        company = self.imported(packed(self.parts.items()))
        stack.as_owner("UPDATE companies SET importing_until = NOW(6) + INTERVAL 1 DAY WHERE company_id ="
                       f" UNHEX('{company.replace('-', '')}');")
        self.assertNotIn(company, stack.type_in("company", "list")[1])
        self.assertIn("there is no company", self.refused("company", "show", company))
        self.assertIn("there is no company", self.refused("invite", company))


if __name__ == "__main__":
    unittest.main()
