#!/usr/bin/env python3
"""tests/package_test.py — the package on a clean Debian of this machine's release, with its systemd: the
section on installing, word for word, then an upgrade with a long migration, removal and purge.
`make package-test` runs it, as root.

  tests/package_test.py BUILD    a folder with deb/partywall_*.deb in it
"""
import contextlib
import glob
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import later_release
from chapters import commands
from debian_tree import BOOT, Tree, run, this_release

BLOCKS = commands("systemd/README.md", "Installing on a host")
# HTTP/1.1, because nginx's own reload ends an HTTP/2 connection that has not asked for anything yet.
LOAD = """
touch /srv/load
systemd-run --quiet --unit=load bash -c 'while [ -e /srv/load ]; do
  curl -sS --http1.1 --cacert /etc/ssl/certs/partywall.pem \
    --resolve chat.example.org:443:127.0.0.1 -o /dev/null \
    -w "%{http_code} after %{time_total} s\\n" https://chat.example.org/readyz; done >/srv/answers 2>&1'
"""
# A migration that takes longer than nginx waits for an answer.
SLOW = "DO SLEEP(45)"
ONE_LINE_EACH = """
curl -sS --cacert /etc/ssl/certs/partywall.pem --resolve chat.example.org:443:127.0.0.1 --parallel \
  -o /dev/null 'https://chat.example.org/api/v1/accounts/users/?line=[1-15000]' 2>/dev/null
"""
SIGN_UP = """
curl -sS --cacert /etc/ssl/certs/partywall.pem --resolve chat.example.org:443:127.0.0.1 \
  https://chat.example.org/api/v1/%s -w '\\n%%{http_code}' -H 'Content-Type: application/json' -d '%s'
"""
USER = '{"username": "ann", "password": "Faced-0483-Bead!"}'


def eventually(condition, what, seconds=120):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)
    return value


