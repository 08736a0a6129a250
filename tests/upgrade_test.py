#!/usr/bin/env python3
"""tests/upgrade_test.py — an upgrade from the release before, and the way back, as systemd/upgrades.md has it;
`make upgrade-test` runs it.

  tests/upgrade_test.py BUILD    a folder with a built program

Two hosts serve one database behind one nginx, with a million messages in it (ROWS=100000: fewer), and somebody
writes from the first test to the last. Without the history of git what follows ours is a copy with one more migration.
"""
import atexit
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid

import later_release

TESTS = pathlib.Path(__file__).resolve().parent
REPO = TESTS.parent
# What a release was made of, where it has no tag.
COMMITS = {"0.6.0": "f3177b8cd709fe299fe7ea93f89656c55c12389e"}
ADDITIVE = "ALTER TABLE customers ADD COLUMN later VARCHAR(10) NOT NULL DEFAULT 'new', ALGORITHM=INPLACE, LOCK=NONE"
USERS, MESSAGES, ME = "/api/v1/accounts/users/", "/api/v1/user-messages/", "/api/v1/auth/me"
ROWS, PEOPLE = int(os.environ.get("ROWS", 1_000_000)), 60
LONGEST_WRITE_SECONDS = 2  # past which a person takes it for hanging
# A company's people and messages, made by the database from numbers. The first person is a real one.
FILL = """
SET @company = UNHEX('{company}'), @writer = UNHEX('{writer}');
INSERT INTO identities (id, username_key, username, password_hash, password_given, default_company_id, created_at)
SELECT UNHEX(CONCAT('0190000000007000800100', LPAD(HEX(seq), 10, '0'))), CONCAT('{prefix}', seq),
       CONCAT('{prefix}', seq), 'none', 0, @company, UTC_TIMESTAMP(6) FROM seq_1_to_{people};
INSERT INTO users (company_id, id, identity_id, username, role, created_at)
SELECT @company, id, id, username, 'staff', created_at FROM identities WHERE username LIKE '{prefix}%';
INSERT INTO user_messages (company_id, id, from_user, to_user, text, date, read_at)
SELECT @company, UNHEX(CONCAT(LPAD(HEX(1577836800000 + seq), 12, '0'), '70008000', LPAD(HEX(seq), 12, '0'))), @writer,
       UNHEX(CONCAT('0190000000007000800100', LPAD(HEX(1 + seq MOD {people}), 10, '0'))),
       CONCAT('Could you look at the figures of quarter ', seq MOD 97, ' before we meet?'),
       '2020-01-01' + INTERVAL seq SECOND, IF(seq MOD 2, '2024-01-01', NULL) FROM seq_1_to_{rows};
"""


def git(*words):
    return subprocess.run(["git", "-C", REPO, *words], capture_output=True, text=True).stdout.strip()


def release_before():
    """Its commit; "" where the history is not here."""
    changelog = (REPO / "systemd/debian/changelog").read_text()
    _, before, *_ = re.findall(r"^partywall \((\S+)\)", changelog, re.M)
    return git("rev-parse", "--verify", "--quiet", f"v{before}^{{commit}}") or \
        git("rev-parse", "--verify", "--quiet", f"{COMMITS.get(before)}^{{commit}}")


