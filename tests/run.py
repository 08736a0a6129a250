#!/usr/bin/env python3
"""tests/run.py — run every suite, one after another, on a stack of its own.

  tests/run.py [--build DIR] [SUITE...]    a suite's name, or the part before its slash

Called by `make test`. It takes a free port and a fresh state folder, starts the stack (tests/stack.sh)
before the first suite that needs it, and leaves neither a process nor a folder behind, whichever way
it ends. Suites find the stack in their environment: PARTYWALL_ and each name in STATE/env, such as
PARTYWALL_URL; PARTYWALL_STATE; and PARTYWALL_UNIT_CONFIG, a second, migrated database for `unit`.

Prints a line for each suite, the output of those that failed, and last `N passed, N failed`. A suite
that ran nothing has failed, and so has one that is not there, or that lacks what it runs with.
"""

import argparse
import contextlib
import dataclasses
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time

REPO = pathlib.Path(__file__).resolve().parent.parent
TESTS = REPO / "tests"
sys.path.append(str(TESTS / "api"))
from ports import free_port  # noqa: E402

STACK = str(TESTS / "stack.sh")
SUITE_SECONDS = 1200  # a suite that takes longer hangs
# tests/api/*_test.py: each is written down, so that none is lost.
API = """
    admin assets backup bad_days bad_input bad_request callers check clean clients commands concurrency conversations
    credential_races database_away events every_worker export import install log long_requests metrics migrate nginx
    overload package pool readme rebuild service site stack statements tickets tls
""".split()


@dataclasses.dataclass
class Result:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    output: str = ""


def call(command, env):
    """Runs a command; its exit status and all it printed. It never outlives us, nor its time."""
    with tempfile.TemporaryFile() as printed:
        try:
            child = subprocess.Popen(command, cwd=REPO, env=env, stdin=subprocess.DEVNULL, stdout=printed,
                                     stderr=subprocess.STDOUT, start_new_session=True)
        except OSError as error:
            return 127, f"{command[0]} cannot be run: {error.strerror}\n"
        try:
            child.wait(SUITE_SECONDS)
        except subprocess.TimeoutExpired:
            printed.write(f"\nstopped after {SUITE_SECONDS} s\n".encode())
        finally:
            end_group(child)
        printed.seek(0)
        return child.returncode, printed.read().decode(errors="replace")


def end_group(child):
    """Ends a child and what it started: first politely, so that it can clean up."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(30)
            return


def give_up(message):
    print(message + "\n0 passed, 1 failed")
    sys.exit(1)


# ---- how each kind of suite is run, and how its cases are counted ----------------------------------

def counted(command, env):
    """A suite whose last line is `N passed, N failed`."""
    status, output = call(command, env)
    last = re.search(r"^(\d+) passed, (\d+) failed\s*\Z", output, re.MULTILINE)
    passed, failed = map(int, last.groups()) if last else (0, 0)
    return Result(passed, failed if failed or status == 0 else 1, 0, output)


def unittests(command, env):
    """A file of Python's unittest."""
    status, output = call(command, env)
    ran = re.findall(r"^Ran (\d+) tests?", output, re.MULTILINE)
    total = int(ran[-1]) if ran else 0
    bad, skipped = 0, 0
    for what, number in re.findall(r"(\w[\w ]*)=(\d+)", output[output.rfind("\nRan "):]):
        if what in ("failures", "errors", "unexpected successes"):
            bad += int(number)
        elif what == "skipped":
            skipped = int(number)
    failed = bad if bad or status == 0 else 1
    return Result(max(total - skipped - failed, 0), failed, skipped, output)


def boost(program, env, *options):
    """Boost.Test's cases, from its detailed report; a program that died half-way has written none."""
    with tempfile.NamedTemporaryFile("r", errors="replace") as report:
        status, output = call([program, "--color_output=no", "--report_level=detailed",
                               f"--report_sink={report.name}", *options], env)
        cases = re.findall(r'^ *Test case "[^"]*" (has passed|was skipped|\S+ \S+)', report.read(),
                           re.MULTILINE)
    passed, skipped = cases.count("has passed"), cases.count("was skipped")
    failed = len(cases) - passed - skipped
    if status and not failed:
        failed, output = 1, output + f"\n{program} ended with status {status}\n"
    return Result(passed, failed, skipped, output)


def routes(binary, env):
    """The route table against the one in review: a change of access has to be seen."""
    status, output = call([binary, "routes"], env)
    expected = TESTS / "routes.txt"
    if status == 0 and output == expected.read_text():
        return Result(passed=1)
    with tempfile.NamedTemporaryFile("w") as printed:
        printed.write(output)
        printed.flush()
        _, difference = call(["diff", "-u", str(expected), printed.name], env)
    return Result(failed=1, output=difference + f"(status {status}; '+' is what {binary} says)\n")


def suites(build):
    """All there are: name, whether it needs the stack, and how to run it."""
    python = sys.executable
    browser = [python, "tests/browser/run.py", "--build", str(build)]
    return [
        ("lint", False, lambda env: counted([python, "tests/lint.py"], env)),
        ("refused", False, lambda env: counted([python, "tests/refused/run.py"], env)),
        ("routes", False, lambda env: routes(str(build / "partywall"), env)),
        ("unit", True, lambda env: boost(str(build / "unit_tests"), env)),
        ("contract", True, lambda env: counted(
            [python, "tests/contract/replay.py", "--base", env["PARTYWALL_URL"],
             "--allow-extra", "--compare", "tests/contract/open"], env)),
        *map(api, sorted({*API, *(path.stem.removesuffix("_test") for path in TESTS.glob("api/*_test.py"))})),
        ("browser", True, lambda env: counted(browser, env)),
        # Last: it looks at what all of the others were answered.
        ("answers", False, lambda env: counted(
            [python, "tests/answers/check.py", str(build / "partywall"), env["PARTYWALL_ANSWERS"]], env))]


