"""tests/bench/large.py — an installation with one large company, and an operator's commands on it."""
import contextlib
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import uuid

import grow
import seed
from stack import Stack

PEOPLE, AT_ONCE = 199, 100_000


def peak_kib(pid):
    """The most memory that a process had since it began its program; 0: it has ended."""
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) if found else 0
    return 0


class Installation(Stack):
    def __init__(self, folder, build, stop):
        folder.mkdir()
        super().__init__(folder, build, 2, stop)
        self._program = build / "partywall"

    def check_whole(self):
        """Of a company that came from elsewhere: all is right, but that nobody was let in yet."""
        text = self.do("check there", "check", status=1)
        if "findings: 1\n" not in text or "no admin who can log in" not in text:
            sys.exit(f"bench: partywall check: {text}")

    def do(self, what, *words, status=0):
        """Runs a command of the operator, and prints what it took; answers what it printed."""
        start = time.monotonic()
        with tempfile.TemporaryFile() as printed:
            child = subprocess.Popen([self._program, *words, "-c", self.env["CONFIG"]], stdin=subprocess.DEVNULL,
                                     stdout=printed, stderr=printed)
            most_kib = 0
            while child.poll() is None:
                most_kib = max(most_kib, peak_kib(child.pid))
                time.sleep(0.01)
            seconds = time.monotonic() - start
            printed.seek(0)
            text = printed.read().decode()
        if child.returncode != status:
            sys.exit(f"bench: partywall {' '.join(map(str, words))}: {text}")
        print(f"{what:48}{seconds:8.1f} s{most_kib / 1024:8.1f} MiB", flush=True)
        return text


def fill(installation, messages):
    """One company; answers its id."""
    session = "SET foreign_key_checks = 0, unique_checks = 0;"
    installation.sql(session + grow.companies_sql(grow.LARGE, grow.LARGE, PEOPLE))
    for start in range(0, messages, AT_ONCE):
        last = min(start + AT_ONCE, messages) - 1
        installation.sql(session + grow.messages_sql(f"seq_{grow.LARGE}_to_{grow.LARGE}", start, last, PEOPLE)
                         + seed.ADD_TO_CONVERSATIONS.format(added=grow.added_sql(grow.LARGE, grow.LARGE, start, last)))
    installation.sql(session + seed.SUM_UP)
    return str(uuid.UUID(bytes=grow.company_id(grow.LARGE)))
