#!/usr/bin/env python3
"""tests/api/export_test.py — `partywall company export`: what an archive holds, and what it never holds."""
import contextlib
import hashlib
import hmac
import json
import pathlib
import resource
import signal
import subprocess
import sys
import unittest

from archives import Archives, parts_of, parts_of_bytes, rows_of, stack
from support import eventually

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from chapters import commands  # noqa: E402


class Export(Archives):
    @contextlib.contextmanager
    def writing(self):
        """The command with its file open, which waits as long as the block holds the company."""
        path = self.folder / "company.tar.gz"
        holder = stack.sql(f"BEGIN; SELECT 'held' FROM companies WHERE {self.here} FOR UPDATE;\n", "OWNER")
        self.assertEqual(holder.stdout.readline(), "held\n")
        process = subprocess.Popen([stack.env["BINARY"], "company", "export", self.company, str(path), "-c",
                                    stack.config], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            eventually(lambda: any(self.folder.iterdir()), "a file")
            yield process, path
            holder.communicate("ROLLBACK;\n")
            process.wait(60)
        finally:
            holder.kill()
            holder.communicate()
            process.kill()
            process.communicate()

    def left(self):
        return [each.name for each in self.folder.iterdir()]

    def test_it_holds_all_rows_of_the_company_and_of_no_other(self):
        other = stack.client().sign_up()
        parts = parts_of(self.export())
        company, = rows_of(parts, "companies")
        self.assertEqual(company["suspended_at"], None)
        self.assertEqual({row["id"] for row in rows_of(parts, "users")},
                         {self.client.user["id"], self.client.colleague["id"]})
        message, = rows_of(parts, "user_messages")
        self.assertEqual((message["id"], message["text"], message["date"], message["read_at"]),
                         (self.message["id"], self.message["text"], self.message["date"], None))
        customer, = rows_of(parts, "customers")
        self.assertEqual((customer["id"], customer["notes"]), (self.customer["id"], "a\nb"))
        self.assertIn("company.export", {row["event"] for row in rows_of(parts, "audit")})
        self.assertNotIn(other.company.encode(), b"".join(parts.values()))

    def test_it_names_people_as_they_are_shown_and_holds_neither_names_to_log_in_with_nor_passwords(self):
        users = f"/api/v2/accounts/users/{self.client.user['id']}"
        renamed = "r" + self.client.name
        self.client.must(200, self.client.send("PATCH", users, {"display_name": "Ann Lee"}))
        self.client.must(200, self.client.send("PATCH", users, {"username": renamed}))
        self.client.must(201, self.client.post("/api/v1/accounts/invitations/",
                                               {"role": "staff", "username": "somebody_invited"}))
        parts = parts_of(self.export())
        self.assertIn("Ann Lee", {row["name"] for row in rows_of(parts, "users")})
        everything = b"".join(parts.values())
        for secret in (renamed, "somebody_invited", "argon2"):
            self.assertNotIn(secret.encode(), everything)
        logins = rows_of(parts_of(self.export("--with-logins")), "logins")
        self.assertIn(renamed, {row["username"] for row in logins})
        self.assertTrue(all(row["password_hash"].startswith("$argon2id$") for row in logins))
        noted = stack.as_owner(f"SELECT detail FROM audit WHERE {self.here} AND event = 'company.export'"
                               " ORDER BY id;")
        self.assertEqual(noted, ["", "with logins"])

    def test_its_manifest_comes_last_and_counts_and_sums_what_comes_before(self):
        parts = parts_of(self.export())
        names = list(parts)
        self.assertEqual((names[0], names[-1]), ("format.json", "manifest.json"))
        manifest = json.loads(parts["manifest.json"])
        self.assertEqual(manifest["format"], json.loads(parts["format.json"]))
        self.assertEqual(manifest["company"], self.company)
        self.assertEqual([each["part"] for each in manifest["parts"]], names[1:-1])
        for each in manifest["parts"]:
            content = parts[each["part"]]
            self.assertEqual((each["rows"], each["bytes"], each["sha256"]),
                             (content.count(b"\n"), len(content), hashlib.sha256(content).hexdigest()))
        self.assertEqual({each["table"]: each["rows"] for each in manifest["tables"]}["users"], 2)

    def test_a_key_signs_the_manifest_and_a_short_one_is_none(self):
        parts = parts_of(self.export("--key", self.key()))
        wanted = hmac.new(b"k" * 32, parts["manifest.json"], "sha256").hexdigest()
        self.assertEqual(parts["manifest.hmac"].decode(), wanted + "\n")
        path = str(self.folder / "other.tar.gz")
        for key, what in ((self.key("short", "k" * 31), "32 bytes"), (str(self.folder / "none"), "cannot be read")):
            self.assertIn(what, self.refused("company", "export", self.company, path, "--key", key))
        pathlib.Path(self.key()).chmod(0o644)
        self.assertIn("must not be accessible to everybody", self.refused(
            "company", "export", self.company, path, "--key", str(self.folder / "key")))
        self.assertFalse(pathlib.Path(path).exists())

    def test_a_large_table_is_cut_into_parts_of_a_mebibyte(self):
        stack.as_owner("INSERT INTO user_messages (company_id, id, from_user, to_user, text, date)"
                       " SELECT company_id, UNHEX(REPLACE(UUID(), '-', '')), from_user, to_user,"
                       " REPEAT('\u1e9e', 20000), NOW(6) FROM user_messages, information_schema.columns WHERE"
                       f" {self.here} LIMIT 60;")
        parts = parts_of(self.export())
        sizes = [len(content) for name, content in parts.items() if name.startswith("user_messages/")]
        self.assertEqual(len(sizes), 4)
        self.assertTrue(all(size <= 1 << 20 for size in sizes), sizes)
        ids = [row["id"] for row in rows_of(parts, "user_messages")]
        self.assertEqual((len(ids), ids), (61, sorted(set(ids))))

    def test_a_file_is_its_owners_alone_and_one_that_is_there_is_kept(self):
        path = self.export()
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        before = path.read_bytes()
        self.assertIn("File exists", self.refused("company", "export", self.company, str(path)))
        self.assertEqual(path.read_bytes(), before)
        self.assertIn("there is no company", self.refused("company", "export", "nobody's", str(path) + "2"))
        self.assertFalse(pathlib.Path(str(path) + "2").exists())

    def test_the_commands_of_the_chapter_do_what_it_says(self):
        self.run_block(*commands("systemd/export.md", "A company as an archive"))
        self.assertEqual(*(rows_of(parts_of(self.folder / name), "users") for name in
                           ("acme.tar.gz", "another.tar.gz")))

    def test_to_standard_output_comes_the_archive_and_nothing_else(self):
        done = subprocess.run([stack.env["BINARY"], "company", "export", self.company, "-", "-c", stack.config],
                              capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(list(parts_of_bytes(done.stdout))[-1], "manifest.json")

    def test_one_that_cannot_be_written_leaves_no_file_and_fails(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([stack.env["BINARY"], "company", "export", self.company, "-", "-c", stack.config],
                                  stdout=full, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left", done.stderr)

    def test_one_that_is_ended_leaves_no_file_and_one_that_is_killed_none_of_that_name(self):
        part = "company.tar.gz.part"
        for how, left in ((signal.SIGTERM, []), (signal.SIGINT, []), (signal.SIGHUP, []), (signal.SIGKILL, [part])):
            with self.subTest(how), self.writing() as (process, _):
                self.assertEqual(self.left(), [part])
                self.assertEqual((self.folder / part).stat().st_mode & 0o777, 0o600)
                process.send_signal(how)
                self.assertEqual(process.wait(10), -how)
                self.assertEqual(self.left(), left)
        said = self.refused("company", "export", self.company, str(self.folder / "company.tar.gz"))
        self.assertIn(f"{part}: File exists", said)

    def test_a_file_that_came_meanwhile_is_kept(self):
        with self.writing() as (process, path):
            path.write_text("another's")
        self.assertEqual(process.returncode, 1)
        self.assertEqual((path.read_text(), self.left()), ("another's", [path.name]))

    def test_one_for_which_there_is_no_room_leaves_no_file(self):
        # Python ignores the signal of a file that may not grow, which is an error like another then.
        done = subprocess.run([stack.env["BINARY"], "company", "export", self.company,
                               str(self.folder / "company.tar.gz"), "-c", stack.config], restore_signals=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)),
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("File too large", done.stderr)
        self.assertEqual(self.left(), [])


if __name__ == "__main__":
    unittest.main()
