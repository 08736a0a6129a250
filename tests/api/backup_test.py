#!/usr/bin/env python3
"""tests/api/backup_test.py — a backup made while people write, restored beside it by the commands of
systemd/backup.md, and put in the place of the database."""
import os
import re
import subprocess
import sys
import unittest

from client import PASSWORD
from one_of_each import literal, make_one_of_each
from support import REPOSITORY, Hammer, Stack

sys.path.append(str(REPOSITORY / "tests"))
from chapters import commands  # noqa: E402

ONCE = commands("systemd/backup.md", "Once")
EACH_NIGHT = commands("systemd/backup.md", "Each night")
RESTORING = commands("systemd/backup.md", "Restoring")
MESSAGES, USERS = "/api/v1/user-messages/", "/api/v1/accounts/users/"
# What the commands of the chapter find on a host.
HOST = """
mariadb() { command mariadb --no-defaults --socket "$DB_SOCKET" "$@"; }
mariadb-dump() { command mariadb-dump --no-defaults --socket "$DB_SOCKET" "$@"; }
partywall() { "$BINARY" "$@"; }
systemctl() { "$SCRIPT" app-stop "$STATE" && "$SCRIPT" app-start "$STATE"; }
"""


class Backup(unittest.TestCase):
    """In this order, as on the worst of days."""

    @classmethod
    def setUpClass(cls):
        cls.stack = stack = Stack.own(workers=4)
        cls.etc = stack.state / "etc"
        (cls.etc / "credentials").mkdir(parents=True)
        stack.config.rename(cls.etc / "partywall.conf")
        stack.config.symlink_to(cls.etc / "partywall.conf")
        cls.admin, cls.user = make_one_of_each(stack)

    def follow(self, *blocks):
        """Runs commands of the chapter. What they printed, and how they ended."""
        text = "\n".join(blocks).replace("/etc/partywall", str(self.etc)).replace("/var/backups", f"{self.etc}/backups")
        env = {**os.environ, **self.stack.env, "STATE": str(self.stack.state),
               "SCRIPT": str(REPOSITORY / "tests/stack.sh")}
        return subprocess.run(["bash", "-c", HOST + text], env=env, text=True, capture_output=True)

    def must_follow(self, *blocks):
        done = self.follow(*blocks)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def write(self):
        return self.admin.post(MESSAGES, {"to_user": self.admin.colleague["url"], "text": "Before or after?"})

    def test_1_a_backup_is_made_while_people_write_by_who_can_only_read(self):
        self.must_follow(*ONCE)
        with Hammer(self.write, threads=3) as hammer:
            self.must_follow(*EACH_NIGHT)
            hammer.go_on()
        self.assertEqual(hammer.failures, [])
        name, = (each.name for each in (self.etc / "backups/partywall").iterdir())
        self.assertRegex(name, r"^partywall-\d{4}-\d\d-\d\d\.sql\.gz$")
        password = (self.etc / "credentials/backup-password").read_text().strip()
        for statement in ("DELETE FROM partywall.sessions", "SELECT 1 FROM mysql.user"):
            done = self.follow(f"MYSQL_PWD={password} mariadb --user=partywall_backup -e '{statement}'")
            self.assertIn("denied", done.stderr)

    def test_2_a_dump_that_broke_off_gets_no_name(self):
        folder = self.etc / "backups/partywall"
        before = sorted(each.name for each in folder.iterdir())
        cut = EACH_NIGHT[0].replace("| gzip", "| head -c 3000 | gzip").replace("set -euo pipefail", "set -eu")
        self.assertNotEqual(self.follow(cut).returncode, 0)
        self.assertEqual(sorted({each.name for each in folder.iterdir()} - {"new.sql.gz"}), before)

    def test_2_a_dump_that_failed_leaves_the_one_before(self):
        before = [(each.name, each.stat().st_size) for each in (self.etc / "backups/partywall").glob("partywall-*")]
        password = self.etc / "credentials/backup-password"
        right = password.read_text()
        password.write_text("wrong\n")
        try:
            self.assertNotEqual(self.follow(*EACH_NIGHT).returncode, 0)
        finally:
            password.write_text(right)
        self.assertEqual([(each.name, each.stat().st_size)
                          for each in (self.etc / "backups/partywall").glob("partywall-*")], before)

    def test_3_it_is_restored_beside_and_is_whole_and_ends_what_lets_in(self):
        made = self.stack.client()
        made.must(200, made.post("/api/v1/auth/login/", {"username": self.admin.name, "password": PASSWORD}))
        out = self.must_follow(RESTORING[0])
        self.assertIn("the schema is up to date\n", out)
        self.assertIn("all is well; companies: 1\n", out)
        restored = re.search(r'^name = "(.*)"', (self.etc / "restored.conf").read_text(), re.M)[1]
        rows = "SELECT COUNT(*) FROM {}.user_messages; SELECT COUNT(*) FROM {}.users;"
        kept, kept_users = map(int, self.stack.as_root(rows.format(restored, restored)))
        living, living_users = map(int, self.stack.as_root(rows.format("partywall", "partywall")))
        self.assertEqual(kept_users, living_users)
        self.assertTrue(0 < kept < living, (kept, living))
        for table in ("sessions", "api_tokens", "token_families", "refresh_tokens", "invitations",
                      "password_links"):
            with self.subTest(table=table):
                count = f"SELECT COUNT(*) FROM {{}}.{table};"
                self.assertEqual(self.stack.as_root(count.format(restored)), ["0"])
                self.assertNotEqual(self.stack.as_root(count.format("partywall")), ["0"])
        self.assertEqual(self.stack.as_root(
            f"SELECT event, detail FROM {restored}.audit WHERE actor = 'operator'"
            " AND event LIKE '%.revoke' ORDER BY event, user_id"),
            ["invitation.revoke\tall, and links: 2", "session.revoke\tall, and tokens", "session.revoke\tall, and tokens"])

    def test_3_it_is_restored_once_a_day_and_touches_nothing_that_lives(self):
        rows = "SELECT COUNT(*) FROM partywall.user_messages; SELECT COUNT(*) FROM partywall.sessions;"
        before = self.stack.as_root(rows)
        done = self.follow(RESTORING[0])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("database exists", done.stderr)
        self.assertEqual(self.stack.as_root(rows), before)

    def test_4_it_takes_the_place_of_the_database_and_people_log_in_again(self):
        self.assertEqual(self.admin.get(USERS).status, 200)
        self.must_follow(RESTORING[1])
        self.assertEqual(self.admin.get(USERS).status, 401)
        again = self.stack.client()
        again.must(200, again.post("/api/v1/auth/login/", {"username": self.admin.name, "password": PASSWORD}))
        self.assertEqual(len(again.must(200, again.get(USERS))), 2)
        self.assertEqual(self.stack.type_in("check"), (0, "all is well; companies: 1\n", ""))

    def test_5_a_restored_row_that_refers_to_nothing_is_named(self):
        name = re.search(r'^name = "(.*)"', (self.etc / "partywall.conf").read_text(), re.M)[1]
        self.stack.as_root(f"SET foreign_key_checks = 0; DELETE FROM {name}.users WHERE id = {literal(self.user)}")
        status, out, _ = self.stack.type_in("check")
        self.assertEqual(status, 1)
        self.assertIn(f"to_user refers to users {self.user}, which is not there", out)


if __name__ == "__main__":
    unittest.main()
