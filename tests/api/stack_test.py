#!/usr/bin/env python3
"""tests/api/stack_test.py — tests/stack.sh: what it refuses to do."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from support import BINARY, REPOSITORY, free_port


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


if __name__ == "__main__":
    unittest.main()
