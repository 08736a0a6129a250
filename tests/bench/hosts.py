"""tests/bench/hosts.py — POST message where other hosts are told of it, too ([events] several_hosts), beside one host."""
import os
import pathlib
import re
import signal
import statistics
import time

from measure import requests

PLACES = {"post": "200 companies", "post_in_one": "one company"}


def reload(stack, several):
    config = pathlib.Path(stack.env["CONFIG"])
    config.write_text(re.sub(r"several_hosts = \w+", f"several_hosts = {str(several).lower()}", config.read_text()))
    before = set(stack.pool(False))
    os.kill(stack.master, signal.SIGHUP)
    while len(stack.pool(False)) < stack.workers or before & set(stack.pool(False)):
        time.sleep(0.05)
    stack.answered()  # waits until the pool is idle


def compare(load, rounds, seconds):
    """Of each place the requests a second without and with it, medians of rounds that take turns."""
    load.write("post_in_one", requests("post", load.stack.seed.people[:1], load.stack.url))
    rates = {kind: ([], []) for kind in PLACES}
    for i in range(rounds):
        for several in (i % 2 == 0, i % 2 == 1):
            reload(load.stack, several)
            load.run("post", 1, 16)  # so that nothing that counts is the first of its kind
            for kind, each in rates.items():
                each[several].append(load.run(kind, seconds, 16)["rate"])
    reload(load.stack, False)
    return {kind: list(map(statistics.median, each)) for kind, each in rates.items()}


def print_rates(rates):
    print()
    for kind, (one, several) in rates.items():
        print(f"POST message in {PLACES[kind]}: {one:.0f} a second, and {several:.0f} where other hosts are told of it: "
              f"{several / one:.2f}")
