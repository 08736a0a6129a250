"""tests/api/moves.py — a company that moves from the stack that all share to one of this module's own."""
import contextlib
import json
import pathlib
import subprocess
import unittest
import uuid

from support import Stack, eventually

MANY = 4000  # messages, that a copy takes a while

here, there = Stack.shared(), Stack.own()


def soon(condition, what):
    return eventually(condition, what, seconds=60)


def is_of(company):
    return f"company_id = UNHEX('{company.replace('-', '')}')"


class Moves(unittest.TestCase):
    def setUp(self):
        self.client = here.client().sign_up()
        self.company = self.client.company
        self.config = pathlib.Path(here.config).with_name(f"move-{self.company}.toml")
        self.config.write_text(here.settings(request_timeout_seconds=1))
        self.addCleanup(self.config.unlink)
        self.addCleanup(self.forget)

    def forget(self):
        """That it was to move, of a test that failed or gave it up: `clean` would speak of it in others."""
        for name in self.triggers():
            here.as_owner(f"DROP TRIGGER {name};")
        here.as_owner("UPDATE companies SET moving_to = NULL, moving_until = NULL, read_only_since = NULL"
                      f" WHERE {is_of(self.company)} AND moved_to IS NULL;")

    def triggers(self):
        """Those of the company."""
        return here.as_owner("SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
                             f" AND trigger_name LIKE 'move_{self.company.replace('-', '')}%';")

    def words(self, *options, config=None, to=None):
        to = ("--to", str(to or there.config))
        return ("company", "move", self.company, *to, "--json", *options), config or self.config

    def move(self, *options, to=None):
        words, config = self.words(*options, to=to)
        done = subprocess.run([here.env["BINARY"], *words, "-c", config], text=True, capture_output=True, timeout=400)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def refused(self, *options, to=None, status=1):
        words, config = self.words(*options, to=to)
        done, out, err = here.type_in(*words, config=config)
        self.assertEqual((done, out), (status, ""))
        return err

    @contextlib.contextmanager
    def moving(self, config=None, to=None):
        """The command under way, killed at the end."""
        words, config = self.words(config=config, to=to)
        with subprocess.Popen([here.env["BINARY"], *words, "-c", config], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:
            try:
                yield process
            finally:
                process.kill()

    @contextlib.contextmanager
    def kept_in_the_last_step(self):
        """A note that nobody can take keeps a move there, eight seconds at a time."""
        here.as_owner(f"INSERT INTO move_notes (company_id, table_name, number, row_key) SELECT company_id, 'none', 1, ''"
                      f" FROM companies WHERE {is_of(self.company)};")
        try:
            yield
        finally:
            here.as_owner(f"DELETE FROM move_notes WHERE table_name = 'none' AND {is_of(self.company)};")

    def delete_there(self, company):
        """As `partywall clean` does it there a week after the move has stopped."""
        there.as_owner(f"UPDATE companies SET importing_until = NOW(6) - INTERVAL 2 HOUR WHERE {is_of(company)};")
        self.assertEqual(there.type_in("clean")[0], 0)
        self.assertEqual(self.count_there("companies", company), 0)

    def slow(self, seconds):
        """A configuration with which the command waits so long after the switch."""
        config = self.config.with_suffix(".slow")
        config.write_text(here.settings(request_timeout_seconds=seconds))
        self.addCleanup(config.unlink)
        return config

    def is_read_only(self):
        return self.state_here()[2] != "NULL"

    def end(self, process, how):
        process.send_signal(how)
        self.assertEqual(process.wait(10), -how)

    def write_many(self):
        me, other = (f"UNHEX('{user['id'].replace('-', '')}')" for user in (self.client.user, self.client.colleague))
        here.as_owner("INSERT INTO user_messages (company_id, id, from_user, to_user, text, date) SELECT"
                      f" UNHEX('{self.company.replace('-', '')}'), UNHEX(MD5(CONCAT('{self.company}', seq))), {me},"
                      f" {other}, CONCAT('old ', seq), NOW(6) FROM seq_1_to_{MANY};")
        self.assertEqual(here.type_in("rebuild", self.company)[0], 0)

    def target(self):
        """The company's id there; "NULL": it has none yet."""
        found = here.as_owner(f"SELECT HEX(moving_to) FROM companies WHERE {is_of(self.company)};")[0]
        return found if found == "NULL" else str(uuid.UUID(found))

    def count_there(self, table, company=None):
        return int(there.as_owner(f"SELECT COUNT(*) FROM {table} WHERE {is_of(company or self.target())};")[0])

    def notes(self):
        return int(here.as_owner(f"SELECT COUNT(*) FROM move_notes WHERE {is_of(self.company)};")[0])

    def state_here(self):
        """Where it goes to, until when, whether it is read-only, and where it is."""
        return here.as_owner("SELECT HEX(moving_to), moving_until, read_only_since, moved_to FROM companies WHERE"
                             f" {is_of(self.company)};")[0].split("\t")

    def compare(self, company, ledger, old=0):
        """What was acknowledged is there, once, as it was left."""
        def rows(what):
            return [line.split("\t") for line in there.as_owner(f"SELECT {what} AND {is_of(company)};")]

        def id_of(hexadecimal):
            return str(uuid.UUID(hexadecimal))

        messages = {id_of(id): text for id, text in rows("HEX(id), text FROM user_messages WHERE text LIKE '% new'")}
        self.assertEqual(messages, ledger.messages)
        self.assertEqual(self.count_there("user_messages", company), len(ledger.messages) + old)
        read = {id_of(id) for id, in rows("HEX(id) FROM user_messages WHERE read_at IS NOT NULL")}
        self.assertEqual(read, ledger.read)
        customers = {id_of(id): (email, notes) for id, email, notes in rows("HEX(id), email, notes FROM customers WHERE 1")}
        self.assertEqual(customers, ledger.customers)
        keys = {id_of(id) for id, in rows("HEX(id) FROM idempotency_keys WHERE 1")}
        self.assertEqual(keys, {*ledger.messages, *ledger.customers, *ledger.gone})
        _, *findings = there.type_in("check", company)[1].rstrip().splitlines()
        self.assertEqual(len(findings), 1, findings)
        self.assertIn("the company has no admin who can log in", findings[0])  # nobody was let in yet

    def look_in(self, company):
        """An admin who was let in there."""
        client = there.client().sign_up()
        _, out, _ = there.type_in("invite", company, "--role", "admin", "--json")
        client.must(201, client.post("/api/v1/auth/invitation/accept/", {"token": json.loads(out)["token"]}))
        client.must(200, client.post("/api/v1/auth/company/", {"company": company}))
        return client
