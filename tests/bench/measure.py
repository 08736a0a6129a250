"""tests/bench/measure.py — rounds of load on a stack, and what each of them gave."""
import dataclasses
import itertools
import json
import os
import pathlib
import re
import resource
import statistics
import sys

import seed
from load import Load

CONNECTIONS = 16
NAMES = {"users": "GET users (20 rows)", "burst": "GET users, a fifth of them",
         "messages": "GET messages (page of 50)",
         "message": "GET one message", "post": "POST message", "login": "POST login",
         "noted": "GET users, first in a minute"}
TICKS = os.sysconf("SC_CLK_TCK")


def requests(kind, people, url):
    """Method, path, cookies, CSRF token and body of many people's requests of one kind."""
    talkers = [person for company in people for person in company[:seed.TALKERS]]
    others = [company[seed.TALKERS:] for company in people]  # whose messages nobody measures
    messages = "/api/v1/user-messages/"
    if kind in ("users", "noted"):
        return [("GET", "/api/v1/accounts/users/", person.cookies, "", "")
                for company in people for person in company]
    if kind == "burst":
        return [("GET", "/api/v1/accounts/users/", person.cookies, "", "") for person in talkers]
    if kind in ("messages", "noise"):
        return [("GET", messages, person.cookies, "", "") for person in talkers]
    if kind == "message":
        return [("GET", messages + person.message, person.cookies, "", "") for person in talkers]
    if kind == "post":
        return [("POST", messages, sender.cookies, sender.csrf,
                 json.dumps({"to_user": url + recipient.path, "text": seed.TEXT}))
                for company in others for sender, recipient in itertools.pairwise(company)]
    return [("POST", "/api/v1/auth/login/", "", "",
             json.dumps({"username": person.username, "password": seed.PASSWORD}))
            for company in others for person in company]


@dataclasses.dataclass
class Sample:
    """What a round of load gave; of several rounds, the medians."""
    rate: float        # requests a second
    p50: float         # milliseconds
    p99: float
    statements: float  # a request, as the database counts them
    cpu: float         # milliseconds of the pool's processes, a request
    all_cpu: float     # the same with nginx, the database and wrk

    @staticmethod
    def median(samples):
        return Sample(*map(statistics.median, zip(*map(dataclasses.astuple, samples))))

    def row(self, name):
        return (f"{name:29}{self.rate:8.0f}{self.p50:10.2f}{self.p99:10.2f}"
                f"{self.statements:13.2f}{self.cpu:10.3f}{self.all_cpu:10.3f}")


def cpu_seconds(pids):
    def ticks(pid):
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])  # user and system
    return sum(map(ticks, pids)) / TICKS


def pss_mib(pid):
    """What a process has of the memory, with its share of what it shares."""
    rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)[1]) / 1024


@dataclasses.dataclass
class Memory:
    """What the pool's processes have of the memory, in MiB, after so many requests."""
    requests: int
    largest: float  # of the workers
    workers: float  # of all of them
    master: float


class Bench(Load):
    def __init__(self, stack):
        super().__init__(stack)
        for kind in (*NAMES, "noise"):  # the noise is made by one company, which does nothing else
            companies = stack.seed.people[:1] if kind == "noise" else stack.seed.people[1:]
            self.write(kind, requests(kind, companies, stack.url))

    def measure(self, kind, seconds, floor=False):
        if kind != "noted":
            return self._measure(kind, seconds, floor)
        self.stack.sql(seed.UNUSED)
        try:  # no longer than the sessions last
            return self._measure(kind, 1, floor)
        finally:
            self.stack.sql(seed.USED)

    def _measure(self, kind, seconds, floor):
        stack, pool, others = self.stack, self.stack.pool(floor), self.stack.others()

        def state():
            return (stack.answered(), stack.status("Questions"), cpu_seconds(pool),
                    cpu_seconds(others), sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]))
        # Half of the workers hash passwords at a time; beyond that a login is refused.
        connections = max(1, stack.workers // 2) if kind == "login" else CONNECTIONS
        before = state()
        report = self.run(kind, seconds, connections, floor=floor)
        answered, statements, *cpu = (b - a for a, b in zip(before, state()))
        if report["failed"]:
            sys.exit(f"bench: {report['failed']:.0f} failed: {NAMES[kind]}")
        count = report["requests"] if floor else answered
        return Sample(report["rate"], report["p50_ms"], report["p99_ms"],
                      statements / count, cpu[0] / count * 1000, sum(cpu) / count * 1000)

    def with_connections(self, numbers, seconds, rounds):
        """Of GET users with each number of client connections, medians of rounds that take turns:
        requests a second, the p50 and p99 in milliseconds; and how many failed in all rounds."""
        reports = {number: [] for number in numbers}
        for _ in range(rounds):
            for number in numbers:
                reports[number].append(self.run("users", seconds, number))
                self.stack.answered()  # waits until the pool is idle
        return {number: ([statistics.median(each[name] for each in of_number)
                          for name in ("rate", "p50_ms", "p99_ms")],
                         sum(each["failed"] for each in of_number))
                for number, of_number in reports.items()}

    def p99_beside(self, kind, flood, seconds, rounds):
        """The p99 of GET users in milliseconds, medians of rounds: by themselves, and beside a flood
        of another kind that has gone on for a second; and how many of that a second were served and
        refused."""
        quiet, beside, served, refused = [], [], [], []
        for _ in range(rounds):
            quiet.append(self.measure("users", seconds).p99)
            flooding = self.start(kind, seconds + 2, **flood)
            self.run("users", 1, CONNECTIONS)  # so long until it counts
            report = self.run("users", seconds, CONNECTIONS)
            if report["failed"]:
                sys.exit(f"bench: a flood of {kind} made others fail")
            beside.append(report["p99_ms"])
            flooded = self.report(flooding)
            refused.append(flooded["failed"] / flooded["seconds"])
            served.append(flooded["requests"] / flooded["seconds"] - refused[-1])
        return [statistics.median(each) for each in (quiet, beside, served, refused)]

    def beside_floor(self, kind, rounds, progress):
        """Samples of the product and of its floor, a pair a round. Many short rounds, so that a
        disturbance falls on both alike; each begins with the other one."""
        pairs = []
        for i in range(rounds):
            progress(f"{NAMES[kind]} and its floor, round {i + 1} of {rounds}")
            pair = {floor: self.measure(kind, 1, floor) for floor in (i % 2 == 0, i % 2 == 1)}
            pairs.append((pair[False], pair[True]))
        return pairs

    def memory(self):
        workers = [pss_mib(pid) for pid in self.stack.pool(False)]
        return Memory(self.stack.answered(), max(workers), sum(workers), pss_mib(self.stack.master))
