#!/usr/bin/env python3
"""tests/api/move_stopped_test.py — `partywall company move` that is stopped, by a signal or because the other database is
away, at each of its steps: typed again it goes on, `--back` takes it back, and nothing is lost or doubled."""
import contextlib
import pathlib
import signal
import socket
import threading
import unittest

from ledger import CUSTOMERS, Ledger
from moves import MANY, Moves, here, is_of, soon, there
from support import run_script

ME = "/api/v2/auth/me"
SIGNALS = (signal.SIGTERM, signal.SIGKILL)
TRY_AGAIN = 75  # the exit status where a database is away


class Cable:
    """A unix socket that leads to the other database, until it is cut."""

    def __init__(self):
        self.path = pathlib.Path(there.env["RUN_DIR"]) / "cable.sock"
        self.listener, self.ends = None, []
        self.join()

    def join(self):
        self.path.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                near, far = listener.accept()[0], socket.socket(socket.AF_UNIX)
                far.connect(there.env["DB_SOCKET"])
                self.ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self.end(source, sink)

    @staticmethod
    def end(*sockets):
        """Whoever waits for one of them is told."""
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self.path.unlink(missing_ok=True)
        self.end(self.listener, *self.ends)
        for each in (self.listener, *self.ends):
            each.close()
        self.ends = []


