#!/usr/bin/env python3
"""tests/bare_test.py — both commands of the README on a Debian that has git and make alone: `make run` with
the README's curl session, and `make test`. `make bare-test` runs it, as root; it takes long.

  tests/bare_test.py [SUITE [ONLY...]]    bookworm, and every suite of tests

What is committed is tried, in a clone. The tree has the network, npm's registry and the trusted
certificates of this machine.
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

from chapters import commands
from debian_tree import BOOT, REPO, Tree, run

START, TEST = re.findall(r"^make \w+", commands("README.md", "Partywall")[0], re.M)
SESSION = commands("README.md", "A first session")[0]
CLONE = "srv/partywall"
RUN = """
set -m
%s &
until test -e .state/env && . .state/env && curl -fsS --noproxy '*' "$URL/readyz"; do
  kill -0 $!
  sleep 1
done
curl() { command curl -sS --noproxy '*' --fail-with-body "$@"; }
%s
kill -INT -- -$!
wait $! || true
test ! -e .state/env
"""


def setUpModule():
    global tree
    tree = Tree(suite, ["git", "make"])
    run("git", "clone", "--quiet", "--no-hardlinks", REPO, tree.path / CLONE)
    for source, target in ((pathlib.Path.home() / ".npmrc", "root/.npmrc"),
                           (pathlib.Path("/etc/ssl/certs/ca-certificates.crt"), "srv/trusted.crt")):
        if source.exists():
            (tree.path / target).write_bytes(source.read_bytes())


def as_in_a_terminal():
    """Whoever starts this in the background has SIGINT ignored, which `make run` would inherit."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def do(script):
    """Runs a script in the clone and shows what it prints; answers that."""
    process = subprocess.Popen([BOOT, tree.path, "env", "HOME=/root",
                                "NODE_EXTRA_CA_CERTS=/srv/trusted.crt", "bash", "-euo", "pipefail",
                                "-c", f"cd /{CLONE}\n{script}"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, preexec_fn=as_in_a_terminal)
    printed = ""
    with process:
        for line in process.stdout:
            print(line, end="", flush=True)
            printed += line
    assert process.returncode == 0, process.returncode
    return printed


class Bare(unittest.TestCase):
    """In this order: the first installs less than the second."""

    def test_1_make_run_serves_the_curl_session(self):
        printed = do(RUN % (START, SESSION))
        self.assertIn('"text":"Hello, Bob"', printed)
        self.assertIn('"unread_messages"', printed)

    def test_2_make_test_passes(self):
        last = do(f"{TEST} ONLY='{' '.join(only)}'").splitlines()[-1]
        self.assertRegex(last, r"^\d+ passed, 0 failed$")


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("bare-test: it makes a Debian tree, so it has to be root")
    suite, *only = sys.argv[1:] or ["bookworm"]
    unittest.main(argv=sys.argv[:1], verbosity=2, failfast=True)
