#!/usr/bin/env python3
"""tests/api/stack_test.py — tests/stack.sh: what it refuses to do, and what it says when it runs."""
import itertools
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from client import Client
from support import BINARY, REPOSITORY, SCRIPT, free_port


class Stack(unittest.TestCase):
    def test_make_run_does_not_show_a_server_whose_database_it_would_drop(self):
        with tempfile.TemporaryDirectory(prefix="partywall-refused.") as folder:
            state = pathlib.Path(folder, "state")
            done = subprocess.run(
                ["make", f"SANITIZE={'1' if 'asan' in str(BINARY) else ''}", "run", f"STATE={state}",
                 f"PORT={free_port()}", "MYSQL=/run/mysqld/mysqld.sock"], cwd=REPOSITORY,
                env={**os.environ, "MAKEFLAGS": ""}, stdin=subprocess.DEVNULL, capture_output=True,
                text=True, timeout=600)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("MYSQL is for `make test`", done.stderr)
            self.assertFalse(state.exists())

    def test_make_run_says_where_the_api_is_described(self):
        with tempfile.TemporaryDirectory(prefix="partywall-run.") as folder:
            port = free_port()
            running = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", SCRIPT, "run", folder, str(port), "1", BINARY], text=True,
                env={key: value for key, value in os.environ.items() if not key.startswith("MYSQL")},
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
            try:
                said = "".join(itertools.takewhile(lambda line: "curl" not in line, running.stdout))
                found = re.search(rf"^The API is described at http://127\.0\.0\.1:{port}(/\S+/)\.$", said, re.M)
                self.assertTrue(found, said)
                answer = Client(port).get(found[1])
                self.assertEqual((answer.status, answer.headers.get_content_type()), (200, "text/html"))
            finally:
                running.terminate()
                running.communicate(timeout=60)


if __name__ == "__main__":
    unittest.main()
