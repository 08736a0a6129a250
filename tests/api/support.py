"""tests/api/support.py — what the tests of the running program share: stacks, clients, processes.

The runner says in PARTYWALL_* variables where its stack is (the keys of STATE/env, tests/stack.sh).
"""
import atexit
import collections
import http.client
import io
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import uuid

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("PARTYWALL_BINARY", REPOSITORY / "build/partywall")
PASSWORD = "Faced-0483-Bead!"
JSON = "application/json"


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


# What a test starts ends with it, also when it is told to end before.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


class Pool:
    """The master and its workers. Subclasses know the master's pid and where the log is."""

    def workers(self):
        return children(self.master())

    def full(self):
        """The workers, or nothing while one is missing."""
        workers = self.workers()
        return workers if len(workers) == self.size else set()

    def log(self):
        return self.log_path.read_text(errors="replace")

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
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        atexit.register(shutil.rmtree, state, ignore_errors=True)
        atexit.register(run_script, "down", state)
        run_script("up", state, port, workers, BINARY)
        lines = (state / "env").read_text().splitlines()
        return cls({key: value.strip("'") for key, _, value in (x.partition("=") for x in lines)})

    def do(self, action):
        """db-stop, db-start, app-stop or app-start."""
        run_script(action, self.state)

    def pid(self, name):
        return int((self.state / f"run/{name}.pid").read_text())

    def master(self):
        return self.pid("partywall")

    def settings(self, **changes):
        """The text of the configuration with some keys changed."""
        text = self.config.read_text()
        for key, value in changes.items():
            # Both sections have a socket: the server's comes first.
            text = re.sub(rf"(?m)^{key} = .*$", f"{key} = {json.dumps(value)}", text, count=1)
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

    def query(self, statement):
        """The lines that a statement answers."""
        with self.sql(statement + ";\n") as process:
            process.stdin.close()
            return process.stdout.read().splitlines()


def run_script(action, state, *args):
    env = {key: value for key, value in os.environ.items() if not key.startswith("MYSQL")}
    done = subprocess.run([REPOSITORY / "tests/stack.sh", action, state, *map(str, args)], env=env, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise AssertionError(f"stack.sh {action}: {done.stdout}")


class App(Pool):
    """A master with a socket of its own, on the database of a stack; without nginx."""

    def __init__(self, stack, folder=None, **changes):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="partywall-app."))
        self.socket, self.log_path = str(self.folder / "app.sock"), self.folder / "log"
        config = self.folder / "partywall.toml"
        config.write_text(stack.settings(**{"workers": 2, "socket": self.socket, **changes}))
        self.size = changes.get("workers", 2)
        with self.log_path.open("w") as log:
            self.process = subprocess.Popen([stack.env["BINARY"], "serve", "--config", config],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def __enter__(self):
        # The socket file may be there already, of a dead master: only the log tells.
        eventually(lambda: "serving" in self.log() or self.process.poll() is not None, "a start")
        eventually(self.full, "workers")
        return self

    def __exit__(self, *_):
        left = self.workers()
        self.process.kill()
        self.process.wait()
        for pid in filter(is_alive, left):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def master(self):
        return self.process.pid


# ---- clients -------------------------------------------------------------------------------------

class Answer(collections.namedtuple("Answer", "status headers body")):
    """A status, the headers as http.client's message, and the bytes of the body."""

    @property
    def text(self):
        return self.body.decode("utf-8")

    def json(self):
        return json.loads(self.text)


def read_answer(connection, method="GET"):
    with http.client.HTTPResponse(connection, method=method) as response:
        response.begin()
        return Answer(response.status, response.headers, response.read())


class Client:
    """A caller through nginx, with the cookies of a browser."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def raw(self, request, method="GET"):
        """Sends bytes as they are; they should ask for the connection to be closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request)
            return read_answer(connection, method)

    def head(self, method, path, *headers):
        """The bytes of a request's head, written by hand, with the cookies and the CSRF token."""
        lines = [f"{method} ".encode() + as_bytes(path) + b" HTTP/1.1",
                 b"Host: 127.0.0.1:%d" % self.port, b"Connection: close"]
        lines += [f"{name}: {value}".encode() for name, value in self.credentials().items()]
        return b"\r\n".join([*lines, *map(as_bytes, headers)]) + b"\r\n\r\n"

    def credentials(self):
        headers = {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        if "csrftoken" in self.cookies:
            headers["X-CSRFToken"] = self.cookies["csrftoken"]
        return headers

    def send(self, method, path, body=None, headers=None, kind=JSON):
        """`body`: bytes or text as they are, anything else as JSON. `headers` win over ours."""
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        ours = self.credentials() | ({"Content-Type": kind} if body is not None else {})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, as_bytes(body), ours | (headers or {}))
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, path, headers=None):
        return self.send("GET", path, headers=headers)

    def post(self, path, body, headers=None, kind=JSON):
        return self.send("POST", path, body, headers, kind)

    def sign_up(self):
        """Makes a company, logs its admin in and adds a colleague; returns self."""
        self.name = "a" + uuid.uuid4().hex[:12]
        user = {"username": self.name, "password": PASSWORD}
        account = self.must(201, self.post(
            "/api/v1/accounts/", {"company": {"name": "Acme", "address": ""}, "user": user}))
        self.company, self.user = account["company"]["id"], account["user"]
        self.must(200, self.post("/api/v1/auth/login/", user))
        self.colleague = self.must(201, self.post(
            "/api/v1/accounts/users/", {**user, "username": "b" + self.name}))
        return self

    @staticmethod
    def must(status, answer):
        assert answer.status == status, answer
        return answer.json()


