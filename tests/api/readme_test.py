#!/usr/bin/env python3
# tests/api/readme_test.py — what the README promises: its curl session, the operator's session, and the
# section on adding a resource, followed step by step on a copy of the sources.
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests"))
import copy_of_sources
import lint
from chapters import commands, section
from support import Stack

BUILT = pathlib.Path(os.environ["PARTYWALL_BINARY"]).parent


class Readme(unittest.TestCase):
    def test_the_curl_session_works_word_for_word(self):
        session = commands("README.md", "A first session")[0]
        session = session.replace("http://127.0.0.1:8080", os.environ["PARTYWALL_URL"])
        # Names are taken once; each run of this test needs its own.
        run = "".join(chr(ord("g") + b % 16) for b in os.urandom(8))
        session = session.replace('"ann"', f'"ann_{run}"').replace('"bob"', f'"bob_{run}"')
        session = session.replace("curl ", "curl -sS --fail-with-body ")
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", session], cwd=folder,
                                  capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn('"text":"Hello, Bob"', done.stdout)
        self.assertIn('"unread_messages"', done.stdout)

    def test_the_operators_session_works_word_for_word(self):
        run = "".join(chr(ord("g") + b % 16) for b in os.urandom(8))
        session = commands("systemd/README.md", "Commands")[0]
        session = re.sub(r"'Acme'", f"'Acme {run}'", session)
        session = re.sub(r"\b(ann|bob)\b", rf"\1_{run}", session)
        program = 'partywall() { "$PARTYWALL_BINARY" "$@" --config "$PARTYWALL_CONFIG"; }\n'
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", program + session],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertRegex(done.stdout, rf"user\.remove +\(operator\) +ann_{run} ")
        bob = Stack.shared().client()  # who was made admin, whose password was replaced, and whom nothing keeps out
        login = bob.post("/api/v1/auth/login/", {"username": f"bob_{run}", "password": "Bade-9175-Decaf!"})
        self.assertEqual(login.status, 200, login.body)

    def test_the_section_on_adding_a_resource_builds_and_passes(self):
        text = section("README.md", "Adding a resource")
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "partywall"
            copy_of_sources.copy(copy, BUILT)
            self.follow(text, copy)
            self.build_and_test(copy)

    def follow(self, text, copy):
        files = re.findall(r"The file `([^`]+)`:\n\n```\w+\n(.*?)^```", text, re.S | re.M)
        next_number = 1 + len(list((copy / "sql").glob("*.sql")))
        self.assertEqual([name for name, _ in files],
                         [f"sql/{next_number:04}_notes.sql", "src/app/notes.cc", "tests/app/notes_test.cc"])
        for name, content in files:
            (copy / name).write_text(content, encoding="utf-8")
        if lint.knows_our_format():
            formatted = subprocess.run(
                ["clang-format", "--dry-run", "-Werror", "src/app/notes.cc",
                 "tests/app/notes_test.cc"], cwd=copy, capture_output=True, text=True)
            self.assertEqual(formatted.returncode, 0, formatted.stderr)
        name, old, new = re.search(r"in `([^`]+)`, `([^`]+)` becomes `([^`]+)`", text).groups()
        changed = (copy / name).read_text(encoding="utf-8")
        self.assertIn(old, changed)
        (copy / name).write_text(changed.replace(old, new), encoding="utf-8")

    def build_and_test(self, copy):
        build = BUILT.name
        make = copy_of_sources.make(copy, build, "partywall", "unit_tests")
        self.assertEqual(make.returncode, 0, make.stdout[-3000:] + make.stderr[-3000:])
        state = os.environ["PARTYWALL_STATE"]
        # A database of its own, migrated by the new program.
        config = subprocess.run(
            ["bash", str(copy / "tests/stack.sh"), "add-db", state, "notes"],
            env={**os.environ, "BINARY": str(copy / build / "partywall")},
            capture_output=True, text=True, check=True).stdout.split()[-1]
        subprocess.run([str(copy / build / "partywall"), "migrate", "--config", config], check=True,
                       capture_output=True)
        tests = subprocess.run([str(copy / build / "unit_tests"), "-t", "notes,schema,isolation_walk"],
                               env={**os.environ, "PARTYWALL_UNIT_CONFIG": config,
                                    "PARTYWALL_ANSWERS": os.devnull},  # notes are described nowhere
                               capture_output=True, text=True, timeout=600)
        self.assertEqual(tests.returncode, 0, tests.stdout[-3000:] + tests.stderr[-3000:])
        routes = subprocess.run([str(copy / build / "partywall"), "routes"], capture_output=True,
                                text=True, check=True).stdout
        self.assertIn("/api/v2/notes/{note_id}", routes)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
