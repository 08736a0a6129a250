"""tests/bench/cost.py — what a request costs in counts that a busy machine does not change: instructions
of the program (callgrind) and its system calls (strace).

A pool of one worker runs under the tool twice, with few requests and with many. The difference is the
requests' alone, without the start and the end.
"""
import contextlib
import json
import pathlib
import re
import subprocess
import sys
import time

from stack import running

from client import FastCgi  # noqa: E402

FEW, MANY = 50, 250
USERS, MESSAGES = "/api/v1/accounts/users/", "/api/v1/user-messages/"
KINDS = ("users", "messages", "message", "post")
FUNCTIONS = 12  # so many are printed


class Cost:
    def __init__(self, stack, build):
        self._stack, self._build = stack, build
        self._socket = pathlib.Path(stack.env["RUN_DIR"]) / "profile.sock"
        self._config = stack.state / "profile.toml"
        text = pathlib.Path(stack.env["CONFIG"]).read_text()
        text = text.replace(stack.env["APP_SOCKET"], str(self._socket))
        self._config.write_text(re.sub(r"(?m)^workers = .*$", "workers = 1", text))

    def _requests(self, kind, count):
        """Method, path, who asks and body of requests of so many people, none of whom asks twice."""
        pairs = [(company[i], company[i + 1]) for i in range(2) for company in self._stack.seed.people]
        for person, other in pairs[:count]:
            if kind == "post":
                body = {"to_user": self._stack.url + other.path, "text": "How many instructions is this?"}
                yield "POST", MESSAGES, person, json.dumps(body).encode()
            else:
                path = {"users": USERS, "messages": MESSAGES, "message": MESSAGES + person.message}[kind]
                yield "GET", path, person, b""

    def _serve(self, wrapper, kind, count):
        """Runs a pool under the tool that `wrapper` starts, until it has answered."""
        with running(*wrapper, self._build / "partywall", "serve", "--config", self._config,
                     stderr=(self._stack.state / "log/profile.log").open("a")):
            deadline = time.monotonic() + 60
            for method, path, person, body in self._requests(kind, count):
                while True:
                    with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
                        pool = FastCgi(str(self._socket))
                        break
                    if time.monotonic() > deadline:
                        sys.exit("bench: no pool under " + wrapper[0])
                    time.sleep(0.01)
                answer = pool.ask(method, path, body, HTTP_HOST=self._stack.host,
                                  HTTP_COOKIE=person.cookies, HTTP_X_CSRFTOKEN=person.csrf)
                if answer.status not in (200, 201):
                    sys.exit(f"bench: {answer.status} for {path} under {wrapper[0]}")

    def system_calls(self, kind):
        """How often a request makes each system call."""
        def counted(count):
            file = self._stack.state / f"strace-{kind}-{count}"
            self._serve(["strace", "-D", "-f", "-c", "-o", file], kind, count)
            deadline = time.monotonic() + 20
            while not file.exists() or " total" not in file.read_text():
                if time.monotonic() > deadline:
                    sys.exit("bench: strace said nothing")
                time.sleep(0.02)
            fields = [line.split() for line in file.read_text().splitlines()[2:]]
            return {each[-1]: int(each[3]) for each in fields
                    if len(each) in (5, 6) and each[3].isdigit() and each[-1] != "total"}
        few, many = counted(FEW), counted(MANY)
        each = {name: (count - few.get(name, 0)) / (MANY - FEW) for name, count in many.items()}
        return {name: round(count, 1) for name, count in sorted(each.items(), key=lambda pair: -pair[1])
                if count >= 0.5}  # the rest is the master's

    def instructions(self, kind):
        """How many instructions a request takes: altogether, and by function, the most first."""
        def counted(count):
            name = f"callgrind-{kind}-{count}"
            self._serve(["valgrind", "-q", "--tool=callgrind",
                         f"--callgrind-out-file={self._stack.state}/{name}.%p"], kind, count)
            return max((self._functions(file) for file in self._stack.state.glob(name + ".*")),
                       key=lambda functions: sum(functions.values()))  # the worker: the master only waits
        few, many = counted(FEW), counted(MANY)
        each = {name: (count - few.get(name, 0)) / (MANY - FEW) for name, count in many.items()}
        return sum(each.values()), sorted(each.items(), key=lambda pair: -pair[1])[:FUNCTIONS]

    @staticmethod
    def _functions(file):
        """The instructions of each function; of what has no name, of each library."""
        text = subprocess.run(["callgrind_annotate", "--threshold=100", "--auto=no", file],
                              stdout=subprocess.PIPE, text=True, check=True).stdout
        functions = {}
        for line in text.splitlines():
            found = re.match(r"\s*([\d,]+) \([ \d.]+%\)  (?:[^: ]*:)?(.+?)(?: \[(?:.*/)?(.+)\])?$", line)
            if found and "PROGRAM TOTALS" not in line:
                count, name, library = found.groups()
                name = name.replace("(anonymous namespace)::", "")
                name = re.sub(r"<.*>|\[abi:\w+\]", "", name.partition("(")[0])
                name = f"in {library}" if name.startswith("0x") else name
                functions[name] = functions.get(name, 0) + int(count.replace(",", ""))
        return functions
