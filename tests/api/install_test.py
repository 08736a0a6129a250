#!/usr/bin/env python3
"""tests/api/install_test.py — what `make install` brings: units, configuration, manuals, completion."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from support import BINARY, REPOSITORY

sys.path.append(str(REPOSITORY / "tests"))
import chapters

# As the package has them; folders that hold many are there as a whole.
INSTALLED = {
    "usr/bin/partywall", "usr/lib/systemd/system/partywall.service",
    "usr/lib/systemd/system/partywall-events.service", "usr/lib/systemd/system/partywall-events.socket",
    "usr/lib/systemd/system/partywall.socket", "usr/lib/systemd/system/partywall-migrate.service",
    "usr/lib/systemd/system/partywall-clean.service", "usr/lib/systemd/system/partywall-clean.timer",
    "usr/lib/systemd/system/partywall-exports.service", "usr/lib/systemd/system/partywall-exports.timer",
    "usr/lib/systemd/system/partywall-mail.service", "usr/lib/systemd/system/partywall-mail.timer",
    "usr/lib/sysusers.d/partywall.conf", "usr/lib/tmpfiles.d/partywall.conf",
    "usr/share/man/man8/partywall.8", "usr/share/man/man5/partywall.conf.5",
    "usr/share/bash-completion/completions/partywall", "usr/share/doc/partywall",
    "usr/share/partywall/www", "usr/share/partywall/sql", "etc/nginx/snippets",
    "etc/nginx/sites-available/partywall", "etc/partywall/partywall.conf"}
CREDENTIALS = {"db-password": "Secret-1", "owner-password": "Secret-2", "clean-password": "Secret-3",
               "exports-password": "Secret-4",
               "token-key": "k" * 32, "previous-token-key": "p" * 32,
               "second-factor-key": "s" * 32, "previous-second-factor-key": "r" * 32}


def setUpModule():
    global root, units
    folder = tempfile.TemporaryDirectory(prefix="partywall-install.")
    unittest.addModuleCleanup(folder.cleanup)
    root = pathlib.Path(folder.name, "root")
    make("install", f"DESTDIR={root}", "PREFIX=/usr", "SYSCONFDIR=/etc")
    # A second time under paths of its own: systemd-analyze wants the units' programs to be there.
    other = pathlib.Path(folder.name, "other")
    run(REPOSITORY / "systemd/install.sh", BINARY, other / "usr", other / "etc", "")
    units = other / "usr/lib/systemd/system"


def run(*command, **options):
    return subprocess.run([str(each) for each in command], check=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **options).stdout


def make(*words):
    sanitize = "1" if "asan" in str(BINARY) else ""
    return run("make", f"SANITIZE={sanitize}", *words, cwd=REPOSITORY,
               env={**os.environ, "MAKEFLAGS": ""})


class Install(unittest.TestCase):
    def test_everything_is_where_the_package_has_it_and_nothing_else(self):
        there = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
        folders = {name for name in INSTALLED if (root / name).is_dir()}
        self.assertEqual({next((folder for folder in folders if name.startswith(folder + "/")), name)
                          for name in there}, INSTALLED)
        self.assertEqual(sorted(os.listdir(root / "usr/share/partywall/sql")), sorted(os.listdir(REPOSITORY / "sql")))
        client = {path.name for path in (root / "usr/share/partywall/www").rglob("*.*")}
        self.assertEqual(client, set(os.listdir(REPOSITORY / "nginx/www")))

    def test_the_chapters_are_where_their_links_to_each_other_lead(self):
        there = root / "usr/share/doc/partywall"
        self.assertEqual({str(path.relative_to(there)) for path in there.rglob("*") if path.is_file()},
                         set(chapters.TEXT))

    def test_what_an_administrator_edits_is_kept_and_the_rest_is_renewed(self):
        with tempfile.TemporaryDirectory(prefix="partywall-again.") as folder:
            again = pathlib.Path(folder)
            command = [REPOSITORY / "systemd/install.sh", BINARY, "/usr", "/etc", again]
            run(*command)
            kept = ["partywall/partywall.conf", "nginx/sites-available/partywall",
                    "nginx/snippets/local_partywall.conf", "nginx/snippets/hsts_partywall.conf",
                    "nginx/snippets/hosts_partywall.conf", "nginx/snippets/file_hosts_partywall.conf"]
            for name in [*kept, "nginx/snippets/locations_partywall.conf"]:
                (again / "etc" / name).write_text("edited")
            run(*command)
            for name in kept:
                self.assertEqual((again / "etc" / name).read_text(), "edited")
            self.assertNotEqual((again / "etc/nginx/snippets/locations_partywall.conf").read_text(),
                                "edited")

    def test_paths_follow_prefix_and_sysconfdir(self):
        for path in units.iterdir():
            text = path.read_text()
            self.assertFalse(re.findall(r"[= ](?:/usr|/etc)/\S+", text), path)
        service = (units / "partywall.service").read_text()
        self.assertIn(f"ExecStart={units.parents[2]}/bin/partywall serve --config "
                      f"{units.parents[3]}/etc/partywall/partywall.conf\n", service)


class Units(unittest.TestCase):
    def test_systemd_finds_nothing_wrong_with_them(self):
        paths = sorted(units.glob("partywall*"))
        self.assertEqual(len(paths), 11)
        said = run("systemd-analyze", "verify", "--man=no", *paths,
                   env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"})
        self.assertEqual(said, "")

    def test_they_are_sandboxed_to_an_exposure_of_one_and_a_half(self):
        for name in ("partywall.service", "partywall-events.service", "partywall-migrate.service",
                     "partywall-clean.service", "partywall-exports.service"):
            run("systemd-analyze", "security", "--offline=true", "--threshold=15", units / name)

    def test_what_runs_the_hosts_sendmail_can_become_its_group_and_has_no_more_than_that(self):
        service = (units / "partywall-mail.service").read_text()
        for forbids in ("NoNewPrivileges=yes", "PrivateUsers=yes", "SystemCallFilter=", "PrivateNetwork=yes"):
            self.assertNotIn("\n" + forbids, service)
        run("systemd-analyze", "security", "--offline=true", "--threshold=85", units / "partywall-mail.service")

    def test_each_is_given_the_secrets_that_it_needs_and_no_other(self):
        loaded = {path.name: set(re.findall(r"^LoadCredential=([\w-]+):", path.read_text(), re.M))
                  for path in units.glob("*.service")}
        factor_keys = {"second-factor-key", "previous-second-factor-key"}
        self.assertEqual(loaded["partywall-migrate.service"], set(CREDENTIALS) - factor_keys)
        self.assertEqual(loaded["partywall.service"],
                         set(CREDENTIALS) - {"owner-password", "clean-password", "exports-password"})
        self.assertEqual(loaded["partywall-clean.service"], {"clean-password"})
        self.assertEqual(loaded["partywall-exports.service"], {"exports-password"})
        self.assertEqual(loaded["partywall-mail.service"], {"db-password"})
        self.assertEqual(loaded["partywall-events.service"], set())

    def test_what_has_expired_is_deleted_while_the_service_runs(self):
        self.assertIn("partywall-clean.timer", re.findall(
            r"^Wants=(.*)$", (units / "partywall.service").read_text(), re.M)[0].split())
        timer = (units / "partywall-clean.timer").read_text()
        self.assertIn("\nPartOf=partywall.service\n", timer)
        said = run("systemd-analyze", "calendar", re.search(r"^OnCalendar=(.*)$", timer, re.M)[1])
        self.assertIn("Normalized form", said)

    def test_exports_are_made_while_the_service_runs(self):
        self.assertIn("partywall-exports.timer", re.findall(
            r"^Wants=(.*)$", (units / "partywall.service").read_text(), re.M)[0].split())
        self.assertIn("\nPartOf=partywall.service\n", (units / "partywall-exports.timer").read_text())

    def test_mails_are_sent_while_the_service_runs(self):
        self.assertIn("partywall-mail.timer", re.findall(
            r"^Wants=(.*)$", (units / "partywall.service").read_text(), re.M)[0].split())
        self.assertIn("\nPartOf=partywall.service\n", (units / "partywall-mail.timer").read_text())

    def test_the_account_is_made(self):
        said = run("systemd-sysusers", "--dry-run", root / "usr/lib/sysusers.d/partywall.conf")
        self.assertIn("'partywall'", said)


class Configuration(unittest.TestCase):
    """The shipped example, the manual and the program name the same keys."""

    EXAMPLE = (REPOSITORY / "systemd/partywall.conf").read_text()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="partywall-config.")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "partywall.conf")
        (self.path.parent / "credentials").mkdir()
        for name, secret in CREDENTIALS.items():
            file = self.path.parent / "credentials" / name
            file.write_text(secret + "\n")
            file.chmod(0o600)

    def check(self, text):
        """The exit status of check-config, and what it says of a file without the file's path."""
        self.path.write_text(text)
        done = subprocess.run([BINARY, "check-config", "--no-database", "-c", self.path],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return done.returncode, (done.stdout + done.stderr).replace(str(self.path), "FILE")

    def keys(self, text):
        keys, section = {}, None
        for line in text.splitlines():
            if found := re.match(r"\[(\w+)\]$", line):
                section = found[1]
            elif found := re.match(r"#?(\w+) = ", line):
                keys.setdefault(section, set()).add(found[1])
        return keys

    def test_the_example_is_accepted_and_with_every_key_that_it_shows(self):
        self.assertEqual(self.check(self.EXAMPLE), (0, "FILE is fine\n[mail] names no sendmail: no mail is sent\n"))
        all_keys = re.sub(r"(?m)^#(\w+ = )", r"\1", self.EXAMPLE)
        over_tcp = all_keys.replace('socket = "/run/mysqld/mysqld.sock"\n', "")
        authority = self.path.parent / "ca.pem"
        authority.touch()
        over_tcp = over_tcp.replace("/etc/partywall/database-ca.pem", str(authority))
        self.assertNotEqual(over_tcp, all_keys)
        over_tcp = over_tcp.replace("/usr/sbin/sendmail", "/bin/true")  # which is there
        self.assertEqual(self.check(over_tcp), (0, "FILE is fine\n"))

    def test_the_example_the_manual_and_the_program_know_the_same_keys(self):
        # An unknown one is refused with the known ones.
        _, said = self.check(self.EXAMPLE + "[nothing]\n")
        sections = re.search(r"known section \(known: (.*)\)", said)[1].split(", ")
        known = {}
        for section in sections:
            _, said = self.check(self.EXAMPLE.replace(f"[{section}]", f"[{section}]\nnothing = 1"))
            known[section] = set(re.search(r"known key \(known: (.*)\)", said)[1].split(", "))
        self.assertEqual(self.keys(self.EXAMPLE), known)

        manual = (REPOSITORY / "systemd/partywall.conf.5").read_text()
        described = {}
        for section, text in re.findall(r"^\.Ss \[(\w+)\]\n(.*?)(?=^\.S[sh] )", manual, re.M | re.S):
            described[section] = {word for line in re.findall(r"^\.It Cm (.*)$", text, re.M)
                                  for word in line.replace(" , Cm", "").split()}
        self.assertEqual(described, known)

    def test_what_is_wrong_is_said_on_standard_error_with_its_place(self):
        status, said = self.check(self.EXAMPLE.replace("#workers = 0", "wrokers = 3"))
        line = self.EXAMPLE[:self.EXAMPLE.index("#workers")].count("\n") + 1
        self.assertEqual(status, 1)
        self.assertTrue(said.startswith(f"partywall: FILE:{line}:1: [server] wrokers is not a"), said)
        (self.path.parent / "credentials/token-key").chmod(0o604)
        status, said = self.check(self.EXAMPLE)
        self.assertEqual(status, 1)
        self.assertIn("must not be accessible to everybody", said)


class Manuals(unittest.TestCase):
    PAGES = ["partywall.8", "partywall.conf.5"]

    def test_they_are_set_without_a_warning(self):
        for page in self.PAGES:
            said = run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z",
                       REPOSITORY / "systemd" / page,
                       env={**os.environ, "MANROFFSEQ": "", "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
            self.assertTrue(said.startswith("x T utf8"), said[:1000])  # nothing comes before

    def test_every_command_is_described(self):
        described = set(re.findall(r"^\.It Cm ([\w-]+)", (REPOSITORY / "systemd/partywall.8").read_text(),
                                   re.M))
        self.assertEqual(described, commands())


class CommandLine(unittest.TestCase):
    def test_the_version_is_the_changelogs(self):
        first = (REPOSITORY / "systemd/debian/changelog").read_text().splitlines()[0]
        version = re.match(r"partywall \(([\d.]+)\)", first)[1]
        self.assertEqual(run(BINARY, "--version"), f"partywall {version}\n")

    def test_the_schema_has_room_for_no_release_but_this_one_and_the_one_before(self):
        changelog = (REPOSITORY / "systemd/debian/changelog").read_text()
        releases = re.findall(r"^partywall \(([\d.]+)\)", changelog, re.M)
        oldest = re.search(r"^oldest *:= *(\S+)$", (REPOSITORY / "Makefile").read_text(), re.M)[1]
        self.assertIn(oldest, releases[:2])

    def test_the_default_configuration_is_the_one_that_is_installed(self):
        self.assertIn("/etc/partywall/partywall.conf", run(BINARY, "serve", "--help"))

    def test_completion_knows_commands_and_options(self):
        def complete(*words):
            return run("bash", "-c", 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))\n'
                       '_partywall; printf "%s\\n" "${COMPREPLY[@]}"', "bash",
                       root / "usr/share/bash-completion/completions/partywall", *words).split()
        self.assertEqual(set(complete(BINARY, "")) - {"-h", "--help", "--version"}, commands())
        self.assertEqual(complete(BINARY, "clea"), ["clean"])
        self.assertEqual(complete(BINARY, "serve", "--c"), ["--config"])
        self.assertEqual(complete(BINARY, "serve", "-c", "/etc/host"),
                         complete(BINARY, "serve", "--config", "/etc/host"))
        self.assertIn("/etc/hostname", complete(BINARY, "serve", "-c", "/etc/host"))


def commands():
    text = run(BINARY, "--help").partition("Subcommands:")[2]
    return set(re.findall(r"^  ([a-z][a-z-]*)", text, re.M))


if __name__ == "__main__":
    unittest.main()
