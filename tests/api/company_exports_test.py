#!/usr/bin/env python3
"""tests/api/company_exports_test.py — exports that people ask for: made by the timer's command, handed out by nginx."""
import contextlib
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import unittest
import uuid

from archives import parts_of_bytes, rows_of
from client import PASSWORD
from exports import EXPORTS, Exports, ask, link_to, log_in, make, path_of, stack


class Made(Exports):
    def test_an_admin_gets_all_of_the_company_once(self):
        self.write(self.ann, self.ann.colleague, "Hello")
        export = ask(self.ann, "company")
        self.assertEqual(export["state"], "queued")
        make()
        done = self.ann.must(200, self.ann.get(EXPORTS + export["id"]))
        size = path_of(export, self.ann.company).stat().st_size
        self.assertEqual((done["state"], done["bytes_written"]), ("done", size))
        link = link_to(self.ann, export)
        answer = self.ann.get(link)
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/gzip"))
        self.assertRegex(answer.headers["Content-Disposition"], r'^attachment; filename="partywall-company-20')
        self.assertEqual(answer.headers.get_all("Cache-Control"), ["no-store"])
        self.assertEqual(len(answer.body), size)
        for name in ("X-Accel-Redirect", "X-Partywall-Ticket"):
            self.assertIsNone(answer.headers[name])
        parts = parts_of_bytes(answer.body)
        self.assertEqual(rows_of(parts, "user_messages")[0]["text"], "Hello")
        rows = sum(content.count(b"\n") for name, content in parts.items() if name.endswith(".jsonl"))
        self.assertEqual(done["rows_written"], rows)
        self.assertNotIn(b"argon2", b"".join(parts.values()))
        self.assertEqual(self.ann.get(link).status, 404)

    def test_a_person_gets_what_is_their_own_and_nothing_of_others(self):
        carl, as_carl = self.hire()
        self.write(self.ann, self.ann.colleague, "To Bob")
        self.write(self.bob, self.ann.user, "From Bob")
        self.write(as_carl, self.ann.user, "Between others")
        export = ask(self.bob, "personal")
        make()
        parts = parts_of_bytes(self.bob.get(link_to(self.bob, export)).body)
        bob = self.ann.colleague
        self.assertEqual([row["id"] for row in rows_of(parts, "users")], [bob["id"]])
        self.assertEqual([row["text"] for row in rows_of(parts, "messages_received")], ["To Bob"])
        sent, = rows_of(parts, "messages_sent")
        self.assertEqual((sent["text"], sent["to_user"], sent["to_name"]),
                         ("From Bob", self.ann.user["id"], self.ann.name))
        self.assertEqual({row["event"] for row in rows_of(parts, "audit")}, {"login", "export.create"})
        everything = b"".join(parts.values()).decode()
        for secret in ("Between others", carl["username"], carl["id"], "argon2"):
            self.assertNotIn(secret, everything)

    def test_a_persons_own_is_no_archive_that_a_company_is_made_of(self):
        export = ask(self.bob, "personal")
        make()
        status, _, err = stack.type_in("company", "import", str(path_of(export, self.ann.company)))
        self.assertEqual(status, 1)
        self.assertIn("no archive of a company", err)

    def test_what_is_read_in_many_batches_is_all_there_in_its_order(self):
        message = self.write(self.ann, self.ann.colleague, "First")
        stack.as_owner("INSERT INTO user_messages (company_id, id, from_user, to_user, text, date)"
                       " SELECT company_id, UNHEX(REPLACE(UUID(), '-', '')), from_user, to_user, seq,"
                       " date + INTERVAL (seq DIV 300) SECOND FROM user_messages, seq_1_to_1000"
                       f" WHERE id = UNHEX('{message['id'].replace('-', '')}');")
        export = ask(self.bob, "personal")
        make()
        rows = rows_of(parts_of_bytes(self.bob.get(link_to(self.bob, export)).body), "messages_received")
        self.assertEqual(len({row["id"] for row in rows}), 1001)
        places = [(row["date"], row["id"]) for row in rows]
        self.assertEqual(places, sorted(places))

    def test_companies_take_turns_and_two_commands_at_once_make_each_once(self):
        asked = [(self.ann, ask(self.ann, "company")), (self.ann, ask(self.ann, "personal")),
                 (self.bob, ask(self.bob, "personal"))]
        running = [subprocess.Popen([stack.env["BINARY"], "exports", "-c", stack.config], text=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
        said = [each.communicate(timeout=60) for each in running]
        self.assertEqual([err for _, err in said], [""] * 3)
        lines = "".join(out for out, _ in said)
        make()
        for client, export in asked:
            self.assertEqual(self.state(client, export), "done")
            self.assertLessEqual(lines.count(export["id"]), 1)

    def test_one_whose_maker_was_killed_has_failed_and_leaves_room_for_the_next(self):
        export = ask(self.ann, "company")
        self.change("state = 'running', running = 1, host = 'elsewhere', seen_at = UTC_TIMESTAMP(6)")
        other = ask(self.bob, "personal")
        make()
        self.assertEqual([self.state(self.ann, export), self.state(self.bob, other)], ["running", "queued"])
        self.change("seen_at = seen_at - INTERVAL 601 SECOND")
        make()
        self.assertEqual([self.state(self.ann, export), self.state(self.bob, other)], ["failed", "done"])

    def test_one_that_cannot_be_written_fails_and_says_so_to_the_operator(self):
        export = ask(self.ann, "company")
        config = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()), "partywall.toml")
        config.write_text(stack.settings(folder="/proc/self"))
        status, _, err = stack.type_in("exports", config=config)
        self.assertEqual(status, 1)
        self.assertIn(export["id"], err)
        self.assertEqual(self.state(self.ann, export), "failed")
        self.assertEqual(self.ann.post(EXPORTS, {"kind": "company"}).status, 201)

    def test_a_day_later_the_file_and_the_row_are_gone(self):
        export = ask(self.ann, "company")
        make()
        link, file = link_to(self.ann, export), path_of(export, self.ann.company)
        self.assertTrue(file.exists())
        self.change("expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND")
        self.assertEqual(self.ann.get(link).status, 404)
        make()
        self.assertFalse(file.exists())
        self.assertEqual(self.ann.get(EXPORTS + export["id"]).status, 404)

    def test_files_of_which_no_row_speaks_go_after_a_day_and_parts_after_ten_minutes(self):
        folder = pathlib.Path(stack.env["EXPORTS_FOLDER"])
        name = f"{uuid.uuid4()}.{uuid.uuid4()}.tar.gz"
        hours = {name: 26, name + ".part": 0.2, name.replace("tar", "x"): 26,
                 f"{uuid.uuid4()}.{name[37:]}": 24, f"{uuid.uuid4()}.{name[37:]}.part": 0.1}
        for each, old in hours.items():
            (folder / each).touch()
            self.addCleanup((folder / each).unlink, missing_ok=True)
            os.utime(folder / each, (time.time() - old * 3600,) * 2)
        make()
        self.assertEqual([(folder / each).exists() for each in hours], [False, False, True, True, True])

    def test_rows_of_a_host_that_is_gone_are_cleaned_a_day_after_their_end(self):
        ask(self.ann, "company")
        self.change("host = 'gone', expires_at = UTC_TIMESTAMP(6) - INTERVAL 23 HOUR")
        count = f"SELECT COUNT(*) FROM exports WHERE {self.here};"
        for what, left in (("host = 'gone'", "1"), ("expires_at = expires_at - INTERVAL 2 HOUR", "0")):
            self.change(what)
            self.assertEqual(stack.type_in("clean")[0], 0)
            self.assertEqual(stack.as_owner(count), [left])