class Host(Tree):
    """Booted, without a network; what it is to install was fetched before."""

    def __init__(self, package):
        self.process = None
        super().__init__(this_release(), ["systemd-sysv", "ca-certificates"])
        for name in ("first", "second"):
            (self.path / "srv" / name).mkdir()
        shutil.copy(package, self.path / "srv/first")
        self.newer(package)
        words = BLOCKS[0].replace("apt-get install", "").split()
        with self.proc():
            chroot = ("chroot", self.path, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-ec")
            run(*chroot, "apt-get -q update; cd /srv/first; "
                         f"apt-get -q install --download-only {' '.join(words)}")

    def newer(self, package):
        """The package of the release after this one, whose migration is slow and whose default
        configuration has changed."""
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as sources:
            run("dpkg-deb", "-R", package, folder)
            shutil.copy(later_release.build(pathlib.Path(sources), pathlib.Path(build).resolve(), SLOW),
                        pathlib.Path(folder, "usr/bin/partywall"))
            version = f"Version: {later_release.VERSION}"
            for name, old, new in (("DEBIAN/control", r"(?m)^Version: .*$", version),
                                   ("etc/partywall/partywall.conf", r"\Z", "# Newer.\n")):
                path = pathlib.Path(folder, name)
                path.write_text(re.sub(old, new, path.read_text(), count=1))
            run("dpkg-deb", "--root-owner-group", "-b", folder,
                self.path / "srv/second/partywall_999.0_amd64.deb")

    def boot(self):
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", BOOT, self.path], stdin=subprocess.DEVNULL)
        self.init = eventually(self.first_process, "the first process")
        eventually(lambda: self.state() in ("running", "degraded"), "the end of booting")

    def first_process(self):
        """systemd, once the script has become the unshare that is its parent."""
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        commands = [pathlib.Path(f"/proc/{each}/comm").read_text() for each in children]
        return children[0] if commands == ["systemd\n"] else None

    def state(self):
        with contextlib.suppress(AssertionError):
            return self.do("systemctl is-system-running || true").strip()

    def do(self, script, folder="/srv"):
        """What a root shell on the host says to a script; fails with it."""
        return run("nsenter", f"--target={self.init}", "--mount", "--pid", "--net", "--uts", "--ipc",
                   "--cgroup", "--root", "--wdns=/", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                   "HOME=/srv", "DEBIAN_FRONTEND=noninteractive", "bash", "-euo", "pipefail", "-c",
                   f"cd {folder}\n{script}")

    def close(self):
        if self.process:
            self.process.kill()  # and with it all that it booted
            self.process.wait()
            groups = f"/sys/fs/cgroup/**/partywall-test.{self.process.pid}"
            for group in glob.glob(groups, recursive=True):
                eventually(lambda: self.is_removed(group), "the end of all processes")
        super().close()

    def is_removed(self, group):
        with contextlib.suppress(OSError):  # busy while a process in it ends
            for folder, _, _ in os.walk(group, topdown=False):
                os.rmdir(folder)
            return True


def setUpModule():
    global host
    host = Host(*pathlib.Path(build).glob("deb/partywall_*.deb"))
    host.boot()


def ask(path, body):
    """The status of a request to the site from the host itself."""
    return int(host.do(SIGN_UP % (path, body)).splitlines()[-1])


class Package(unittest.TestCase):
    """In this order, on one host."""

    def test_1_the_section_leads_from_the_package_to_a_running_site(self):
        install, database, site, start, streams, reload, key, upgrade = BLOCKS
        host.do(install, "/srv/first")
        self.assertEqual(host.do("systemctl is-active partywall || true").strip(), "inactive")
        self.assertEqual(host.do("stat -c '%U %a' /etc/partywall/credentials"
                                 " /etc/partywall/credentials/*").splitlines(),
                         ["root 700"] + ["root 600"] * 6)
        host.do(database)
        host.do(site)
        said = host.do(start)
        self.assertIn("active (running)", said)
        self.assertRegex(said, r"Serving with \d+ workers")
        self.assertEqual(host.do("stat -c '%U %G %a' /run/partywall/partywall.sock").strip(),
                         "partywall www-data 660")
        account = '{"company": {"name": "Acme", "address": ""}, "user": %s}' % USER
        self.assertEqual(ask("accounts/", account), 201)
        self.assertEqual(ask("auth/login/", USER), 200)
        # What is typed on the host finds the secrets and the socket too.
        self.assertIn("Acme", host.do("partywall company list"))
        # What expires is deleted by night, by a unit that can do no more than that.
        self.assertEqual(host.do("systemctl is-active partywall-clean.timer").strip(), "active")
        host.do("systemctl start partywall-clean.service")
        self.assertIn("sessions", host.do("journalctl -u partywall-clean --no-pager"))
        self.assertEqual(host.do("systemctl is-active partywall-exports.timer").strip(), "active")
        host.do("systemctl start partywall-exports.service")
        self.assertEqual(host.do("stat -c '%U %G %a' /var/lib/partywall/exports").strip(), "partywall www-data 2710")
        self.assertEqual(json.loads(host.do("partywall status --json"))["workers"], self.workers())

        metrics = host.do("curl -sS --cacert /etc/ssl/certs/partywall.pem https://chat.example.org/metrics"
                          " --resolve chat.example.org:443:127.0.0.1")
        self.assertIn("\npartywall_queue_length 0\n", metrics)

        # Streams of events, by a process that reaches nothing, once nginx has room for them.
        self.assertIn("worker_connections is 768", host.do("partywall check-config"))
        host.do(streams)
        self.assertNotIn("worker_", host.do("partywall check-config"))
        self.assertIn(": welcome", host.do(
            "curl -sSN --max-time 3 --cacert /etc/ssl/certs/partywall.pem -u 'ann:Faced-0483-Bead!'"
            " --resolve chat.example.org:443:127.0.0.1 https://chat.example.org/api/v2/events/ || true"))
        self.assertEqual(host.do("stat -c '%U %G %a' /run/partywall/events.{sock,changes,board}").splitlines(),
                         ["partywall www-data 660", "partywall partywall 600", "partywall partywall 600"])

        host.do(LOAD)
        pid = host.do("systemctl show -P MainPID partywall")
        self.assertIn("is fine", host.do(reload))
        self.assertEqual(host.do("systemctl show -P MainPID partywall"), pid)
        host.do(key)
        socket = host.do("systemctl show -P ActiveEnterTimestampMonotonic partywall.socket")
        pid = host.do("systemctl show -P MainPID partywall")
        host.do(upgrade, "/srv/second")
        self.assertEqual(host.do("dpkg-query -W -f '${Version}' partywall"), later_release.VERSION)
        self.assertRegex(host.do("partywall migrate status"), r"_later +applied")
        self.assertNotEqual(host.do("systemctl show -P MainPID partywall"), pid)
        self.assertEqual(host.do("systemctl show -P ActiveEnterTimestampMonotonic partywall.socket"),
                         socket)
        self.assertIn("chat.example.org", host.do("cat /etc/partywall/partywall.conf"))
        self.assertEqual(ask("auth/login/", USER), 200)
        host.do("rm /srv/load; while systemctl -q is-active load; do sleep 0.1; done")
        answers = host.do("cat /srv/answers").splitlines()
        self.assertGreater(len(answers), 20)
        self.assertEqual([(number, each) for number, each in enumerate(answers)
                          if not each.startswith("200 ")], [],
                         host.do("journalctl -u partywall -u partywall-migrate -p warning --no-pager"))

    def workers(self):
        return int(re.search(r"\d+", host.do("systemctl show -P StatusText partywall"))[0])

    def test_2_a_master_that_hangs_is_replaced(self):
        pid = host.do("systemctl show -P MainPID partywall").strip()
        self.assertGreater(int(pid), 1)
        host.do(f"kill -STOP {pid}")
        eventually(lambda: host.do("systemctl show -P NRestarts partywall").strip() == "1", "a restart")
        eventually(lambda: host.do("systemctl is-active partywall || true").strip() == "active",
                   "its return")
        self.assertEqual(ask("auth/login/", USER), 200)

    def test_3_a_pool_of_an_older_release_is_stopped_for_the_migrations(self):
        def since_boot(unit, moment):
            return int(host.do(f"systemctl show -P {moment}TimestampMonotonic {unit}"))
        host.do("/var/lib/dpkg/info/partywall.postinst configure 0.5.0")
        self.assertLess(since_boot("partywall", "InactiveEnter"),
                        since_boot("partywall-migrate", "ExecMainStart"))
        self.assertLess(since_boot("partywall-migrate", "ExecMainExit"),
                        since_boot("partywall", "ExecMainStart"))

    def test_4_a_schema_that_cannot_be_migrated_leaves_the_pool_as_it_is(self):
        pid = host.do("systemctl show -P MainPID partywall")
        host.do("mariadb partywall -e \"UPDATE schema_migrations SET checksum = 'x' WHERE number = 1\"")
        said = host.do("/var/lib/dpkg/info/partywall.postinst configure 999.0 2>&1 || true")
        self.assertIn("the schema is not migrated", said)
        self.assertEqual(host.do("systemctl show -P MainPID partywall"), pid)
        self.assertEqual(host.do("systemctl show -P ActiveState partywall-migrate").strip(), "failed")
        self.assertEqual(ask("auth/login/", USER), 200)

    def test_5_the_migrations_wait_for_a_database_that_is_away(self):
        host.do("mariadb -e 'DROP DATABASE partywall; CREATE DATABASE partywall CHARACTER SET utf8mb4';"
                "systemctl stop mariadb; systemctl restart --no-block partywall")
        eventually(lambda: host.do("systemctl show -P SubState partywall-migrate").strip() ==
                   "auto-restart", "a try without a database")
        host.do("systemctl start mariadb")
        eventually(lambda: host.do("systemctl is-active partywall || true").strip() == "active",
                   "a migrated schema")
        account = '{"company": {"name": "Acme", "address": ""}, "user": %s}' % USER
        self.assertEqual(ask("accounts/", account), 201)

    def test_6_the_journal_has_a_line_for_every_request_under_load(self):
        before = host.do("journalctl --sync; journalctl -u partywall -o cat --no-pager | wc -l")
        host.do(ONE_LINE_EACH)
        after = host.do("journalctl --sync; journalctl -u partywall -o cat --no-pager | wc -l")
        self.assertGreaterEqual(int(after) - int(before), 15000)
        self.assertNotIn("Suppressed", host.do("journalctl -u systemd-journald -o cat --no-pager"))

    def test_7_a_removal_keeps_what_people_made_and_a_return_finds_it(self):
        def kept():
            return host.do("sha256sum /etc/partywall/partywall.conf /etc/partywall/credentials/*;"
                           "mariadb -N partywall -e 'SELECT username FROM identities'")
        before = kept()
        host.do("apt-get remove partywall")
        self.assertEqual(host.do("ls /usr/bin/partywall /run/partywall/partywall.sock 2>/dev/null ||"
                                 " systemctl is-active partywall partywall.socket partywall-events || true").split(),
                         ["inactive"] * 3)
        self.assertEqual(kept(), before)
        host.do("apt-get install ./partywall_*.deb; systemctl start partywall", "/srv/second")
        self.assertEqual(kept(), before)
        self.assertEqual(ask("auth/login/", USER), 200)

    def test_8_a_purge_leaves_the_database_alone(self):
        host.do("apt-get purge partywall")
        left = host.do("find / -xdev -name '*partywall*' -not -path '/srv/*' -not -path '/proc/*'"
                       " -not -path '/sys/*' -not -path '/var/lib/mysql/*' -not -path '/tmp/*'").split()
        self.assertEqual([path for path in left if path not in
                          ("/etc/ssl/certs/partywall.pem", "/etc/ssl/private/partywall.key")], [])
        self.assertEqual(host.do("mariadb -N partywall -e 'SELECT username FROM identities'"), "ann\n")
        host.do("nginx -t && systemctl reload nginx")


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("package-test: it makes a Debian tree and boots it, so it has to be root")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    build = sys.argv.pop(1)
    unittest.main(verbosity=2, failfast=True)
