"""tests/api/support.py — stacks, shared ones and one's own, and their processes.

The runner says in PARTYWALL_* variables where its stack is (the keys of STATE/env, tests/stack.sh).
A test that stops or kills something starts a stack, or an application, of its own.
"""
import atexit
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from client import Client, FastCgi
from ports import free_port

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / "tests/stack.sh"
GUARD = 'read -r _; kill -CONT $(cat "$1"/run/*.pid); "$0" down "$1"; rm -rf -- "$1"'
READER = "change reader"  # as the process calls itself
BINARY = os.environ.get("PARTYWALL_BINARY", REPOSITORY / "build/partywall")


def eventually(condition, what, seconds=10):
    """Polls until `condition` holds and returns its value; fails when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


# ---- processes -----------------------------------------------------------------------------------

def stat_of(pid):
    """State letter and parent of a process; None when there is none."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], int(fields[1])


def is_alive(pid):
    stat = stat_of(pid)
    return stat is not None and stat[0] not in "ZX"


def children(pid):
    """The pids of a process's children that are alive."""
    pids = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    return {each for each in pids if (stat_of(each) or ("Z", 0))[1] == pid and is_alive(each)}


def name_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return None


def workers_of(master):
    return {pid for pid in children(master) if name_of(pid) != READER}


# What a test starts ends with it, also when it is told to end early (unittest stops for this
# exception only).
signal.signal(signal.SIGTERM, signal.default_int_handler)


class Pool:
    """The master and its workers. Subclasses know the master's pid and where the log is."""

    def workers(self):
        return workers_of(self.master())

    def change_reader(self):
        """The process that reads what changed; None while it is missing."""
        return next((pid for pid in children(self.master()) if name_of(pid) == READER), None)

    def full(self):
        """The workers, or nothing while one is missing."""
        workers = self.workers()
        return workers if len(workers) == self.size else set()

    def log(self):
        return self.log_path.read_text(errors="replace")

    def status(self):
        """What `partywall status` says."""
        return json.loads(subprocess.run([BINARY, "status", "--json", "-c", self.config], check=True,
                                         stdout=subprocess.PIPE).stdout)

    def metrics(self):
        text = FastCgi(self.socket).ask("GET", "/metrics").text
        return {name: float(value) for name, value in
                (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))}


