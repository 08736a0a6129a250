#!/usr/bin/env python3
"""tests/api/package_test.py — the Debian package is made, and lintian has nothing against it. (Installing
it into a clean system is tests/package_test.py, `make package-test`.)"""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from support import BINARY, REPOSITORY

BUILD = pathlib.Path(BINARY).parent


def setUpModule():
    global package
    sanitize = "1" if "asan" in BUILD.name else ""
    subprocess.run(["make", f"SANITIZE={sanitize}", "deb"], check=True, cwd=REPOSITORY,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   env={**os.environ, "MAKEFLAGS": ""})
    package, = (BUILD / "deb").glob("partywall_*.deb")


def run(*command):
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True).stdout


class Package(unittest.TestCase):
    def test_lintian_has_neither_errors_nor_warnings(self):
        user = ["--allow-root"] if os.geteuid() == 0 else []
        said = run("lintian", "--no-cfg", "--fail-on", "none", *user, package)
        self.assertEqual(said, "")

    def test_what_an_administrator_may_edit_is_known_to_dpkg(self):
        edited = set(run("dpkg-deb", "--info", package, "conffiles").split())
        shipped = {line.split()[-1].lstrip(".") for line in
                   run("dpkg-deb", "--contents", package).splitlines() if line.startswith("-")}
        self.assertEqual(edited, {path for path in shipped if path.startswith("/etc/")})
        self.assertIn("/etc/partywall/partywall.conf", edited)
        self.assertIn("/lib/systemd/system/partywall.service",
                      {path.removeprefix("/usr") for path in shipped})

    def test_it_needs_the_libraries_that_the_program_is_linked_with(self):
        needed = run("dpkg-deb", "--field", package, "Depends")
        for library in ("libarchive", "libargon2", "libevent", "libfcgi", "libmysqlcppconn", "liboath", "libssl",
                        "libsystemd", "libutf8proc"):
            self.assertRegex(needed, re.escape(library))
        self.assertIn("systemd", needed.split(" | "))  # for the account

    def test_an_upgrade_migrates_then_restarts_the_service_and_never_the_socket(self):
        script = run("dpkg-deb", "--info", package, "postinst")
        self.assertEqual(re.findall(r"(?:deb-systemd-invoke|! systemctl) (\S+) '?([\w.-]+)", script),
                         [("start", "partywall-migrate.service"), ("try-restart", "partywall.service")])
        self.assertRegex(script, r"dpkg --compare-versions \"\$2\" ge '\d+\.\d+\.\d+' &&")

    def test_secrets_that_were_copied_from_another_host_are_kept(self):
        script = run("dpkg-deb", "--info", package, "postinst")
        function = re.search(r"^secret\(\) \{.*?^\}", script, re.S | re.M)[0]
        with tempfile.TemporaryDirectory() as folder:
            copied, missing = pathlib.Path(folder, "copied"), pathlib.Path(folder, "missing")
            copied.write_text("of the first host\n")
            run("sh", "-euc", f'{function}\nsecret "$0"; secret "$1"', copied, missing)
            self.assertEqual(copied.read_text(), "of the first host\n")
            self.assertRegex(missing.read_text(), "^[0-9a-f]{48}$")


if __name__ == "__main__":
    unittest.main()
