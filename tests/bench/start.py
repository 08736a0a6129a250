"""tests/bench/start.py — how long a pool takes from its start to its first answer, with the database up."""

import contextlib
import pathlib
import statistics
import sys
import time

from stack import running

from client import FastCgi  # noqa: E402

TRIES = 9


def _milliseconds(stack, build, config, socket):
    """From the start of a second pool, beside the measured one, to a 200 for GET users."""
    person = stack.seed.people[-1][-1]
    start = time.perf_counter()
    with running(build / "partywall", "serve", "--config", config,
                 stderr=(stack.state / "log/start.log").open("a")):
        while True:
            with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
                pool = FastCgi(str(socket))
                break
            time.sleep(0.0005)
        answer = pool.ask("GET", "/api/v1/accounts/users/", HTTP_HOST=stack.host,
                          HTTP_COOKIE=person.cookies)
        taken = (time.perf_counter() - start) * 1000
    if answer.status != 200:
        sys.exit(f"bench: the first answer of a pool is a {answer.status}")
    return taken


def median(stack, build):
    """The median of TRIES starts, in milliseconds."""
    socket = pathlib.Path(stack.env["RUN_DIR"]) / "start.sock"
    config = stack.state / "start.toml"
    text = pathlib.Path(stack.env["CONFIG"]).read_text()
    config.write_text(text.replace(stack.env["APP_SOCKET"], str(socket)))
    return statistics.median(_milliseconds(stack, build, config, socket) for _ in range(TRIES))