def api(name):
    """A suite of tests/api. One that is not written down here fails, as does one whose file is gone."""
    path = TESTS / f"api/{name}_test.py"
    if name in API and path.exists():
        return f"api/{name}", True, lambda env: unittests([sys.executable, str(path)], env)
    problem = "is not in the list of tests/run.py" if path.exists() else "is not there"
    return f"api/{name}", False, lambda env: Result(failed=1, output=f"{path} {problem}")


def on_request(build):
    """What runs only when its name is given."""
    browser = [sys.executable, "tests/browser/run.py", "--build", str(build), "--screenshots"]
    return [("screenshots", True, lambda env: counted(browser, env)),
            ("races", True, lambda env: boost(str(build / "unit_tests"), env, "--run_test=races")),
            ("limits", True, lambda env: unittests([sys.executable, "tests/limits.py"], env))]


# ---- the stack ------------------------------------------------------------------------------------


class Stack:
    """Started by the first `use`; `down` ends it."""

    def __init__(self, build, env):
        self.build, self.env, self.guard = build, env, None

    def use(self):
        if not self.guard:
            self.state = tempfile.mkdtemp(prefix="partywall-test.")
            # Stops the stack when our end of the pipe closes: also when this process is killed.
            self.guard = subprocess.Popen(
                ["bash", "-c", 'read -r _; "$0" down "$1"; rm -rf -- "$1"', STACK, self.state],
                stdin=subprocess.PIPE, start_new_session=True)
            # Enough workers that nobody is refused for fairness while a browser has the machine's time;
            # what tests fairness has a stack of its own.
            self.call("up", str(free_port()), "8", str(self.build / "partywall"))
            for line in pathlib.Path(self.state, "env").read_text().splitlines():
                name, value = line.split("=", 1)
                self.env[f"PARTYWALL_{name}"] = "".join(shlex.split(value))
            self.env["PARTYWALL_STATE"] = self.state
            self.env["PARTYWALL_STACK"] = STACK
            self.env["PARTYWALL_UNIT_CONFIG"] = self.call("add-db", "unit").strip()
        return self.env

    def call(self, action, *arguments):
        status, output = call([STACK, action, self.state, *arguments], self.env)
        if status:
            give_up(f"{output}\nthe stack did not come up (stack.sh {action}: {status})")
        return output

    def log(self):
        """What the application wrote, when the stack was used at all."""
        path = pathlib.Path(self.state, "log", "partywall.log") if self.guard else None
        return path.read_text(errors="replace") if path and path.exists() else ""

    def stop(self):
        if self.guard:
            call([STACK, "down", self.state], self.env)

    def close(self):
        if self.guard:
            self.guard.stdin.close()
            self.guard.wait()


# ---- all of it ------------------------------------------------------------------------------------


def report(name, result, seconds):
    if result.passed + result.failed + result.skipped == 0:
        result.failed, result.output = 1, result.output + "\nthe suite ran nothing\n"
    skipped = f", {result.skipped} skipped" if result.skipped else ""
    print(f"{name:<20} {result.passed} passed, {result.failed} failed{skipped} ({seconds:.1f} s)",
          flush=True)
    if result.failed:
        print(f"--- output of {name}\n{result.output.rstrip()}\n--- end of {name}", flush=True)


def sanitizer(log):
    """What AddressSanitizer and UBSan had to say of the stack's own processes."""
    found = re.search(r"(ERROR: \w+Sanitizer|runtime error:)", log)
    return Result(failed=1, output=log[max(found.start() - 300, 0):][:6000]) if found else Result(1)


def run(chosen, stack, sanitized):
    total = Result()

    def add(name, work):
        began = time.monotonic()
        result = work()
        report(name, result, time.monotonic() - began)
        total.passed += result.passed
        total.failed += result.failed

    for name, needs_stack, work in chosen:
        add(name, lambda: work(stack.use() if needs_stack else stack.env))
    # A line of priority 6 is an ordinary request.
    odd = [line for line in stack.log().splitlines() if not line.startswith("<6>")]
    if total.failed and odd:
        print("--- the application's log, without ordinary lines", *odd[-30:], sep="\n")
    if sanitized and stack.guard:
        stack.stop()
        add("sanitizer", lambda: sanitizer(stack.log()))
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("only", nargs="*")
    options = parser.parse_args()
    build = REPO / options.build
    only = [word for given in options.only for word in given.replace(",", " ").split()]
    chosen = [suite for suite in suites(build)
              if not only or suite[0] in only or suite[0].split("/")[0] in only]
    chosen += [suite for suite in on_request(build) if suite[0] in only]
    names = {word for name, _, _ in chosen for word in (name, name.split("/")[0])}
    if unknown := [word for word in only if word not in names]:
        give_up(f"no suite is called {' '.join(unknown)}")

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, frame: sys.exit(128 + received))
    nearby = "127.0.0.1,localhost"
    env = {**os.environ, "LC_ALL": "C.UTF-8", "no_proxy": nearby, "NO_PROXY": nearby}
    sanitized = os.environ.get("SANITIZE") == "1"
    if sanitized:
        env.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    stack = Stack(build, env)
    answers = tempfile.NamedTemporaryFile(prefix="partywall-answers.")
    env["PARTYWALL_ANSWERS"] = answers.name
    env["PYTHONPATH"] = str(TESTS / "answers")
    try:
        total = run(chosen, stack, sanitized)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stack.close()
    print(f"{total.passed} passed, {total.failed} failed")
    sys.exit(1 if total.failed else 0)


if __name__ == "__main__":
    main()
