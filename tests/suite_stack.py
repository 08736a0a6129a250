"""tests/suite_stack.py — the stack that suites share, one after another: started by the first that needs it."""
import pathlib
import shlex
import subprocess
import sys
import tempfile

from suite_process import call

TESTS = pathlib.Path(__file__).resolve().parent
sys.path.append(str(TESTS / "api"))
from ports import free_port  # noqa: E402

STACK = str(TESTS / "stack.sh")


class NotUp(Exception):
    """The stack did not come up."""


class Stack:
    """Started by the first `use`; `close` leaves neither a process nor a folder of it, and so does our own end."""

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
            raise NotUp(f"{output}\nthe stack did not come up (stack.sh {action}: {status})")
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