def programs(folder, built):
    """The older program, the newer one, and the tests of the older."""
    ours, commit = built / "partywall", release_before()
    if not commit:
        return ours, later_release.build(folder, built, ADDITIVE), TESTS
    archive = subprocess.run(["git", "-C", REPO, "archive", commit], check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    subprocess.run(["make", "-C", folder, "build/partywall"], check=True, stdout=subprocess.DEVNULL)
    return folder / "build/partywall", ours, folder / "tests"


class Host:
    """A pool whose socket stays while its program is replaced, as with systemd."""

    def __init__(self, name):
        self.socket = str(pathlib.Path(stack.env["RUN_DIR"], f"{name}.sock"))
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.socket)
        self.listener.listen(511)
        self.config = stack.state / f"{name}.toml"
        self.settings = re.sub(r"remember_callers = .*\n", "", stack.settings(socket=self.socket, workers=2))
        self.log, self.process = stack.state / f"log/{name}.log", None

    def run(self, program):
        """Ends the program that runs, when it has answered what it took, and starts this one in its place."""
        self.end()
        # What one host changes acts at the other at once, as the contract has it, and not within a second.
        exact = "[server]\nremember_callers = false" if knows_callers(program) else "[server]"
        self.config.write_text(self.settings.replace("[server]", exact))
        self.config.chmod(0o600)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "bash", "-c",
                 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&"$0"', str(self.listener.fileno()), program, "serve", "-c",
                 self.config], pass_fds=[self.listener.fileno()], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        support.eventually(lambda: self.ask("GET", "/readyz").status == 200, f"an answer of {self.socket}", seconds=60)

    def end(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def ask(self, method, path, body=None, **headers):
        content = b"" if body is None else json.dumps(body).encode()
        return support.FastCgi(self.socket).ask(method, path, content, **headers)


class Ledger(threading.Thread):
    """Writes one message after the other through nginx, reads each back, and notes what it was told."""

    def __init__(self, client):
        super().__init__(daemon=True)
        self.client, self.told, self.failures, self.longest = client, {}, [], 0
        self.is_over = threading.Event()

    def run(self):
        while not self.is_over.is_set():
            text = f"ledger {uuid.uuid4()}"
            began = time.monotonic()
            try:
                written = self.client.post(MESSAGES, {"to_user": self.client.colleague["url"], "text": text})
                self.longest = max(self.longest, time.monotonic() - began)
                read = self.client.get(written.json()["url"]) if written.status == 201 else written
                if read.status == 200 and read.json()["text"] == text:
                    self.told[text] = written.json()["id"]
                else:
                    self.failures.append(read)
            except OSError as error:
                self.failures.append(error)

    def go_on(self):
        """Waits until twenty more were written."""
        goal = len(self.told) + 20
        support.eventually(lambda: len(self.told) >= goal or self.failures, "messages under way", seconds=60)
        return self.failures

    def end(self):
        self.is_over.set()
        self.join()


def knows_callers(program):
    """Whether it is 0.7.0 or newer, which remembers for a second who has asked."""
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    return tuple(map(int, version.split(".")[:2])) >= (0, 7)


def run(program, *words):
    return subprocess.run([program, *words, "-c", stack.config], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True)


def put_behind_nginx(hosts):
    path = stack.state / "nginx/nginx.conf"
    servers = "\n    ".join(f'server "unix:{host.socket}";' for host in hosts)
    path.write_text(re.sub(r'server "unix:.*";', servers, path.read_text(), count=1))
    nginx = stack.pid("nginx")
    workers = support.children(nginx)
    os.kill(nginx, signal.SIGHUP)
    support.eventually(lambda: not workers & support.children(nginx), "nginx's new workers", seconds=60)


def setUpModule():
    global client, support, stack, older, newer, tests, hosts, ledger
    folder = tempfile.TemporaryDirectory(prefix="partywall-upgrade.")
    atexit.register(folder.cleanup)  # after the stack, which ends by a script in it
    older, newer, tests = programs(pathlib.Path(folder.name), built)
    os.environ["PARTYWALL_BINARY"] = str(older)
    sys.path.append(str(tests / "api"))  # its configuration, which has no newer keys
    import client
    import support
    stack = support.Stack.own(workers=1)
    writer = stack.client().sign_up()
    print(f"the company's messages: {ROWS}", flush=True)
    stack.as_owner(FILL.format(company=writer.company.replace("-", ""), writer=writer.user["id"].replace("-", ""),
                               prefix="p" + writer.name, people=PEOPLE, rows=ROWS))
    hosts = [Host("one"), Host("other")]
    for host in hosts:
        atexit.register(host.end)
        host.run(older)
    put_behind_nginx(hosts)
    stack.do("app-stop")
    ledger = Ledger(writer)
    ledger.start()


class Upgrade(unittest.TestCase):
    """In this order, on one database."""

    def setUp(self):
        ledger.longest = 0
        self.assertEqual(ledger.go_on(), [])

    def tearDown(self):
        if not ledger.is_over.is_set():
            self.assertEqual(ledger.go_on(), [])
        print(f"longest write: {ledger.longest:.2f} s, of {len(ledger.told)} until here", flush=True)
        self.assertLess(ledger.longest, LONGEST_WRITE_SECONDS)

    def test_1_the_older_hosts_serve_while_the_newer_program_migrates_what_is_large(self):
        before, began = stack.as_owner("SELECT UTC_TIMESTAMP(6);")[0], time.monotonic()
        done = run(newer, "migrate")
        seconds = time.monotonic() - began
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^applied \d{4}_\w+\n")
        print(f"migrate took {seconds:.1f} s, of which", *stack.as_owner(
            f"SELECT CONCAT(name, ' ', TIMESTAMPDIFF(MICROSECOND, COALESCE(LAG(applied_at) OVER"
            f" (ORDER BY number), '{before}'), applied_at) DIV 1000, ' ms') FROM schema_migrations"
            f" WHERE applied_at > '{before}' ORDER BY number;"), sep="\n  ", flush=True)

    def test_2_the_older_program_starts_on_that_schema_and_leaves_it_as_it_is(self):
        before = run(newer, "migrate", "status").stdout
        for host in hosts:
            host.run(older)
        done = run(older, "migrate")
        self.assertEqual((done.returncode, done.stdout), (0, "the schema is up to date\n"))
        self.assertEqual(run(newer, "migrate", "status").stdout, before)

    def test_3_the_older_program_passes_its_own_contract_there(self):
        self.assert_contract()

    def test_4_an_older_and_a_newer_host_serve_side_by_side_whoever_logged_in_at_whichever(self):
        hosts[0].run(newer)
        self.assert_contract()
        for one, other in (hosts, reversed(hosts)):
            login = {"username": ledger.client.name, "password": client.PASSWORD}
            pair = json.loads(one.ask("POST", "/api/v1/auth/token/", login).body)
            bearer = {"HTTP_AUTHORIZATION": f"Bearer {pair['access']}"}
            message = {"to_user": ledger.client.colleague["url"], "text": one.socket}
            written = json.loads(one.ask("POST", MESSAGES, message, **bearer).body)
            read = json.loads(other.ask("GET", f"{MESSAGES}{written['id']}", **bearer).body)
            self.assertEqual(read["text"], one.socket)
            renewed = other.ask("POST", "/api/v1/auth/token/refresh/", {"refresh": pair["refresh"]})
            self.assertEqual(renewed.status, 200, renewed.body)
            answer = one.ask("POST", "/api/v1/auth/login/", login)
            cookies = "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie"))
            self.assertEqual(other.ask("GET", ME, HTTP_COOKIE=cookies).status, 200)

    def test_5_all_hosts_are_newer_and_what_the_older_did_not_keep_is_made_good(self):
        hosts[1].run(newer)
        self.assert_is_made_good()

    def test_6_a_host_goes_back_to_the_older_program_and_comes_again(self):
        undone = run(newer, "upgraded", "--undo")
        self.assertEqual((undone.returncode, undone.stderr), (0, ""))
        hosts[0].run(newer)
        hosts[1].run(older)
        self.assertEqual(ledger.go_on(), [])
        self.assert_contract()
        hosts[1].run(newer)
        self.assert_is_made_good()

    def test_7_what_was_written_on_the_way_is_there_once(self):
        ledger.end()
        self.assertEqual(ledger.failures, [])
        there = [tuple(line.split("\t")) for line in stack.as_owner(
            "SELECT text, LOWER(HEX(id)) FROM user_messages WHERE text LIKE 'ledger %';")]
        self.assertEqual(sorted(there), sorted((text, each.replace("-", "")) for text, each in ledger.told.items()))

    def assert_contract(self):
        done = subprocess.run([sys.executable, tests / "contract/replay.py", "--base", stack.env["URL"],
                               "--allow-extra", "--compare", tests / "contract/open"], capture_output=True, text=True)
        self.assertRegex(done.stdout.splitlines()[-1], r"^[1-9]\d* passed, 0 failed$", done.stdout)

    def assert_is_made_good(self):
        done = run(newer, "upgraded")
        self.assertEqual(done.returncode, 0, done.stderr)
        print(done.stdout, end="", flush=True)
        done = run(newer, "check")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)


if __name__ == "__main__":
    built = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2, failfast=True)
