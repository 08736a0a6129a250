#!/usr/bin/env python3
"""tests/run.py — run every suite, in three lanes: what is in one runs one after another, on a stack of the lane's own.

  tests/run.py [--build DIR] [SUITE...]    a suite's name, or the part before its slash

Called by `make test`. A lane takes a free port and a fresh state folder, starts the stack (tests/suite_stack.py)
before the first suite that needs it, and leaves neither a process nor a folder behind, whichever way it ends. Suites
find the stack in their environment: PARTYWALL_ and each name in STATE/env, such as PARTYWALL_URL; PARTYWALL_STATE;
and PARTYWALL_UNIT_CONFIG, a second, migrated database for `unit`. Which suites share a stack, and in which order, is
the same in every run (tests/suites.py).

Prints a line for each suite, in the order of tests/suites.py, the output of those that failed, and last `N passed,
N failed`. A suite that ran nothing has failed, and so has one that is not there, or that lacks what it runs with.
"""

import argparse
import concurrent.futures
import contextlib
import os
import pathlib
import re
import signal
import sys
import tempfile
import time

import suite_process
from suite_stack import NotUp, Stack
from suites import LANES, LAST, Result, on_request, suites

REPO = pathlib.Path(__file__).resolve().parent.parent
TESTS = REPO / "tests"


class Lane:
    """A stack and those who use it, one after another, in a thread of its own."""

    def __init__(self, build, env, answers):
        self.env = {**env, "PARTYWALL_ANSWERS": answers, "PYTHONPATH": str(TESTS / "answers")}
        self.stack = Stack(build, self.env)
        self.thread = concurrent.futures.ThreadPoolExecutor(1)

    def take(self, suite):
        """When its turn has come: the suite's result, and the seconds that it took."""
        return self.thread.submit(timed, lambda: suite.run(self.stack.use() if suite.needs_stack else self.env))

    def close(self):
        self.thread.shutdown(cancel_futures=True)
        self.stack.close()


def timed(work):
    began = time.monotonic()
    result = work()
    return result, time.monotonic() - began


def give_up(message):
    print(message + "\n0 passed, 1 failed")
    sys.exit(1)


def report(name, result, seconds):
    if result.passed + result.failed + result.skipped == 0:
        result.failed, result.output = 1, result.output + "\nthe suite ran nothing\n"
    skipped = f", {result.skipped} skipped" if result.skipped else ""
    print(f"{name:<20} {result.passed} passed, {result.failed} failed{skipped} ({seconds:.1f} s)",
          flush=True)
    if result.failed:
        print(f"--- output of {name}\n{result.output.rstrip()}\n--- end of {name}", flush=True)


def sanitizer(log):
    """What AddressSanitizer and UBSan had to say of the stacks' own processes."""
    found = re.search(r"(ERROR: \w+Sanitizer|runtime error:)", log)
    return Result(failed=1, output=log[max(found.start() - 300, 0):][:6000]) if found else Result(1)


def log_of(lanes):
    return "".join(lane.stack.log() for lane in lanes)


def run(chosen, lanes, env, sanitized):
    total = Result()

    def add(name, result, seconds):
        report(name, result, seconds)
        total.passed += result.passed
        total.failed += result.failed

    under_way = [(suite, lanes[suite.lane].take(suite)) for suite in chosen if suite.lane is not LAST]
    for suite, result in under_way:
        add(suite.name, *result.result())
    for suite in chosen:
        if suite.lane is LAST:
            add(suite.name, *timed(lambda suite=suite: suite.run(env)))
    # A line of priority 6 is an ordinary request.
    odd = [line for line in log_of(lanes).splitlines() if not line.startswith("<6>")]
    if total.failed and odd:
        print("--- the application's log, without ordinary lines", *odd[-30:], sep="\n")
    if sanitized and any(lane.stack.guard for lane in lanes):
        for lane in lanes:
            lane.stack.stop()
        add("sanitizer", *timed(lambda: sanitizer(log_of(lanes))))
    return total


def chosen_of(build, answers, only):
    chosen = [suite for suite in suites(build, answers)
              if not only or suite.name in only or suite.name.split("/")[0] in only]
    chosen += [suite for suite in on_request(build) if suite.name in only]
    names = {word for suite in chosen for word in (suite.name, suite.name.split("/")[0])}
    if unknown := [word for word in only if word not in names]:
        give_up(f"no suite is called {' '.join(unknown)}")
    return chosen


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("only", nargs="*")
    options = parser.parse_args()
    build = REPO / options.build
    only = [word for given in options.only for word in given.replace(",", " ").split()]
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        signal.signal(number, lambda received, frame: sys.exit(128 + received))
    nearby = "127.0.0.1,localhost"
    env = {**os.environ, "LC_ALL": "C.UTF-8", "no_proxy": nearby, "NO_PROXY": nearby}
    sanitized = os.environ.get("SANITIZE") == "1"
    if sanitized:
        env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    with contextlib.ExitStack() as files:
        answers = [files.enter_context(tempfile.NamedTemporaryFile(prefix="partywall-answers.")).name
                   for _ in range(LANES)]
        chosen = chosen_of(build, answers, only)
        lanes = [Lane(build, env, file) for file in answers]
        try:
            total = run(chosen, lanes, env, sanitized)
        except NotUp as problem:
            give_up(str(problem))
        finally:
            for number in signals:
                signal.signal(number, signal.SIG_IGN)
            suite_process.end_all()
            for lane in lanes:
                lane.close()
    print(f"{total.passed} passed, {total.failed} failed")
    sys.exit(1 if total.failed else 0)


if __name__ == "__main__":
    main()