class Fetched(Exports):
    def setUp(self):
        super().setUp()
        self.export = ask(self.ann, "company")
        make()
        self.link = link_to(self.ann, self.export)

    def test_by_nobody_else(self):
        _, other_admin = self.hire("admin")
        for client in (log_in(self.ann.name), other_admin, self.bob, stack.client().sign_up()):
            self.assertEqual(client.get(self.link).status, 404)
        self.assertEqual(stack.client().get(self.link).status, 401)
        basic = stack.client()
        script = basic.must(200, basic.post("/api/v1/auth/token/", {"username": self.ann.name, "password": PASSWORD}))
        self.assertEqual(stack.client().get(self.link, {"Authorization": "Bearer " + script["access"]}).status, 403)
        self.assertEqual(self.ann.get(self.link).status, 200)

    def test_not_with_a_session_that_was_ended(self):
        kept = dict(self.ann.cookies)
        other = log_in(self.ann.name)
        self.assertEqual(other.send("DELETE", "/api/v1/auth/sessions/").status, 204)
        self.ann.cookies = kept
        self.assertEqual(self.ann.get(self.link).status, 401)

    def test_not_after_ten_minutes(self):
        self.change("link_expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND")
        self.assertEqual(self.ann.get(self.link).status, 404)

    def test_not_by_who_is_no_admin_any_more_or_was_removed(self):
        self.change("state = 'failed'")
        person, admin = self.hire("admin")
        export = ask(admin, "company")
        make()
        link = link_to(admin, export)
        for method, body, status, wanted in (("PATCH", {"role": "staff"}, 200, 403), ("DELETE", None, 204, 401)):
            self.assertEqual(self.ann.send(method, person["url"], body).status, status)
            self.assertEqual(admin.get(link).status, wanted)

    def test_by_the_internal_address_nothing_comes(self):
        name = path_of(self.export, self.ann.company).name
        for path in (f"/.exports/here/{name}", "/.exports/here/", f"/.exports/at/{stack.env['EXPORTS_HOST']}",
                     f"{EXPORTS}../../../.exports/here/{name}", f"/%2eexports/here/{name}",
                     f"/api/v2/exports/{self.export['id']}/file/../../../../../.exports/here/{name}"):
            self.assertIn(self.ann.get(path).status, (400, 404), path)

    def test_a_file_that_is_gone_is_a_503_and_not_what_there_is_else(self):
        path_of(self.export, self.ann.company).unlink()
        answer = self.ann.get(self.link)
        self.assertEqual((answer.status, answer.json()["code"]), (503, "unavailable"))

    def test_nothing_but_a_file_of_the_folder_is_handed_out(self):
        file = path_of(self.export, self.ann.company)
        file.unlink()
        file.symlink_to(stack.config)
        answer = self.ann.get(self.link)
        self.assertEqual(answer.status, 503)
        self.assertNotIn("password_file", answer.text)

    def test_a_browser_that_comes_too_late_is_told_so_on_a_page(self):
        self.assertEqual(self.ann.get(self.link, {"Accept": "text/html"}).status, 200)
        answer = self.ann.get(self.link, {"Accept": "text/html"})
        self.assertEqual(answer.status, 404)
        self.assertIn("Ask for a new one", answer.text)

    def test_a_slow_client_holds_no_worker(self):
        os.truncate(path_of(self.export, self.ann.company), 64 << 20)  # more than any buffer on the way
        with contextlib.ExitStack() as slow:
            for _ in range(8):  # twice the workers
                self.ann.must(200, self.ann.get(EXPORTS + self.export["id"]))
                link = link_to(self.ann, self.export)
                connection = slow.enter_context(contextlib.closing(self.connect()))
                connection.sendall(self.ann.head("GET", link))
                self.assertEqual(connection.recv(12), b"HTTP/1.1 200")
            self.assertEqual(stack.client().get("/readyz").status, 200)

    def connect(self):
        return socket.create_connection(("127.0.0.1", stack.port), timeout=30)


if __name__ == "__main__":
    unittest.main()
