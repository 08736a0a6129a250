"""tests/bench/logins.py — whether the time of a failed login tells what was wrong with it."""

import http.client
import json
import statistics
import time

import seed

TRIES = 200


def _milliseconds(stack, username, number):
    """One failed login. Its address is its own, for the sake of the throttle by address."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", stack.port, source_address=(f"127.0.{number // 250 + 1}.{number % 250 + 1}", 0))
    body = json.dumps({"username": username, "password": "Wrong-0483-Bead!"})
    start = time.perf_counter()
    connection.request("POST", "/api/v1/auth/login/", body,
                       {"Host": stack.host, "Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    taken = (time.perf_counter() - start) * 1000
    connection.close()
    assert answer.status == 401, text
    return taken


def wrong_medians(stack):
    """The medians in milliseconds of TRIES logins with a wrong username, and with a wrong password.
    They take turns, so that a disturbance falls on both alike; each try has a name of its own."""
    names = [person.username for company in stack.seed.people for person in company][:TRIES]
    tries = [(_milliseconds(stack, "no-" + name, 2 * i), _milliseconds(stack, name, 2 * i + 1))
             for i, name in enumerate(names)]
    return [statistics.median(column) for column in zip(*tries)]

