#!/usr/bin/env python3
"""tests/api/second_factor_key_test.py — the key that second factors are sealed with, which is no row."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from chapters import commands  # noqa: E402
from commands import answer, name, stack
from factors import SecondFactor


class TheKey(SecondFactor):
    """It is in a file; a second configuration of the commands has another one."""

    def config(self, *keys):
        folder = stack.state / name("keys")
        folder.mkdir()
        lines = ""
        for which, key in zip(("key_file", "previous_key_file"), keys):
            (folder / which).write_text(key)
            (folder / which).chmod(0o600)
            lines += f'{which} = "{folder / which}"\n'
        path = folder / "partywall.toml"
        path.write_text(re.sub(r"(\[second_factor\]\n)key_file = .*\n", lambda found: found[1] + lines,
                               stack.settings()))
        return path

    def test_that_is_another_one_is_a_finding_and_a_previous_one_opens_until_all_is_sealed_anew(self):
        kim = self.person()
        self.set_up(kim)
        ours = (stack.state / "second-factor-key").read_text()
        new = "n" * 40
        sealed = lambda: stack.query(f"SELECT HEX(factor_secret) FROM identities WHERE username = '{kim}'")
        status, out, _ = stack.type_in("check", config=self.config(new))
        self.assertEqual(status, 1)
        self.assertRegex(out, r"second factors that no key of \[second_factor\] opens: [1-9]")
        status, _, said = stack.type_in("check", config=self.config(new, ours))
        self.assertRegex(said, r"sealed with the previous key: [1-9]\d*; `partywall reseal` seals them anew")
        before = sealed()
        status, out, said = stack.type_in("reseal", "--json", config=self.config(new, ours))
        self.assertEqual((status, json.loads(out)["not_opened"]), (0, 0), said)
        self.assertNotEqual(sealed(), before)
        try:
            self.assertNotIn("previous", stack.type_in("check", config=self.config(new, ours))[2])
            # The pool has the old key alone.
            got, _ = self.log_in(kim, "123456")
            self.assertEqual((got.status, got.json()["code"]), (503, "unavailable"))
            self.assertIn("no key of [second_factor] opens that of identities", stack.log())
        finally:
            self.assertEqual(stack.type_in("reseal", config=self.config(ours, new))[0], 0)

    def test_gives_way_to_a_new_one_as_the_chapter_says(self):
        self.set_up(self.person())
        ours = (stack.state / "second-factor-key").read_text()
        path = self.config(ours)
        text = re.sub(r"(?m)^key_file = .*/key_file\"$", '#previous_key_file = "previous-second-factor-key"\n'
                      'key_file = "second-factor-key"', path.read_text())
        path.write_text(text)
        folder = path.parent / "credentials"
        folder.mkdir()
        (folder / "second-factor-key").write_text(ours)
        (folder / "second-factor-key").chmod(0o600)
        script, = commands("systemd/second-factor.md", "The key")
        script = script.replace("/etc/partywall/credentials", str(folder)).replace("/etc/partywall/partywall.conf",
                                                                                   str(path))
        program = f'systemctl() {{ :; }}; partywall() {{ "{stack.env["BINARY"]}" "$@" -c "{path}"; }}\n'

        def type_in(before=""):
            done = subprocess.run(["bash", "-c", program + before + script], capture_output=True, text=True, timeout=60)
            return done.returncode, done.stdout + done.stderr

        try:
            # What fails on the way, and is typed again, loses no key.
            self.assertEqual(type_in("systemctl() { false; }\n"), (1, ""))
            self.assertIn("There is a previous key", type_in()[1])
            self.assertEqual((folder / "previous-second-factor-key").read_text(), ours)
            self.assertEqual(stack.type_in("reseal", config=path)[0], 0)
            (folder / "previous-second-factor-key").write_text("")
            self.assertEqual(type_in()[0], 0)
            self.assertEqual((folder / "previous-second-factor-key").read_text(), "")
            self.assertNotIn("second factor", "".join(stack.type_in("check", config=path)[1:]))
        finally:
            new = (folder / "second-factor-key").read_text()
            self.assertEqual(stack.type_in("reseal", config=self.config(ours, new))[0], 0)

    def test_that_is_lost_leaves_the_recovery_codes(self):
        kim = self.person()
        _, codes = self.set_up(kim)
        stack.as_owner(f"UPDATE identities SET factor_secret = REVERSE(factor_secret) WHERE username = '{kim}';")
        try:
            self.assertEqual(self.log_in(kim, codes[0])[0].status, 200)
        finally:
            answer("user", "drop-factor", kim)


if __name__ == "__main__":
    unittest.main()
