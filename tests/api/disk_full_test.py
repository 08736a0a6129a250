#!/usr/bin/env python3
"""tests/api/disk_full_test.py — the database has no room: for its rows, for what it sorts, for its binary log."""
import contextlib
import os
import pathlib
import resource
import shutil
import subprocess
import unittest
import uuid

from support import SCRIPT, Stack, eventually

USERS, MESSAGES, ME = "/api/v1/accounts/users/", "/api/v1/user-messages/", "/api/v1/auth/me"
MEGABYTE, LONG = 1 << 20, "x" * 60000
NO_ROOM = "the database is full"
SORTED, BINARY_LOG = "sorted", "binary-log"  # folders of the database, each a file system that can be filled
SETTINGS = """[mariadbd]
innodb_log_file_size = 8M
tmpdir = {state}/sorted
log_bin = {state}/binary-log/log
server_id = 1
binlog_format = ROW
max_binlog_size = 1M
"""
# MariaDB with these file systems, which nobody else sees and which end with it; for an ordinary user, too.
MARIADBD = """#!/bin/sh
[ "$(id -u)" = 0 ] || own='--user --map-current-user --keep-caps'
exec unshare $own --mount sh -ec '
  for each in sorted binary-log; do mount -t tmpfs -o size=48m tmpfs "{state}/$each"; done
  exec {program} "$@"' sh "$@"
"""


def setUpModule():
    global stack, client
    stack = Stack.own(workers=1)
    stack.do("db-stop")
    for name in (SORTED, BINARY_LOG, "bin"):
        (stack.state / name).mkdir()
    (stack.state / "my.cnf.d/full.cnf").write_text(SETTINGS.format(state=stack.state))
    path = os.environ["PATH"]
    program = stack.state / "bin/mariadbd"
    program.write_text(MARIADBD.format(state=stack.state, program=shutil.which(program.name, path=f"{path}:/usr/sbin")))
    program.chmod(0o755)
    # Python ignores the signal of a file that may not grow, which the database has to meet as others do.
    subprocess.run([SCRIPT, "db-start", stack.state], check=True, capture_output=True, restore_signals=False,
                   env={**os.environ, "PATH": f"{program.parent}:{path}"})
    eventually(lambda: stack.client().get("/readyz").status == 200, "the database")
    client = stack.client().sign_up()


@contextlib.contextmanager
def without_room(name):
    """That folder of the database's is full, until the end of the block."""
    filler = pathlib.Path(f"/proc/{stack.pid('mariadbd')}/root{stack.state}/{name}/filler")
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    try:
        yield
    finally:
        filler.unlink()


def write(text="x", key=None):
    return client.post(MESSAGES, {"to_user": client.colleague["url"], "text": text},
                       {"Idempotency-Key": key} if key else None)


def count():
    return int(stack.as_owner("SELECT COUNT(*) FROM user_messages;")[0])


class DiskFull(unittest.TestCase):
    def assert_unavailable(self, answer):
        self.assertEqual(answer.status, 503, answer.body)
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)

    def assert_whole(self, messages):
        self.assertEqual(count(), messages)
        self.assertEqual(stack.type_in("check"), (0, "all is well; companies: 1\n", ""))

    def assert_reads_go_on(self, *more):
        for path in (USERS, MESSAGES, MESSAGES + "?order=-date", MESSAGES + "?q=x", ME, "/api/v2/conversations/",
                     "/healthz", *more):
            self.assertEqual(client.get(path).status, 200, path)

    def test_of_the_tables_refuses_what_writes_with_nothing_half_written_and_goes_on_with_the_rest(self):
        database, before = stack.pid("mariadbd"), count()
        # No file may grow beyond a size, which the database meets like a disk without room.
        resource.prlimit(database, resource.RLIMIT_FSIZE, (16 * MEGABYTE, resource.RLIM_INFINITY))
        written = 0
        while (answer := write(LONG)).status == 201 and written < 1000:
            written += 1
        self.assert_unavailable(answer)
        self.assertIn(NO_ROOM, stack.log())
        self.assert_unavailable(client.get("/readyz"))
        self.assert_reads_go_on()
        self.assertEqual(count(), before + written)
        resource.prlimit(database, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        self.assertEqual(write(LONG).status, 201)
        self.assertEqual(client.get("/readyz").status, 200)
        self.assert_whole(before + written + 1)

    def test_of_what_is_sorted_fails_no_request_and_ends_a_command_that_may_be_typed_again(self):
        before = count()
        with without_room(SORTED):
            self.assert_reads_go_on("/readyz")
            self.assertEqual(write().status, 201)
            for words in (("check",), ("clean",), ("migrate",)):
                status, _, said = stack.type_in(*words)
                self.assertEqual((words, status), (words, 75), said)
                self.assertIn(NO_ROOM, said)
        for words in (("clean",), ("migrate",)):
            self.assertEqual(stack.type_in(*words)[0], 0, words)
        self.assert_whole(before + 1)

    def test_of_the_binary_log_lets_what_writes_wait_and_is_over_within_a_minute_of_there_being_room(self):
        before, once = count(), (LONG, str(uuid.uuid4()))
        with without_room(BINARY_LOG):
            self.assert_unavailable(write(*once))
            self.assertIn("Waiting for someone to free space", stack.as_root(
                "SELECT state FROM information_schema.processlist WHERE info = 'COMMIT'"))
            self.assert_reads_go_on()
            self.assertEqual(count(), before)
        # What waited is written, and is not written again.
        eventually(lambda: write(*once).status == 200, "an end of the wait", seconds=90)
        self.assert_whole(before + 1)


if __name__ == "__main__":
    unittest.main()