class Stopped(Moves):
    def check_open(self):
        self.client.must(201, self.client.post(CUSTOMERS, {"name": "Lee", "email": "lee@x.example"}))

    def cable(self):
        """One, and a configuration that leads by it."""
        cable = Cable()
        self.addCleanup(cable.cut)
        config = pathlib.Path(there.config).with_name("cable.toml")
        config.write_text(there.settings(database=cable.path))
        return cable, config

    def test_no_other_installation_goes_on_with_it_or_gives_it_back(self):
        run_script("add-db", there.state, "third")
        third = there.state / "partywall-third.toml"
        with self.kept_in_the_last_step(), self.moving() as process:
            soon(self.is_read_only, "the last step")
            self.end(process, signal.SIGKILL)
        for options in ([], ["--back"]):
            self.assertIn("goes to another installation", self.refused(*options, to=third))
        self.move()
        for options in ([], ["--back"]):
            self.assertIn("goes to another installation", self.refused(*options, to=third))
        self.move("--back")

    def test_before_its_triggers(self):
        for how in SIGNALS:
            with self.subTest(how):
                with here.sql("START TRANSACTION; SELECT 1 FROM inboxes LIMIT 1;\n") as holder:
                    with self.moving() as process:
                        soon(lambda: len(self.triggers()) > 10, "some triggers")
                        self.end(process, how)
                    holder.stdin.close()
                self.check_open()
                self.move("--back")
                self.assertEqual(self.triggers(), [])
                here.as_owner(f"DELETE FROM customers WHERE {is_of(self.company)};")

    def test_while_it_copies(self):
        self.write_many()
        with Ledger(here, self.client) as ledger:
            for how in SIGNALS:
                with self.moving() as process:
                    soon(lambda: self.target() != "NULL" and self.count_there("user_messages") > 0, "a copy")
                    self.end(process, how)
                ledger.go_on()
            self.assertNotIn(410, ledger.statuses)
            moved = self.move()
        self.assertLess(moved["rows"], MANY)
        self.compare(moved["id"], ledger, old=MANY)

    def test_in_the_last_step(self):
        with Ledger(here, self.client) as ledger:
            for how in SIGNALS:
                ledger.statuses.clear()
                with self.moving() as process:
                    soon(lambda: self.triggers() or process.poll() is not None, "triggers")
                    with self.kept_in_the_last_step():
                        soon(self.is_read_only, "the last step")
                        soon(lambda: 503 in ledger.statuses, "a refusal")
                        self.end(process, how)
                ledger.go_on()  # ten seconds later
            moved = self.move()
        self.compare(moved["id"], ledger)
        self.assertEqual(self.triggers(), [])

    def test_in_the_last_step_and_taken_back(self):
        with self.kept_in_the_last_step(), self.moving() as process:
            soon(self.is_read_only, "the last step")
            self.assertEqual(self.client.post(CUSTOMERS, {"name": "Lee", "email": "lee@x.example"}).status, 503)
            self.end(process, signal.SIGKILL)
            self.move("--back")
        self.assertEqual((self.state_here(), self.triggers(), self.notes()), (["NULL"] * 4, [], 0))
        self.check_open()

    def test_after_the_switch(self):
        with Ledger(here, self.client) as ledger, self.moving(self.slow(600)) as process:
            soon(ledger.stopping.is_set, "the switch")
            self.end(process, signal.SIGTERM)
        self.assertNotEqual(self.triggers(), [])
        client = self.look_in(self.target())  # somebody is at work there
        self.assertIn("it has moved, and users", self.refused())
        self.assertEqual((self.triggers(), self.notes()), ([], 0))
        self.assertIn("was written there since", self.refused("--back"))
        self.assertEqual((self.client.get(ME).status, client.get(ME).status), (410, 200))

    def test_what_is_lost_there_after_the_switch_returns_by_a_word_of_its_own(self):
        words = ("company", "move", self.company, "--back", "--without-target")
        for to in (("--to", str(there.config)), ()):
            with self.subTest(to):
                company = self.move()["id"]
                self.assertIn("it is there", self.refused("--back", "--without-target"))
                self.delete_there(company)
                for options in ((), ("--back",)):
                    self.assertIn("`--back --without-target` returns it", self.refused(*options))
                self.assertEqual(self.client.get(ME).status, 410)
                self.assertEqual(here.type_in(*words, *to, config=self.config)[0], 0)
                self.assertEqual((self.state_here(), self.triggers()), (["NULL"] * 4, []))
                self.assertEqual(soon(lambda: self.client.get(ME).status == 200, "an answer"), True)

    def test_it_does_not_return_from_where_it_moved_on(self):
        company = self.move()["id"]
        config = pathlib.Path(there.config).with_name("on.toml")
        config.write_text(there.settings(request_timeout_seconds=1))
        status, _, err = there.type_in("company", "move", company, "--to", str(here.config), config=config)
        self.assertEqual((status, err), (0, ""))
        there.as_owner(f"DELETE FROM audit WHERE event = 'company.move' AND {is_of(company)} ORDER BY id DESC LIMIT 1;")
        self.assertIn("it goes on from there", self.refused("--back"))
        self.assertEqual(self.client.get(ME).status, 410)

    def test_two_at_once_do_not(self):
        with self.kept_in_the_last_step(), self.moving():
            soon(self.triggers, "triggers")
            for options in ((), ("--back",)):
                self.assertIn("another command has the company to move", self.refused(*options))
        self.move("--back")

    def test_the_other_database_is_away_from_the_beginning(self):
        cable, config = self.cable()
        cable.cut()
        self.assertIn("the database is away", self.refused(to=config, status=TRY_AGAIN))
        self.assertEqual((self.state_here(), self.triggers()), (["NULL"] * 4, []))

    def test_the_other_database_goes_away_while_it_is_copied(self):
        self.write_many()
        cable, config = self.cable()
        with Ledger(here, self.client) as ledger:
            with self.moving(to=config) as process:
                soon(lambda: self.target() != "NULL" and self.count_there("user_messages") > 0, "a copy")
                cable.cut()
                self.assertEqual(process.wait(30), TRY_AGAIN)
                self.assertIn("the database is away", process.stdout.read())
            ledger.go_on()
            self.assertIn("the database is away", self.refused("--back", to=config, status=TRY_AGAIN))
            status, _, err = here.type_in("company", "move", self.company, "--back", config=self.config)
            self.assertEqual((status, err), (0, ""))  # before the switch it is not needed
            self.assertEqual((self.state_here(), self.triggers(), self.notes()), (["NULL"] * 4, [], 0))
            ledger.go_on()
            cable.join()
            moved = self.move(to=config)
        self.compare(moved["id"], ledger, old=MANY)

    def test_the_other_database_goes_away_in_the_last_step(self):
        cable, config = self.cable()
        with Ledger(here, self.client) as ledger:
            with self.moving(to=config) as process:
                soon(self.triggers, "triggers")
                with self.kept_in_the_last_step():
                    soon(lambda: 503 in ledger.statuses, "a refusal")
                    cable.cut()
                    self.assertEqual(process.wait(60), TRY_AGAIN)
            self.assertFalse(self.is_read_only())
            ledger.go_on()
            cable.join()
            moved = self.move(to=config)
        self.compare(moved["id"], ledger)

    def switch_without(self, cable, config):
        """A move under way that has switched here, and cannot be seen there."""
        moving = contextlib.ExitStack()
        process = moving.enter_context(self.moving(to=config))
        with self.kept_in_the_last_step():
            soon(self.is_read_only, "the last step")
            cable.cut()
        soon(lambda: self.state_here()[3] != "NULL", "the switch")
        return moving, process

    def test_the_other_database_goes_away_at_the_switch_and_comes_again(self):
        cable, config = self.cable()
        moving, process = self.switch_without(cable, config)
        with moving:
            self.assertEqual(self.client.get(ME).status, 410)
            cable.join()
            self.assertEqual(process.wait(30), 0)
        self.assertEqual(self.count_there("companies"), 1)
        self.look_in(self.target())

    def test_what_has_switched_and_is_not_there_goes_on_or_returns(self):
        for options, status in ((), 410), (("--back",), 200):
            with self.subTest(options):
                cable, config = self.cable()
                moving, process = self.switch_without(cable, config)
                with moving:
                    self.end(process, signal.SIGKILL)
                cable.join()
                self.move(*options, to=config)
                soon(lambda: self.client.get(ME).status == status, "what it is then")
                if not options:
                    self.move("--back")


if __name__ == "__main__":
    unittest.main()
