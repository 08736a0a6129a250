"""tests/bench/stack.py — what `make bench` and `make bench-scale` measure: a private stack, its rows, the floor."""

import contextlib
import json
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import seed

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.append(str(REPO / "tests/api"))
from ports import free_port  # noqa: E402


def children(pid):
    return [int(pid) for pid in
            pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextlib.contextmanager
def running(*command, **options):
    """Out of a Ctrl-C's reach, which is for this script alone; but it never outlives this script."""
    process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *map(str, command)],
                               start_new_session=True, stdin=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


class Stack:
    """A private MariaDB, pool and nginx. The floor's pool is behind the same nginx, on a port of its
    own, with the same configuration. `stop` ends what is started here."""

    def __init__(self, state, build, workers, stop):
        self.state, self.workers = state, workers
        self.port, self.floor_port = free_port(), free_port()
        self._questions = 0
        script = stop.enter_context(running(
            REPO / "tests/stack.sh", "run", state, self.port, workers, build / "partywall",
            stdout=subprocess.PIPE, text=True))
        if not any(line.startswith("Partywall is at") for line in script.stdout):
            sys.exit("bench: the stack did not start")
        self.env = dict(pair.split("=", 1) for pair in shlex.split((state / "env").read_text()))
        self.url = self.env["URL"]
        self.host = self.url.removeprefix("http://")
        self.master = int((state / "run/partywall.pid").read_text())

    def fill(self, build, stop):
        """Writes the rows of `make bench`, and starts the floor."""
        self.seed = seed.Seed(self.sign_up())
        self.sql("".join(self.seed.sql()))
        self._floor = self._start_floor(build, stop)

    def sign_up(self):
        """Makes a first account, and answers its password's hash."""
        body = {"company": {"name": "First", "address": "1 Main St"},
                "user": {"username": "first", "password": seed.PASSWORD}}
        urllib.request.urlopen(urllib.request.Request(
            self.url + "/api/v1/accounts/", json.dumps(body).encode(),
            {"Content-Type": "application/json"})).close()
        return self.sql("SELECT password_hash FROM identities")[0][0]

    def _start_floor(self, build, stop):
        fcgi_socket = self.env["RUN_DIR"] + "/floor.sock"
        floor = stop.enter_context(running(
            build / "floor", fcgi_socket, self.workers, self.env["DB_SOCKET"], self.env["DB_NAME"],
            self.env["DB_USER"], self.env["DB_PASSWORD_FILE"], self.url))
        folder = self.state / "nginx"
        for name in ("locations", "fastcgi"):
            text = (folder / f"snippets/{name}_partywall.conf").read_text()
            text = text.replace("fastcgi_pass partywall;", "fastcgi_pass floor;")
            text = text.replace("fastcgi_partywall.conf", "fastcgi_floor.conf")
            (folder / f"snippets/{name}_floor.conf").write_text(text)
        text = (folder / "nginx.conf").read_text().rstrip().removesuffix("}")
        (folder / "nginx.conf").write_text(text + f"""
  upstream floor {{
    server "unix:{fcgi_socket}";
  }}
  server {{
    listen 127.0.0.1:{self.floor_port};
    keepalive_requests 100000;
    include snippets/locations_floor.conf;
  }}
}}
""")
        nginx = int((self.state / "run/nginx.pid").read_text())
        before = set(children(nginx))
        os.kill(nginx, signal.SIGHUP)
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.floor_port)).close()
                if before.isdisjoint(children(nginx)):
                    return floor.pid
            time.sleep(0.05)
        sys.exit("bench: nginx does not listen for the floor")

    def sql(self, text):
        """Runs statements as the owner account; answers the rows, cut at tabs."""
        done = subprocess.run(
            ["mariadb", "--no-defaults", "--batch", "--skip-column-names",
             "--socket=" + self.env["DB_SOCKET"], "--user=" + self.env["OWNER_USER"],
             self.env["DB_NAME"]],
            input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ,
                 "MYSQL_PWD": pathlib.Path(self.env["OWNER_PASSWORD_FILE"]).read_text().strip()})
        if done.returncode != 0:
            sys.exit("bench: " + done.stderr[-300:])
        return [line.split("\t") for line in done.stdout.splitlines()]

    def status(self, name):
        """One of the database's own counters."""
        return int(self.sql(f"SHOW GLOBAL STATUS LIKE '{name}'")[0][1])

    def answered(self):
        """How many requests the product's pool has answered, our own not counted. Waits until it is
        idle: wrk forgets what is under way at its end, the pool does not."""
        while True:
            with urllib.request.urlopen(self.url + "/metrics") as answer:
                metrics = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines())
            count = int(metrics["partywall_request_duration_seconds_count"]) - self._questions
            self._questions += 1
            if metrics["partywall_workers_busy"] == "1":  # with this question
                return count
            time.sleep(0.05)

    def pool(self, floor):
        """The processes that serve."""
        reader = "change reader"  # which serves nobody
        return [pid for pid in children(self._floor if floor else self.master)
                if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() != reader]

    def others(self):
        """The database and nginx."""
        database, nginx = (int((self.state / f"run/{name}.pid").read_text())
                           for name in ("mariadbd", "nginx"))
        return [database, nginx, *children(nginx)]
