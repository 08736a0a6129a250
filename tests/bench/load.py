"""tests/bench/load.py — drives a stack with wrk (load.lua)."""
import json
import pathlib
import random
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


class Load:
    def __init__(self, stack):
        self.stack = stack

    def _file(self, kind):
        return self.stack.state / f"requests-{kind}"

    def write(self, kind, requests):
        """Notes what is sent, in an order of chance: method, path, cookies, CSRF token and body of each."""
        lines = ["\t".join((method, path, self.stack.host, *rest)) for method, path, *rest in requests]
        random.Random(kind).shuffle(lines)
        self._file(kind).write_text("\n".join(lines) + "\n")

    def start(self, kind, seconds, connections, floor=False, pause=0):
        port = self.stack.floor_port if floor else self.stack.port
        return subprocess.Popen(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "-s", HERE / "load.lua",
             f"http://127.0.0.1:{port}", "--", self._file(kind), str(pause)],
            stdout=subprocess.PIPE, text=True)

    @staticmethod
    def report(process):
        """What load.lua reports at its end, and the `rate` in requests a second."""
        printed, _ = process.communicate()
        if process.returncode:
            sys.exit("bench: wrk failed")
        report = json.loads(printed.splitlines()[-1])
        return {**report, "rate": report["requests"] / report["seconds"]}

    def run(self, *arguments, **options):
        return self.report(self.start(*arguments, **options))
