"""tests/suites.py — the suites: which lane each is in, how it is run, and how its cases are counted."""
import dataclasses
import pathlib
import re
import sys
import tempfile
from collections.abc import Callable

from suite_process import call

TESTS = pathlib.Path(__file__).resolve().parent
FIRST, SECOND, THIRD = 0, 1, 2  # lanes: what is in one of them runs one after another, on one stack
LANES = 3  # one more than CI has cores, as much of it waits; each has about as long to run
LAST = None  # after all of them
# tests/api/*_test.py: each is written down, so that none is lost.
API = {name: lane for lane, names in (
    (FIRST, """
        commands company_exports concurrency conversations database_away erase events every_worker export
        wrong_codes"""),
    (SECOND, """
        admin assets backup bad_days bad_input bad_request callers check clean clients disk_full"""),
    (THIRD, """
        credential_races export_hosts import import_logins install log long_requests mail mail_hands
        mail_sending metrics migrate move move_erase move_given_up move_stopped nginx overload package pool
        readme rebuild retention second_factor second_factor_companies second_factor_key second_factor_proof
        service site stack statements tickets tls"""))
    for name in names.split()}


@dataclasses.dataclass
class Result:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    output: str = ""


@dataclasses.dataclass
class Suite:
    name: str
    lane: int | None
    needs_stack: bool
    run: Callable[[dict], Result]  # in an environment that says where the stack is


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


# ---- the suites ------------------------------------------------------------------------------------


def suites(build, answers):
    """All there are, in the order in which their results are printed. `answers`: the files that have what the
    others were answered."""
    python = sys.executable
    browser = [python, "tests/browser/run.py", "--build", str(build)]
    return [
        Suite("lint", FIRST, False, lambda env: counted([python, "tests/lint.py"], env)),
        Suite("refused", FIRST, False, lambda env: counted([python, "tests/refused/run.py"], env)),
        Suite("routes", FIRST, False, lambda env: routes(str(build / "partywall"), env)),
        Suite("unit", FIRST, True, lambda env: boost(str(build / "unit_tests"), env)),
        Suite("contract", FIRST, True, lambda env: counted(
            [python, "tests/contract/replay.py", "--base", env["PARTYWALL_URL"],
             "--allow-extra", "--compare", "tests/contract/open"], env)),
        *map(api, sorted({*API, *(path.stem.removesuffix("_test") for path in TESTS.glob("api/*_test.py"))})),
        Suite("browser", SECOND, True, lambda env: counted(browser, env)),
        Suite("answers", LAST, False, lambda env: counted(
            [python, "tests/answers/check.py", str(build / "partywall"), *answers], env))]


def api(name):
    """A suite of tests/api. One that is not written down here fails, as does one whose file is gone."""
    path = TESTS / f"api/{name}_test.py"
    if name in API and path.exists():
        return Suite(f"api/{name}", API[name], True, lambda env: unittests([sys.executable, str(path)], env))
    problem = "is not in the list of tests/suites.py" if path.exists() else "is not there"
    return Suite(f"api/{name}", FIRST, False, lambda env: Result(failed=1, output=f"{path} {problem}"))


def on_request(build):
    """What runs only when its name is given."""
    browser = [sys.executable, "tests/browser/run.py", "--build", str(build), "--screenshots"]
    unit = str(build / "unit_tests")
    return [Suite("screenshots", FIRST, True, lambda env: counted(browser, env)),
            Suite("races", FIRST, True, lambda env: boost(unit, env, "--run_test=races")),
            Suite("limits", FIRST, True, lambda env: unittests([sys.executable, "tests/limits.py"], env))]
