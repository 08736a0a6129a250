#!/usr/bin/env python3
"""tests/api/mail_sending_test.py — `partywall mail`: the form of what it sends, and programs that do not take it."""
import concurrent.futures
import email.utils
import json
import pathlib
import sys
import time
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from chapters import commands  # noqa: E402
from mails import Mails, address, send, stack, take_all


class Form(Mails):
    def test_is_that_of_a_mail_in_utf8_that_no_program_answers(self):
        self.ask_link_of_somebody()
        mail, = send()
        message = mail.message
        self.assertNotIn(b"\r", mail.bytes)
        self.assertEqual(message.defects, [])
        self.assertEqual((message["From"], message["Auto-Submitted"], message["MIME-Version"]),
                         ("partywall@chat.example.org", "auto-generated", "1.0"))
        self.assertEqual((message["Content-Type"], message["Content-Transfer-Encoding"]),
                         ('text/plain; charset="utf-8"', "8bit"))
        self.assertRegex(message["Message-ID"], r"^<[0-9a-f-]{36}\.1@chat\.example\.org>$")
        sent = email.utils.parsedate_to_datetime(message["Date"])
        self.assertLess(abs(sent.timestamp() - time.time()), 60)
        self.assertLess(max(map(len, mail.bytes.split(b"\n"))), 998)

    def test_has_a_name_beyond_ascii_as_it_is(self):
        kim, mine = self.person(), address()
        self.with_address(kim, mine)
        called = "łukasz" + kim.name
        kim.must(200, kim.send("PATCH", f"/api/v2/accounts/users/{kim.user['id']}", {"username": called}))
        self.ask_link(mine)
        self.assertIn(f"Your username is {called}\n", send()[0].text)


