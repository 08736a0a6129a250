#!/usr/bin/env python3
"""tests/api/move_given_up_test.py — `partywall company move` that stood still for a week: it can never go on, and so keeps
nobody from anything; `--back` ends it."""
import json
import signal
import unittest

from client import PASSWORD
from ledger import CUSTOMERS, MESSAGES
from moves import Moves, here, is_of, soon

COMPANY, EXPORTS = "/api/v2/accounts/company", "/api/v2/exports/"


class GivenUp(Moves):
    def stop(self):
        """A move that was killed in its last step."""
        with self.kept_in_the_last_step(), self.moving() as process:
            soon(self.is_read_only, "the last step")
            self.end(process, signal.SIGKILL)
        here.as_owner(f"UPDATE companies SET read_only_since = NULL WHERE {is_of(self.company)};")

    def let_week_pass(self):
        here.as_owner("UPDATE companies SET moving_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND"
                      f" WHERE {is_of(self.company)};")

    def shown(self):
        return json.loads(here.type_in("company", "show", self.company, "--json")[1]).get("move")

    def test_it_notes_nothing_more_and_begins_anew_when_it_was_taken_back(self):
        self.stop()
        self.let_week_pass()
        self.client.must(201, self.client.post(CUSTOMERS, {"name": "Lee", "email": "lee@x.example"}))
        self.assertEqual(self.notes(), 0)
        self.assertIn(f"partywall company move {self.company} --back", here.type_in("clean")[2])
        self.assertIn("it stood still for a week", self.refused())
        self.move("--back")
        self.assertEqual((self.state_here(), self.triggers()), (["NULL"] * 4, []))
        self.assertEqual(self.count_there("customers", self.move()["id"]), 1)

    def test_it_is_taken_back_after_the_other_installation_has_deleted_what_was_there(self):
        self.stop()
        company = self.target()
        self.let_week_pass()
        self.delete_there(company)
        self.move("--back")
        self.assertEqual((self.state_here(), self.triggers()), (["NULL"] * 4, []))

    def test_its_last_step_is_not_taken_any_more(self):
        with self.moving() as process:
            with self.kept_in_the_last_step():
                soon(self.is_read_only, "the last step")
                self.let_week_pass()
            self.assertEqual(process.wait(60), 1)
            self.assertIn("it stood still for a week", process.stdout.read())
        self.assertEqual(self.state_here()[3], "NULL")

    def test_messages_are_deleted_and_it_is_exported_and_erased(self):
        self.client.must(201, self.client.post(MESSAGES, {"to_user": self.client.colleague["id"], "text": "old"}))
        self.client.must(200, self.client.send("PATCH", COMPANY, {"messages_days": 1}))
        here.as_owner("UPDATE companies SET messages_kept_until = UTC_TIMESTAMP(6) - INTERVAL 1 DAY"
                      f" WHERE {is_of(self.company)}; UPDATE user_messages SET date = date - INTERVAL 2 DAY"
                      f" WHERE {is_of(self.company)};")
        self.stop()
        erase = lambda: self.client.send("DELETE", COMPANY, {"name": "Acme", "current_password": PASSWORD})  # noqa: E731
        messages = lambda: here.as_owner(  # noqa: E731
            f"SELECT COUNT(*) FROM user_messages WHERE {is_of(self.company)};")
        for days, left, statuses in ((6, "1", (409, 409)), (0, "0", (201, 200))):
            with self.subTest(days):
                here.as_owner(f"UPDATE companies SET moving_until = UTC_TIMESTAMP(6) + INTERVAL {days} DAY"
                              f" WHERE {is_of(self.company)};")
                self.assertEqual(here.type_in("clean")[0], 0)
                self.assertEqual(messages(), [left])
                self.assertEqual((self.client.post(EXPORTS, {"kind": "personal"}).status, erase().status), statuses)

    def test_its_triggers_go_by_the_id_of_a_company_that_was_erased_meanwhile(self):
        self.stop()
        self.let_week_pass()
        here.as_owner(f"UPDATE companies SET erase_at = UTC_TIMESTAMP(6) - INTERVAL 2 HOUR WHERE {is_of(self.company)};")
        self.assertEqual(here.type_in("clean")[0], 0)
        self.assertEqual(here.as_owner(f"SELECT COUNT(*) FROM companies WHERE {is_of(self.company)};"), ["0"])
        self.assertNotEqual(self.triggers(), [])
        self.assertIn(f'there is no company "{self.company}"; what triggers a move of it may have left are gone',
                      self.refused("--back"))
        self.assertEqual(self.triggers(), [])

    def test_show_and_check_tell_of_a_move_until_it_is_taken_back(self):
        def said():
            status, _, err = here.type_in("check", self.company)
            self.assertEqual(status, 0)
            return self.shown(), err

        self.assertEqual(said(), (None, ""))
        self.stop()
        self.assertEqual(said(), ("under way", f"partywall: the company {self.company}: a move is under way\n"))
        self.let_week_pass()
        self.assertEqual(said(), ("given up", "partywall: a move stood still for a week and was given up; `partywall"
                                  f" company move {self.company} --back` takes its triggers away\n"))
        self.move("--back")
        self.assertEqual(said(), (None, ""))


if __name__ == "__main__":
    unittest.main()
