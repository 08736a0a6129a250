#!/usr/bin/env python3
"""tests/api/backup_test.py — a backup made while people write, restored beside it by the commands of
systemd/backup.md, and put in the place of the database."""
import fcntl
import gzip
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

from client import PASSWORD
from factors import CONFIRM, SET_UP, code_of, step_now
from one_of_each import literal, make_one_of_each
from support import REPOSITORY, Hammer, Stack, eventually

sys.path.append(str(REPOSITORY / "tests"))
from chapters import commands  # noqa: E402

ONCE = commands("systemd/backup.md", "Once")
EACH_NIGHT, = commands("systemd/backup.md", "Each night")
RESTORE, SWITCH = commands("systemd/backup.md", "Restoring")
LEFT_OVER = commands("systemd/backup.md", "What is left over")
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
        cls.etc, cls.backups = stack.state / "etc", stack.state / "backups/partywall"
        cls.copies = stack.state / "backups/partywall-etc"
        (cls.etc / "credentials").mkdir(parents=True)
        cls.key = cls.etc / "credentials/second-factor-key"
        (stack.state / "second-factor-key").rename(cls.key)
        (cls.etc / "partywall.conf").write_text(
            stack.config.read_text().replace(f"{stack.state}/second-factor-key", str(cls.key)))
        stack.config.unlink()
        stack.config.symlink_to(cls.etc / "partywall.conf")
        cls.admin, cls.user = make_one_of_each(stack)
        # What `check` finds, and what is no reason to let the sessions of that night live.
        other = literal(stack.client().sign_up().company)
        stack.as_root(f"UPDATE partywall.users SET role = 'staff' WHERE company_id = {other}")

    def follow(self, *blocks):
        """Runs commands of the chapter. What they printed, and how they ended."""
        text = "\n".join(blocks).replace("/etc/partywall", str(self.etc))
        text = text.replace("/var/backups", str(self.stack.state / "backups"))
        env = {**os.environ, **self.stack.env, "STATE": str(self.stack.state),
               "SCRIPT": str(REPOSITORY / "tests/stack.sh")}
        return subprocess.run(["bash", "-c", HOST + text], env=env, text=True, capture_output=True)

    def must_follow(self, *blocks):
        done = self.follow(*blocks)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def must_be_refused(self, block, words):
        done = self.follow(block)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn(words, done.stderr)

    def write(self):
        return self.admin.post(MESSAGES, {"to_user": self.admin.colleague["url"], "text": "Before or after?"})

    def dumps(self):
        return sorted(each.name for each in self.backups.glob("*.sql.gz"))

    def name_in(self, file):
        return re.search(r'^name = "(.*)"', (self.etc / file).read_text(), re.M)[1]

    def a_second_later(self):
        """Names have the second in them."""
        now = int(time.time())
        eventually(lambda: int(time.time()) > now, "the next second")

    def without(self, path):
        """Puts a file away until the test has ended."""
        away = path.with_suffix(".away")
        path.rename(away)
        self.addCleanup(away.rename, path)

    # ---- once, and each night ----

    def test_1_a_backup_is_made_while_people_write_by_who_can_only_read(self):
        self.must_follow(*ONCE)
        with Hammer(self.write, threads=3) as hammer:
            self.must_follow(EACH_NIGHT)
            hammer.go_on()
        self.assertEqual(hammer.failures, [])
        name, = self.dumps()
        self.assertRegex(name, r"^partywall-\d{4}-\d\d-\d\d-\d{6}\.sql\.gz$")
        password = (self.etc / "credentials/backup-password").read_text().strip()
        for statement in ("DELETE FROM partywall.sessions", "SELECT 1 FROM mysql.user"):
            done = self.follow(f"MYSQL_PWD={password} mariadb --user=partywall_backup -e '{statement}'")
            self.assertIn("denied", done.stderr)

    def test_1_the_keys_are_kept_apart_from_the_dump_and_for_root_alone(self):
        copy, = self.copies.iterdir()
        self.assertEqual(copy.stat().st_mode & 0o777, 0o600)
        key = subprocess.run(["tar", "-xzOf", copy, "./credentials/second-factor-key"], check=True, capture_output=True)
        self.assertEqual(key.stdout, self.key.read_bytes())

    def test_2_once_may_be_said_twice(self):
        password = (self.etc / "credentials/backup-password").read_text()
        self.must_follow(*ONCE)
        self.assertEqual((self.etc / "credentials/backup-password").read_text(), password)

    def test_2_a_second_one_on_a_day_replaces_none_and_the_old_ones_go(self):
        first, = self.dumps()
        for path in (self.backups / "partywall-2020-01-01.sql.gz", self.backups / "partywall-before-upgrade.sql.gz",
                     self.copies / "etc-2020-01-01-000000.tar.gz"):
            path.write_bytes(b"")
            os.utime(path, (0, 0))
        self.without(self.etc / "credentials/backup-password")
        self.must_be_refused(EACH_NIGHT, "backup-password")
        self.assertIn("partywall-2020-01-01.sql.gz", self.dumps())
        self.doCleanups()
        self.a_second_later()
        self.must_follow(EACH_NIGHT)
        _, second, kept = self.dumps()
        self.assertEqual([self.dumps()[0], kept], [first, "partywall-before-upgrade.sql.gz"])
        self.assertGreater(second, first)
        self.assertNotIn("etc-2020-01-01-000000.tar.gz", [each.name for each in self.copies.iterdir()])

    def test_2_two_at_once_do_not_spoil_each_other(self):
        half = self.backups / "new.sql.gz"
        with (self.backups / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            half.write_bytes(b"half")
            self.must_be_refused(EACH_NIGHT, "another backup is being made")
        self.assertEqual(half.read_bytes(), b"half")
        half.unlink()

    def test_2_a_dump_that_broke_off_gets_no_name_and_takes_no_room(self):
        before = self.dumps()
        cut = EACH_NIGHT.replace("| gzip", "| head -c 3000 | gzip").replace("set -euo pipefail", "set -eu")
        self.assertNotEqual(self.follow(cut).returncode, 0)
        self.assertEqual(self.dumps(), before)

    def test_2_a_dump_that_failed_leaves_the_ones_before(self):
        before = self.dumps()
        password = self.etc / "credentials/backup-password"
        right = password.read_text()
        password.write_text("wrong\n")
        try:
            self.must_be_refused(EACH_NIGHT, "Access denied")
        finally:
            password.write_text(right)
        self.assertEqual(self.dumps(), before)

    # ---- a restore that stops ----

    def must_stop(self, words):
        """A restore that does, which leaves nothing that could be put in the place of what lives."""
        (self.etc / "restored.conf").write_text('name = "partywall_of_another_time"\n')
        self.must_be_refused(RESTORE, words)
        self.must_be_refused(SWITCH, "restored.conf: No such file")
        self.assertEqual(self.name_in("partywall.conf"), "partywall")

    def test_3_what_is_no_whole_backup_of_companies_is_not_restored(self):
        newest = self.backups / "partywall-9999-01-01-000000.sql.gz"
        self.addCleanup(newest.unlink)
        for text, words in (("SELECT 1;\n", "is not whole"),
                            ("SELECT 1;\n-- Dump completed on 1 Jan\n", "companies' doesn't exist"),
                            ("CREATE TABLE companies (id INT);\n-- Dump completed on 1 Jan\n", "no company in it")):
            with self.subTest(words):
                newest.write_bytes(gzip.compress(text.encode()))
                self.must_stop(words)
                self.a_second_later()

    def test_3_one_that_cannot_be_migrated_is_put_in_nobodys_place(self):
        self.without(pathlib.Path(self.stack.env["OWNER_PASSWORD_FILE"]))
        self.must_stop("owner-password")

    def test_3_which_databases_no_configuration_names_is_said(self):
        made = self.stack.as_root(r"SHOW DATABASES LIKE 'partywall\_2%'")
        self.assertGreater(len(made), 0)
        self.assertEqual(self.must_follow(*LEFT_OVER).splitlines(), [f"DROP DATABASE {each};" for each in made])
        self.stack.as_root("".join(f"DROP DATABASE {each};" for each in made))

    # ---- one that does not ----

    def test_4_it_is_restored_beside_and_is_whole_and_ends_what_lets_in(self):
        made = self.stack.client()
        made.must(200, made.post("/api/v1/auth/login/", {"username": self.admin.name, "password": PASSWORD}))
        self.stack.as_root("DROP USER partywall_backup@localhost")  # as on another server
        done = self.follow(RESTORE)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("no account for backups yet", done.stdout)
        self.assertIn(f"restoring {self.backups / self.dumps()[-2]} into", done.stdout)  # the last is before-upgrade
        self.assertIn("the schema is up to date\n", done.stdout)
        self.assertIn("the company has no admin\n", done.stdout)
        restored = self.name_in("restored.conf")
        self.assertIn(f"DATABASE  {restored}\n", done.stdout)
        rows = "SELECT COUNT(*) FROM {}.user_messages; SELECT COUNT(*) FROM {}.users;"
        kept, kept_users = map(int, self.stack.as_root(rows.format(restored, restored)))
        self.write()
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
            ["invitation.revoke\tall, and links: 2", *["session.revoke\tall, and tokens"] * 3])

    def test_4_it_is_restored_twice_and_touches_nothing_that_lives(self):
        rows = "SELECT COUNT(*) FROM partywall.user_messages; SELECT COUNT(*) FROM partywall.sessions;"
        before, first = self.stack.as_root(rows), self.name_in("restored.conf")
        self.a_second_later()
        self.follow(RESTORE)
        self.assertGreater(self.name_in("restored.conf"), first)
        self.assertEqual(self.stack.as_root(rows), before)
        self.assertEqual(self.must_follow(*LEFT_OVER), f"DROP DATABASE {first};\n")

    def test_5_it_takes_the_place_of_the_database_and_people_log_in_again(self):
        self.assertEqual(self.admin.get(USERS).status, 200)
        before, restored = (self.etc / "partywall.conf").read_text(), self.name_in("restored.conf")
        (self.etc / "restored.conf").write_text(f'[server]\nsocket = "/of/another/host"\nname = "{restored}"\n')
        self.must_follow(SWITCH)
        self.assertEqual((self.etc / "partywall.conf").read_text(),
                         before.replace('name = "partywall"', f'name = "{restored}"'))
        self.assertEqual(self.admin.get(USERS).status, 401)
        again = self.stack.client()
        again.must(200, again.post("/api/v1/auth/login/", {"username": self.admin.name, "password": PASSWORD}))
        self.assertEqual(len(again.must(200, again.get(USERS))), 2)

    def test_6_a_second_time_it_is_refused_and_the_way_back_is_kept(self):
        self.must_be_refused(SWITCH, "restored.conf: No such file")
        restored = self.name_in("partywall.conf")
        self.assertEqual(self.name_in(f"before-{restored}.conf"), "partywall")
        self.assertNotIn(restored, self.must_follow(*LEFT_OVER))

    def test_6_the_next_night_saves_the_restored_one(self):
        before = self.dumps()
        self.a_second_later()
        self.must_follow(*ONCE, EACH_NIGHT)
        self.assertEqual(len(self.dumps()), len(before) + 1)

    def test_7_without_a_copy_of_the_key_a_new_one_lets_go_on(self):
        person = self.stack.client()
        person.must(200, person.post("/api/v1/auth/login/", {"username": self.admin.name, "password": PASSWORD}))
        secret = person.must(201, person.post(SET_UP, {"password": PASSWORD}))["secret"]
        person.must(200, person.post(CONFIRM, {"password": PASSWORD, "code": code_of(secret, step_now())}))
        self.key.unlink()
        status, _, said = self.stack.type_in("user", "drop-factor", self.admin.name)
        self.assertEqual(status, 1)
        self.assertIn("[second_factor] key_file cannot be read", said)
        self.must_follow("cd /etc/partywall/credentials; umask 077; openssl rand -hex 32 >second-factor-key; systemctl")
        status, out, _ = self.stack.type_in("check")
        self.assertIn("second factors that no key of [second_factor] opens: 1", out)
        self.assertEqual(self.stack.type_in("user", "drop-factor", self.admin.name)[0], 0)
        again = self.stack.client()
        again.must(200, again.post("/api/v1/auth/login/", {"username": self.admin.name, "password": PASSWORD}))

    def test_8_a_restored_row_that_refers_to_nothing_is_named(self):
        name = self.name_in("partywall.conf")
        self.stack.as_root(f"SET foreign_key_checks = 0; DELETE FROM {name}.users WHERE id = {literal(self.user)}")
        status, out, _ = self.stack.type_in("check")
        self.assertEqual(status, 1)
        self.assertIn(f"to_user refers to users {self.user}, which is not there", out)


if __name__ == "__main__":
    unittest.main()
