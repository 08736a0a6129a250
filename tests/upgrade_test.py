#!/usr/bin/env python3
"""tests/upgrade_test.py — the program of the release before on the schema of the one that follows;
`make upgrade-test` runs it.

  tests/upgrade_test.py BUILD    a folder with a built program

The one before is the last tag's, built for this, and the one that follows ours. Without a tag, or where
the sources are the tag's, it is ours, and what follows a copy with one more migration.
"""
import atexit
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import later_release

TESTS = pathlib.Path(__file__).resolve().parent
REPO = TESTS.parent
ADDITIVE = "ALTER TABLE customers ADD COLUMN later VARCHAR(10) NOT NULL DEFAULT 'new'"


def git(*words):
    done = subprocess.run(["git", "-C", REPO, *words], capture_output=True, text=True)
    return done.stdout.strip()


def programs(folder, built):
    """The older program, the newer one, and the tests of the older."""
    ours = built / "partywall"
    tag = git("describe", "--tags", "--abbrev=0", "--match", "v*")
    if not tag or git("rev-parse", "HEAD") == git("rev-list", "-n", "1", tag):
        return ours, later_release.build(folder, built, ADDITIVE), TESTS
    archive = subprocess.run(["git", "-C", REPO, "archive", tag], check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    subprocess.run(["make", "-C", folder, "build/partywall"], check=True, stdout=subprocess.DEVNULL)
    return folder / "build/partywall", ours, folder / "tests"


def setUpModule():
    global support, stack, newer, tests
    folder = tempfile.TemporaryDirectory(prefix="partywall-upgrade.")
    atexit.register(folder.cleanup)  # after the stack, which ends by a script in it
    older, newer, tests = programs(pathlib.Path(folder.name), built)
    os.environ["PARTYWALL_BINARY"] = str(older)
    sys.path.append(str(tests / "api"))  # its configuration, which has no newer keys
    import support
    stack = support.Stack.own(workers=4)


def run(program, *words):
    return subprocess.run([program, *words, "-c", stack.config], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)


class Upgrade(unittest.TestCase):
    """In this order, on one database."""

    def test_1_the_older_pool_serves_while_the_newer_program_migrates(self):
        client = stack.client().sign_up()
        with support.Hammer(lambda: client.get("/api/v1/accounts/users/")) as hammer:
            done = run(newer, "migrate")
            hammer.go_on()
        self.assertEqual(hammer.failures, [])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^applied \d{4}_\w+\n")

    def test_2_the_older_program_starts_on_that_schema_and_passes_its_own_contract(self):
        stack.do("app-stop")
        stack.do("app-start")
        status = stack.client().get("/readyz").status
        self.assertEqual(status, 200, stack.log())
        done = subprocess.run([sys.executable, tests / "contract/replay.py", "--base",
                               stack.env["URL"], "--allow-extra", "--compare",
                               tests / "contract/open"], capture_output=True, text=True)
        self.assertRegex(done.stdout.splitlines()[-1], r"^[1-9]\d* passed, 0 failed$", done.stdout)

    def test_3_the_older_program_leaves_that_schema_as_it_is(self):
        before = run(newer, "migrate", "status").stdout
        done = run(stack.env["BINARY"], "migrate")
        self.assertEqual((done.returncode, done.stdout), (0, "the schema is up to date\n"))
        self.assertEqual(run(newer, "migrate", "status").stdout, before)

    def test_4_the_newer_program_serves_it(self):
        stack.env["BINARY"] = str(newer)
        with support.App(stack) as app:
            self.assertEqual(support.FastCgi(app.socket).ask("GET", "/readyz").status, 200)


if __name__ == "__main__":
    built = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2, failfast=True)
