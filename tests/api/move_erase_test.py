#!/usr/bin/env python3
"""tests/api/move_erase_test.py — `partywall company erase`: what a company that has moved left where it was."""
import datetime
import json
import pathlib
import subprocess
import sys
import unittest

from ledger import Ledger
from moves import Moves, here, is_of, soon, there

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from chapters import commands  # noqa: E402

ME = "/api/v2/auth/me"


class Erase(Moves):
    def erase(self, *options):
        status, out, err = here.type_in("company", "erase", self.company, *options)
        self.assertEqual((status, err), (0, ""))
        return out

    def is_refused(self):
        status, out, err = here.type_in("company", "erase", self.company)
        self.assertEqual((status, out), (1, ""))
        self.assertEqual(here.as_owner(f"SELECT erase_at FROM companies WHERE {is_of(self.company)};"), ["NULL"])
        return err

    def rows(self):
        """How many tables have some of the company."""
        tables = here.as_owner("SELECT table_name FROM information_schema.columns WHERE table_schema = DATABASE()"
                               " AND column_name = 'company_id';")
        return sum(int(count) > 0 for count in here.as_owner("".join(
            f"SELECT COUNT(*) FROM {table} WHERE {is_of(self.company)};" for table in tables)))

    def noted(self):
        return here.as_owner(f"SELECT event, actor, detail FROM audit WHERE {is_of(self.company)}"
                             " AND event IN ('company.erase', 'company.keep') ORDER BY id;")

    def test_a_day_later_it_is_gone_here_and_not_there(self):
        company = self.move()["id"]
        day = json.loads(self.erase("--json"))["erase_at"]
        left = datetime.datetime.fromisoformat(day.replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(abs(left - datetime.timedelta(days=1)), datetime.timedelta(minutes=5))
        self.assertEqual(self.noted(), [f"company.erase\toperator\ton {day}"])
        self.assertEqual(json.loads(self.erase("--json"))["erase_at"], day)  # to say it again changes nothing
        self.assertEqual(len(self.noted()), 1)
        self.assertEqual(here.type_in("clean")[0], 0)
        self.assertGreater(self.rows(), 0)
        self.assertEqual(self.client.get(ME).status, 410)
        here.as_owner(f"UPDATE companies SET erase_at = UTC_TIMESTAMP(6) - INTERVAL 2 HOUR WHERE {is_of(self.company)};")
        self.assertEqual(here.type_in("clean")[0], 0)
        self.assertEqual(self.rows(), 0)
        self.assertEqual(self.client.get(ME).status, 401)
        self.assertGreater(self.count_there("users", company), 0)

    def test_it_says_when_and_what_keeps_it(self):
        self.move()
        command, = commands("systemd/move.md", "What stays here")
        self.assertEqual(command.strip(), "partywall company erase 'Acme'")
        out = self.erase()
        day = here.as_owner(f"SELECT DATE_FORMAT(erase_at, '%Y-%m-%d %H:%i:%s') FROM companies WHERE {is_of(self.company)};")
        self.assertIn(f"`partywall clean` deletes it an hour after {day[0]}; until {day[0]} `partywall company keep` keeps"
                      " it\n", out)

    def test_one_that_has_not_moved_is_its_admins_to_erase(self):
        self.assertIn("the company has not moved: that is its admins' to ask for", self.is_refused())
        with self.kept_in_the_last_step(), self.moving():
            soon(self.is_read_only, "the last step")
            self.assertIn("has not moved", self.is_refused())
        self.move("--back")

    def test_one_whose_move_is_not_finished_is_kept(self):
        config = self.config.with_suffix(".slow")
        config.write_text(here.settings(request_timeout_seconds=600))
        self.addCleanup(config.unlink)
        with Ledger(here, self.client) as ledger, self.moving(config) as process:
            soon(ledger.stopping.is_set, "the switch")
            process.kill()
        self.assertIn("its move is not finished: type `partywall company move` again", self.is_refused())
        shown = json.loads(here.type_in("company", "show", self.company, "--json")[1])
        self.assertEqual((shown["move"], shown["moved_to"]), ("under way", there.env["URL"]))
        self.move()
        self.erase()

    def test_it_returns_only_when_it_is_kept_and_then_with_its_sessions(self):
        self.move()
        self.erase()
        self.assertIn("it will be erased here, unless `partywall company keep` keeps it", self.refused("--back"))
        self.assertEqual(here.type_in("company", "keep", self.company)[0], 0)
        self.assertEqual([line.split("\t")[0] for line in self.noted()], ["company.erase", "company.keep"])
        self.move("--back")
        soon(lambda: self.client.get(ME).status == 200, "an answer")

    def test_one_that_somebody_erases_while_it_returns_is_open_there_again(self):
        company = self.move()["id"]
        hidden = lambda: there.as_owner(  # noqa: E731
            f"SELECT importing_until IS NOT NULL FROM companies WHERE {is_of(company)};") == ["1"]
        with here.sql("BEGIN; UPDATE companies SET erase_at = UTC_TIMESTAMP(6) + INTERVAL 1 DAY"
                      f" WHERE {is_of(self.company)}; SELECT 'done';\n", "OWNER") as erasing:
            self.assertEqual(erasing.stdout.readline(), "done\n")
            words, config = self.words("--back")
            with subprocess.Popen([here.env["BINARY"], *words, "-c", config], stderr=subprocess.PIPE,
                                  text=True) as returning:
                soon(hidden, "that it is hidden there")
                erasing.communicate("COMMIT;\n")
                self.assertIn("it will be erased here, unless", returning.communicate()[1])
        self.assertFalse(hidden())
        self.assertEqual(self.client.get(ME).status, 410)


if __name__ == "__main__":
    unittest.main()