def as_bytes(text):
    return text.encode() if isinstance(text, str) else text


class FastCgi:
    """A connection to the workers' socket, to say what nginx never would."""

    BEGIN, PARAMS, STDIN = 1, 4, 5

    def __init__(self, path):
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(60)
        self.connection.connect(path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    @staticmethod
    def record(kind, content):
        return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content

    def begin(self, method, uri, length=0, **params):
        """Sends everything but the body. A value of None leaves a parameter away."""
        params = {"REQUEST_METHOD": method, "REQUEST_URI": uri, "CONTENT_TYPE": JSON,
                  "CONTENT_LENGTH": length, "REQUEST_SCHEME": "http", "REMOTE_ADDR": "127.0.0.1",
                  "REQUEST_ID": uuid.uuid4().hex, "HTTP_HOST": "localhost", **params}
        pairs = [(as_bytes(key), as_bytes(value if isinstance(value, bytes) else str(value)))
                 for key, value in params.items() if value is not None]
        text = b"".join(struct.pack(">II", len(key) | 1 << 31, len(value) | 1 << 31) + key + value
                        for key, value in pairs)
        self.connection.sendall(self.record(self.BEGIN, struct.pack(">HB5x", 1, 0)))
        self.stream(self.PARAMS, text)
        self.connection.sendall(self.record(self.PARAMS, b""))

    def stream(self, kind, text):
        for start in range(0, len(text), 65535):
            self.connection.sendall(self.record(kind, text[start:start + 65535]))

    def end(self):
        """Ends the body and returns the answer."""
        self.connection.sendall(self.record(self.STDIN, b""))
        with self.connection.makefile("rb") as stream:
            reply = b""
            while len(header := stream.read(8)) == 8:
                kind, length, padding = struct.unpack(">xBxxHBx", header)
                content = stream.read(length + padding)[:length]
                reply += content if kind == 6 else b""
        head, _, body = reply.partition(b"\r\n\r\n")
        headers = http.client.parse_headers(io.BytesIO(head + b"\r\n\r\n"))
        return Answer(int(headers.get("Status", "0").split()[0]), headers, body)

    def ask(self, method, uri, body=b"", length=None, **params):
        """One whole request; returns its answer. `length` is what is declared of the body."""
        with self:
            self.begin(method, uri, len(body) if length is None else length, **params)
            self.stream(self.STDIN, body)
            return self.end()


