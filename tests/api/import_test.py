#!/usr/bin/env python3
"""tests/api/import_test.py — `partywall company import`: an archive becomes a company, and is trusted in nothing."""
import gzip
import io
import json
import pathlib
import sys
import tarfile
import unittest
import zlib

from archives import CUSTOMERS, Imports, packed, parts_of, rows_of, stack, with_sums

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from chapters import commands  # noqa: E402

REFUSED = "partywall: the archive is refused: {}; nothing of it is seen\n"


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

    def test_a_hostile_archive_is_refused_with_its_entry_and_line(self):
        for table in (self.broken(), self.misplaced(), self.of_another_release(), self.rows_that_are_none()):
            for said, archive in table.items():
                with self.subTest(said):
                    self.assertEqual(self.refusal(archive), REFUSED.format(said.rstrip()))

    def test_a_key_finds_who_changed_it(self):
        key = self.key()
        signed = parts_of(self.export("--key", key, name="signed.tar.gz"))
        forged = with_sums(signed | {"companies/000001.jsonl": self.row("companies", name="Forged")})
        self.imported(packed(signed.items()), "--key", key)
        another = "manifest.hmac: it was signed by another key, or changed"
        unsigned = "manifest.hmac is missing: the archive is not signed"
        for said, parts, with_key in (
            (f"after manifest.json: {unsigned}", self.parts, key),
            (another, forged, key),
            (another, signed, self.key("other", "o" * 32)),
        ):
            with self.subTest(said):
                self.assertEqual(self.refusal(packed(parts.items()), "--key", with_key), REFUSED.format(said))

    def offsets(self, parts):
        with tarfile.open(fileobj=io.BytesIO(packed(parts.items(), ""))) as opened:
            return {each.name: each.offset for each in opened}

    def broken(self):
        """What is said, and the archive: cut off, damaged, or none."""
        tar, whole = packed(self.parts.items(), ""), packed(self.parts.items())
        users = self.offsets(self.parts)["users/000001.jsonl"]
        link = tarfile.TarInfo("users/000001.jsonl")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        damaged = bytearray(tar[users:])
        damaged[0] ^= 1

        def in_place_of_users(content):
            return gzip.compress(tar[:users] + content)

        none = "before its first part: it is broken: Unrecognized archive format"
        return {
            none: b"no archive", none + " ": b"", none + "  ": gzip.compress(2000 * b"x"),
            "before its first part: it is broken: truncated gzip input": whole[:20],
            "before its first part: it is not compressed by gzip": tar,
            "before its first part: format.json is missing": packed([]),
            "after companies/000001.jsonl: manifest.json is missing": in_place_of_users(b""),
            "after companies/000001.jsonl: it is broken: Damaged tar archive": in_place_of_users(damaged),
            "after companies/000001.jsonl: it is broken: Truncated tar archive": in_place_of_users(tar[users:][:99]),
            "users/000001.jsonl: it is broken: Truncated tar archive": in_place_of_users(tar[users:][:512 + 5]),
            "users/000001.jsonl: it is no ordinary file": in_place_of_users(link.tobuf()),
            "companies/000001.jsonl: it has more than 8388608 bytes": packed([*list(self.parts.items())[:1],
                                                                       ("companies/000001.jsonl", b" " * (9 << 20))]),
            **self.cut_off(),
        }

    def cut_off(self):
        """Gzips that end too early; what was packed is read in blocks of 64 KiB."""
        block, text = 1 << 16, "x" * 100_000
        to_end = -self.offsets(self.parts | {"user_messages/000001.jsonl": self.row("user_messages", text=text)})[
            "audit/000001.jsonl"] % block
        parts = with_sums(self.parts | {
            "user_messages/000001.jsonl": self.row("user_messages", text=text + "x" * to_end)})
        tar, audit = packed(parts.items(), ""), self.offsets(parts)["audit/000001.jsonl"]
        self.assertEqual(audit % block, 0)

        def gzip_of(size):
            file = zlib.compressobj(wbits=31)
            return file.compress(tar[:size]) + file.flush(zlib.Z_SYNC_FLUSH)

        return {
            "user_messages/000001.jsonl: it is broken: truncated gzip input": gzip_of(audit - 1),
            "after user_messages/000001.jsonl: it is broken: truncated gzip input": gzip_of(audit),
            "after user_messages/000001.jsonl: it is broken: truncated gzip input ": gzip.compress(tar)[:-9],
        }

    def misplaced(self):
        """Entries that are not there, too much, or other than the manifest says."""
        parts, manifest = self.parts, json.loads(self.parts["manifest.json"])

        def without(*names):
            return packed((name, content) for name, content in parts.items() if name not in names)

        def says(**change):
            return packed((parts | {"manifest.json": json.dumps(manifest | change).encode()}).items())

        return {
            "users/000001.jsonl: companies/000001.jsonl should come here": without("companies/000001.jsonl"),
            "after audit/000001.jsonl: manifest.json is missing": without("manifest.json"),
            "more: there should be nothing more": packed([*parts.items(), ("more", b"")]),
            **{f"{shown}: format.json should come here": packed([(name, b"x"), *parts.items()]) for name, shown in {
                "../escaped": "../escaped", "/tmp/escaped": "/tmp/escaped", "x" * 5000: "x" * 64 + "...",
                "\udcff": '"?"', "a b\x1b[2J": '"a b?[2J"', "users/000002.jsonl": "users/000002.jsonl"}.items()},
            "companies/000001.jsonl: it is not what the manifest says: damaged":
                packed((parts | {"companies/000001.jsonl": self.row("companies", name="Other")}).items()),
            "format.json: it is not what the manifest says: damaged": says(format=manifest["format"] | {"schema": 1}),
            "audit/000001.jsonl: the manifest says nothing of it": says(parts=manifest["parts"][:-1]),
            "customers/000001.jsonl: users/000001.jsonl should come here, as the manifest says":
                without("users/000001.jsonl", "user_messages/000001.jsonl", "audit/000001.jsonl"),
            "after audit/000001.jsonl: audit/000002.jsonl is missing, which the manifest has":
                says(parts=[*manifest["parts"], manifest["parts"][-1] | {"part": "audit/000002.jsonl"}]),
            "manifest.json, line 1: it has another number of rows of users":
                says(tables=[each | {"rows": 9} if each["table"] == "users" else each for each in manifest["tables"]]),
            "manifest.json, line 1: it has other tables": says(tables=[]),
            "manifest.json, line 1: there is no company":
                packed((parts | {"manifest.json": json.dumps({name: value for name, value in manifest.items()
                                                              if name != "company"}).encode()}).items()),
            "manifest.json: it has more than 4194304 bytes": packed((parts | {"manifest.json": b" " * (5 << 20)}).items()),
        }

    def of_another_release(self):
        ours = json.loads(self.parts["format.json"])
        newer = ("format.json, line 1: it was written by a newer release, {0} with format {1} and schema {2}; this is {0}"
                 " with format 1 and schema {3}")

        def says(**change):
            return packed((self.parts | {"format.json": json.dumps(ours | change).encode()}).items())

        return {
            newer.format(ours["product"], 1, 10 ** 6, ours["schema"]): says(schema=10 ** 6),
            newer.format(ours["product"], 2, ours["schema"], ours["schema"]): says(version=2),
            "format.json, line 1: it is no archive of a company": says(format="tar"),
            "format.json, line 1: is no object": packed((self.parts | {"format.json": b"[]"}).items()),
        }

    def rows_that_are_none(self):
        id, other = self.client.user["id"], "00000000-0000-7000-8000-000000000000"
        wrong = "is not what it should be, or too long"
        lines = {
            "users/000001.jsonl, line 1: JSON parse error - Expecting property name enclosed in double quotes: char 1": {"users": b"{\n"},
            "users/000001.jsonl, line 1: is no object": {"users": b"[]\n"},
            "users/000001.jsonl, line 1: is cut off": {"users": b"{}"},
            "users/000001.jsonl, line 1: there is no row": {"users": b""},
            'users/000001.jsonl, line 1: nobody knows what "is_root" is': {"users": self.row("users", is_root=1)},
            'users/000001.jsonl, line 1: nobody knows what "?[2J" is': {"users": self.row("users", **{"\x1b[2J": 1})},
            "users/000001.jsonl, line 1: there is no id": {"users": b'{"name": "x"}\n'},
            f"users/000001.jsonl, line 1: id {wrong}": {"users": self.row("users", id=other[:-1])},
            f"users/000001.jsonl, line 1: role {wrong}": {"users": self.row("users", role="root")},
            f"users/000001.jsonl, line 1: name {wrong}": {"users": self.row("users", name="x" * 151)},
            f"users/000001.jsonl, line 1: created_at {wrong}": {"users": self.row("users", created_at="2020-01-01")},
            "users/000001.jsonl, line 2: its id does not come after the last": {"users": 2 * self.row("users")},
            f"users/000001.jsonl, line 1: name {wrong} ": {"users": self.row("users", name="")},
            f"companies/000001.jsonl, line 1: name {wrong}": {"companies": self.row("companies", name="a\0b")},
            "companies/000001.jsonl, line 2: there is a second company": {"companies": 2 * self.row("companies")},
            "user_messages/000001.jsonl, line 1: A row that is referred to does not exist.":
                {"user_messages": self.row("user_messages", to_user=other)},
            "user_messages/000001.jsonl, line 1: nobody writes to themselves":
                {"user_messages": self.row("user_messages", from_user=id, to_user=id)},
            "users/000001.jsonl, line 1: JSON parse error - Nested too deeply: char 32": {"users": b"[" * 1000 + b"\n"},
        }
        return {said: self.changed(**tables) for said, tables in lines.items()}

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

    def test_who_takes_a_name_that_is_there_is_told(self):
        name = f"Once, {self.company}"
        read = self.read(packed(self.parts.items()), "--name", name, "--json")
        first, second = stack.type_in(*read), stack.type_in(*read)
        self.assertEqual((first[0], second[0], first[2]), (0, 0, ""))
        self.assertIn(f'another company is called "{name}", too', second[2])
        self.assertEqual(json.loads(second[1])["name"], name)

    def test_what_the_format_says_is_under_the_key_too(self):
        key = self.key()
        signed = parts_of(self.export("--key", key, name="signed.tar.gz"))
        older = json.loads(signed["format.json"]) | {"schema": 1}
        forged = signed | {"format.json": json.dumps(older).encode() + b"\n"}
        self.assertIn("format.json: it is not what the manifest says", self.refusal(packed(forged.items()), "--key", key))

    def test_while_it_is_not_whole_nobody_sees_it_and_no_command_enters_it(self):
        company = self.imported(packed(self.parts.items()))
        stack.as_owner("UPDATE companies SET importing_until = NOW(6) + INTERVAL 1 DAY WHERE company_id ="
                       f" UNHEX('{company.replace('-', '')}');")
        self.assertNotIn(company, stack.type_in("company", "list")[1])
        self.assertIn("there is no company", self.refused("company", "show", company))
        self.assertIn("there is no company", self.refused("invite", company))


if __name__ == "__main__":
    unittest.main()