class Sending(Mails):
    def fails(self, config, says):
        status, out, err = stack.type_in("mail", config=config)
        self.assertEqual(status, 1)
        self.assertRegex(out, "link +waits")
        self.assertRegex(err, says)
        self.assertNotIn("@example.org", out + err)

    def test_that_fails_for_now_is_tried_again_after_pauses_that_double(self):
        self.ask_link_of_somebody()
        config = self.program("exit 75")
        for attempts, pause in enumerate((60, 120, 240, 480), 1):
            self.fails(config, r"sendmail ended with 75")
            (_, tried, wait), = self.waiting()
            self.assertEqual(int(tried), attempts)
            self.assertAlmostEqual(int(wait), pause + 1, delta=20)
            self.assertEqual(stack.type_in("mail", config=config), (0, "", ""))  # not yet
            self.again()
        mail, = send()
        self.assertEqual(len(mail.tokens("password")), 1)

    def test_that_is_asked_for_again_is_tried_at_once(self):
        mine = self.ask_link_of_somebody()
        self.fails(self.program("exit 75"), "ended with 75")
        self.client().must(202, self.ask_link(mine))
        mail, = send()
        self.assertRegex(mail.message["Message-ID"], r"\.2@")  # another one, as the link in it is

    def test_of_which_a_row_is_held_holds_up_no_other(self):
        first, second = self.ask_links(2)
        holder = stack.sql(f"BEGIN; SELECT 'held' FROM identities WHERE email_key = '{first}' FOR UPDATE;\n", "OWNER")
        self.assertEqual(holder.stdout.readline(), "held\n")
        status, out, _ = stack.type_in("mail")
        holder.communicate("ROLLBACK;\n")
        self.assertEqual((status, len(out.splitlines())), (1, 3))
        self.assertEqual([mail.arguments[-1] for mail in take_all()], [second])

    def test_by_a_program_that_fails_is_killed_hangs_or_is_not_there_is_tried_again(self):
        for script, says in (("exit 1", "ended with 1"), ("kill -KILL $$", "ended by signal 9"),
                             ("sleep 600 & sleep 600", "took longer than 1 s")):
            self.ask_link_of_somebody()
            began = time.monotonic()
            self.fails(self.program(script), says)
            self.assertLess(time.monotonic() - began, 20)
            self.again()
            self.assertEqual(len(send()), 1)
        self.ask_link_of_somebody()
        config = self.program("")
        (config.parent / "sendmail").unlink()
        self.fails(config, "cannot be started: No such file")

    def test_that_is_killed_takes_along_what_it_started(self):
        self.ask_link_of_somebody()
        config = self.program('sleep 600 & echo $! >"$(dirname "$0")/pid"; wait')
        self.fails(config, "took longer")
        pid = (config.parent / "pid").read_text().strip()
        state = pathlib.Path(f"/proc/{pid}/stat")
        self.assertTrue(not state.exists() or state.read_text().rpartition(")")[2].split()[0] in "ZX")

    def test_by_a_program_that_reads_nothing_is_done_when_it_says_so(self):
        self.ask_link_of_somebody()
        self.assertEqual(stack.type_in("mail", config=self.program("exec 0<&-; exit 0"))[0], 0)
        self.assertEqual(self.waiting(), [])

    def test_to_nobody_is_given_up_at_once(self):
        for code in (65, 67, 68):
            self.ask_link_of_somebody()
            status, out, err = stack.type_in("mail", config=self.program(f"exit {code}"))
            self.assertEqual(status, 0)
            self.assertIn("refused", out)
            self.assertIn(f"ended with {code}", err)
            self.assertEqual(self.waiting(), [])

    def test_is_given_up_after_a_day(self):
        self.ask_link_of_somebody()
        stack.as_owner("UPDATE mails SET created_at = UTC_TIMESTAMP(6) - INTERVAL 25 HOUR;")
        status, out, _ = stack.type_in("mail")
        self.assertEqual((status, take_all(), self.waiting()), (0, [], []))
        self.assertIn("given up", out)

    def test_ends_after_five_failures_in_a_row_and_leaves_the_others_their_attempts(self):
        self.ask_links(7)
        self.fails(self.program("exit 75"), "ended with 75")
        self.assertEqual([row[1] for row in self.waiting()], ["1"] * 5 + ["0"] * 2)

    def test_by_two_at_once_sends_each_once(self):
        addresses = self.ask_links(6)
        with concurrent.futures.ThreadPoolExecutor(3) as threads:
            done = [each.result() for each in [threads.submit(stack.type_in, "mail") for _ in range(3)]]
        self.assertEqual({status for status, _, _ in done}, {0}, done)
        self.assertEqual(sorted(mail.arguments[-1] for mail in take_all()), sorted(addresses))

    def test_hands_no_secret_and_no_connection_on(self):
        self.ask_link_of_somebody()
        config = self.program('env >"$(dirname "$0")/env"; ls /proc/self/fd >"$(dirname "$0")/fds"')
        self.assertEqual(stack.type_in("mail", config=config)[0], 0)
        names = {line.partition("=")[0] for line in (config.parent / "env").read_text().splitlines()}
        self.assertLessEqual(names, {"PATH", "PWD", "SHLVL", "_"})
        self.assertLessEqual(len((config.parent / "fds").read_text().split()), 4)  # 0, 1, 2, and that of ls

    def test_clean_forgets_what_was_never_sent(self):
        self.ask_link(address())
        stack.as_owner("UPDATE mails SET created_at = UTC_TIMESTAMP(6) - INTERVAL 25 HOUR;")
        self.ask_link(address())
        status, out, err = stack.type_in("clean", "--json")
        self.assertEqual((status, err), (0, ""))
        self.assertIn({"table": "mails", "deleted": 1}, json.loads(out))
        self.assertEqual(len(self.waiting()), 1)

    def test_is_the_chapters_own_command(self):
        command, = commands("systemd/mail.md", "Switching it on")
        self.assertEqual(command.split(), ["partywall", "mail"])
        self.ask_link_of_somebody()
        self.assertEqual(stack.type_in(*command.split()[1:])[0], 0)
        self.assertEqual(len(take_all()), 1)


if __name__ == "__main__":
    unittest.main()