class Stack(Pool):
    """MariaDB, the pool and nginx, as tests/stack.sh starts them."""

    def __init__(self, env):
        self.env = env
        self.state = pathlib.Path(env["CONFIG"]).parent
        self.socket, self.config = env["APP_SOCKET"], pathlib.Path(env["CONFIG"])
        self.log_path, self.port = pathlib.Path(env["APP_LOG"]), int(env["PORT"])
        self.size = int(env["WORKERS"]) or 2 * os.cpu_count()

    @classmethod
    def shared(cls):
        """The one that the runner has started."""
        prefix = "PARTYWALL_"
        return cls({key[len(prefix):]: value for key, value in os.environ.items()
                    if key.startswith(prefix)})

    @classmethod
    def own(cls, workers=2):
        """One to be disturbed, with a private database; gone when the program ends."""
        state = pathlib.Path(tempfile.mkdtemp(prefix="partywall-test."))
        # Ends it when our end of the pipe closes, so also when this process is killed.
        guard = subprocess.Popen(["bash", "-c", GUARD, SCRIPT, state], stdin=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, start_new_session=True)
        atexit.register(guard.communicate)
        run_script("up", state, free_port(), workers, BINARY)
        lines = (state / "env").read_text().splitlines()
        return cls({key: value.strip("'") for key, _, value in (x.partition("=") for x in lines)})

    def do(self, action):
        """db-stop, db-start, app-stop, app-start, events-stop or events-start."""
        run_script(action, self.state)
        if action == "app-start":  # the socket is there a moment before it is listened on
            eventually(lambda: self.client().get("/healthz").status == 200, "an answer")

    def pid(self, name):
        return int((self.state / f"run/{name}.pid").read_text())

    def master(self):
        return self.pid("partywall")

    def settings(self, database=None, **changes):
        """The text of the configuration with some keys changed. `database` says where that is: the
        path of its socket, or the keys in place of that."""
        text = self.config.read_text()
        if database:
            keys = database if isinstance(database, dict) else {"socket": str(database)}
            place = "\n".join(f"{key} = {json.dumps(value)}" for key, value in keys.items())
            text = re.sub(r"(\[database\]\n)(socket = .*|host = .*\nport = .*)",
                          lambda found: found[1] + place, text)
        for key, value in changes.items():
            # Both sections have a socket: the server's comes first.
            text, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {json.dumps(value)}", text, count=1)
            assert found, f"tests/stack.sh writes no {key}"
        return text

    def client(self):
        return Client(self.port)

    def sql(self, statements, account="DB"):
        """A process of the database's client, running `statements` as the DB or OWNER account."""
        env = self.env
        to = ["--socket", env["DB_SOCKET"]] if env["DB_SOCKET"] else \
            ["--protocol", "tcp", "--host", env["DB_HOST"], "--port", env["DB_PORT"]]
        secret = pathlib.Path(env[f"{account}_PASSWORD_FILE"]).read_text().strip()
        process = subprocess.Popen(
            ["mariadb", "--no-defaults", *to, "--user", env[f"{account}_USER"], "--batch",
             "--unbuffered", "--skip-column-names", env["DB_NAME"]],
            env=os.environ | {"MYSQL_PWD": secret}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write(statements)
        process.stdin.flush()
        return process

    def as_owner(self, statements, database=None):
        """The lines that statements answer, as the account of the migrations."""
        use = f"USE `{database}`;\n" if database else ""
        with self.sql(use + statements, "OWNER") as process:
            process.stdin.close()
            lines = process.stdout.read().splitlines()
        assert process.returncode == 0, statements
        return lines

    def type_in(self, *words, config=None, stdin=""):
        """Runs a command of the program: its exit status, and what it printed on each output."""
        done = subprocess.run([self.env["BINARY"], *words, "-c", config or self.config], text=True,
                              input=stdin, capture_output=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def as_root(self, statements):
        """The lines of statements that only the server's owner may run; on a private database."""
        return subprocess.run(["mariadb", "--no-defaults", "--socket", self.env["DB_SOCKET"],
                               "--skip-column-names"], input=statements, text=True, check=True,
                              stdout=subprocess.PIPE).stdout.splitlines()

    def query(self, statement):
        """The lines that a statement answers."""
        with self.sql(statement + ";\n") as process:
            process.stdin.close()
            return process.stdout.read().splitlines()


def run_script(action, state, *args):
    env = {key: value for key, value in os.environ.items() if not key.startswith("MYSQL")}
    done = subprocess.run([SCRIPT, action, state, *map(str, args)], env=env, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise AssertionError(f"stack.sh {action}: {done.stdout}")


class App(Pool):
    """A master with a socket of its own, on the database of a stack; without nginx."""

    def __init__(self, stack, folder=None, env=None, listener=None, is_another_host=False, **changes):
        """`env`: more of it. `listener`: a socket that is handed over, as systemd does."""
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="partywall-app."))
        self.socket, self.log_path = str(self.folder / "app.sock"), self.folder / "log"
        self.config = self.folder / "partywall.toml"
        text = stack.settings(**{"workers": 2, "socket": self.socket, **changes})
        if is_another_host:  # whose streams are not this one's
            text = text.replace(stack.env["EVENTS_SOCKET"], str(self.folder / "events.sock"))
        self.config.write_text(text)
        self.size = changes.get("workers", 2)
        self.env = {**os.environ, **(env or {})}
        self.handed = (listener.fileno(),) if listener else ()
        self.command = ["setpriv", "--pdeathsig", "TERM", stack.env["BINARY"], "serve", "-c",
                        self.config]
        if listener:
            self.command = ["bash", "-c", 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&"$0"',
                            str(listener.fileno()), *self.command]
        self.start()

    def start(self):
        with self.log_path.open("w") as log:
            self.process = subprocess.Popen(self.command, env=self.env, pass_fds=self.handed,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def __enter__(self):
        # The socket file may be there already, of a dead master: only the log tells.
        eventually(lambda: "serving" in self.log() or self.process.poll() is not None, "a start")
        eventually(self.full, "workers")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):  # workers that outlived it
            with contextlib.suppress(OSError):
                if bytes(self.config) in path.read_bytes():
                    os.kill(int(path.parent.name), signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def master(self):
        return self.process.pid


class Hammer:
    """Threads that send one request after the other, and collect what fails."""

    def __init__(self, ask, threads=4):
        self.ask, self.stopping = ask, threading.Event()
        self.done, self.failures = 0, []
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(threads)]

    def run(self):
        while not self.stopping.is_set():
            try:
                answer = self.ask()
                problem = answer if answer.status not in (200, 201) else None
            except OSError as error:
                problem = error
            self.done += 1
            if problem:
                self.failures.append(problem)

    def go_on(self, count=20):
        """Waits until so many more were answered."""
        done = self.done
        eventually(lambda: self.done > done + count, "requests under way", seconds=60)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.go_on()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
