"""tests/bench/statements.py — what each GET asks of the database: its statements, how long the server takes
for each, and how many rows it reads.

The server's slow log says so, when everything counts as slow. A statement is known by its text in the
program, with a placeholder for each value.
"""

import contextlib
import dataclasses
import json
import pathlib
import re
import statistics
import subprocess
import sys
import time
import uuid

from stack import running

from client import FastCgi  # noqa: E402
from program import statements  # noqa: E402

TIMES = 200
PEOPLE, MESSAGES, CUSTOMERS = "/api/v1/accounts/users/", "/api/v1/user-messages/", "/api/v1/customers/"
INVITATIONS, TOKENS, SESSIONS = "/api/v1/accounts/invitations/", "/api/v1/auth/api-tokens/", "/api/v1/auth/sessions/"
ROWS = 60  # of customers, invitations and tokens: more than a page
LOGGED = """
SELECT MICROSECOND(query_time), rows_examined, HEX(sql_text) FROM mysql.slow_log
 WHERE db = '{name}' ORDER BY start_time;
"""


@dataclasses.dataclass
class Statement:
    text: str
    micros: float  # medians
    rows: float


class Asked:
    """A pool of one worker beside the measured one, whose every statement is logged."""

    def __init__(self, stack, build):
        self._stack, self._build = stack, build
        # What each of the program's statements looks like in the log.
        self._texts = {text: re.compile(re.escape(text).replace(r"\?", ".*").encode(), re.DOTALL)
                       for text in statements(build / "partywall")}
        self._socket = pathlib.Path(stack.env["RUN_DIR"]) / "asked.sock"
        self._config = stack.state / "asked.toml"
        text = pathlib.Path(stack.env["CONFIG"]).read_text().replace(stack.env["APP_SOCKET"], str(self._socket))
        self._config.write_text(re.sub(r"(?m)^workers = .*$", "workers = 1", text))
        self._people = [company[0] for company in stack.seed.people]  # admins, who write messages
        self._person = self._people[0]

    def of_each_get(self):
        """The statements of each GET, in their order. Who asks is remembered after the first, whose statement is
        measured with everybody asking once."""
        self._log(True)
        try:
            with self._serving():
                self._make_rows()
                found = {"anything, first in a second": self._measure(PEOPLE, self._people)[:1]}
                for path in self._paths():
                    found[path] = self._measure(path, [self._person] * TIMES)
                return found
        finally:
            self._log(False)

    def _paths(self):
        yield from ("/api/v1/auth/me", "/api/v1/accounts/company", PEOPLE, PEOPLE + self._person.path.rpartition("/")[2],
                    MESSAGES, MESSAGES + "?order=-date", f"{MESSAGES}?with={uuid.UUID(bytes=self._stack.seed.people[0][1].id)}",
                    MESSAGES + "?read=false", MESSAGES + "?q=thursday", MESSAGES + self._person.message)
        yield from (CUSTOMERS, CUSTOMERS + "?email=c7@x.example", CUSTOMERS + "?q=omer+5",
                    CUSTOMERS + self._ask("GET", CUSTOMERS).json()[0]["id"], INVITATIONS, TOKENS, SESSIONS)

    def _make_rows(self):
        for i in range(ROWS):
            self._ask("POST", CUSTOMERS, {"name": f"Customer {i}", "email": f"c{i}@x.example"})
            self._ask("POST", INVITATIONS, {"role": "staff"})
            self._ask("POST", TOKENS, {"name": f"Script {i}", "access": "read"})

    @contextlib.contextmanager
    def _serving(self):
        with running(self._build / "partywall", "serve", "--config", self._config,
                     stderr=(self._stack.state / "log/asked.log").open("a")):
            while True:
                with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
                    FastCgi(str(self._socket))
                    break
                time.sleep(0.01)
            yield

    def _ask(self, method, path, body=None, person=None):
        person = person or self._person
        answer = FastCgi(str(self._socket)).ask(
            method, path, json.dumps(body).encode() if body else b"", HTTP_HOST=self._stack.host,
            HTTP_COOKIE=person.cookies, HTTP_X_CSRFTOKEN=person.csrf, CONTENT_TYPE="application/json")
        if answer.status not in (200, 201):
            sys.exit(f"bench: {answer.status} for {path}: {answer.text}")
        return answer

    def _measure(self, path, people):
        self._ask("GET", path, person=people[-1])
        self._admin("TRUNCATE mysql.slow_log;")
        for person in people:
            self._ask("GET", path, person=person)
        logged = {}
        for micros, rows, text in self._admin(LOGGED.format(name=self._stack.env["DB_NAME"])):
            logged.setdefault(self._name(bytes.fromhex(text)), []).append((int(micros), int(rows)))
        return [Statement(text, *map(statistics.median, zip(*each))) for text, each in logged.items()
                if len(each) > len(people) / 2]

    def _name(self, logged):
        return next((text for text, pattern in self._texts.items() if pattern.fullmatch(logged)), logged.decode(errors="replace"))

    def _log(self, on):
        self._admin(f"SET GLOBAL log_output = 'TABLE', long_query_time = {0 if on else 10}, slow_query_log = {int(on)};")

    def _admin(self, text):
        done = subprocess.run(["mariadb", "--no-defaults", "--batch", "--skip-column-names", "--user=root",
                               "--socket=" + self._stack.env["DB_SOCKET"]],
                              input=text, text=True, stdout=subprocess.PIPE, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]
