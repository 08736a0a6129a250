"""tests/bench/worst.py — what a worker takes for the worst pages, one a list and one an answer to a form.

A text of `&` is the worst: a byte of JSON becomes five on a page.
"""

import http.client
import json
import pathlib
import re

MESSAGES = "/api/v1/user-messages/"
TEXT = "&" * 65536  # the longest that is taken
BODY = (1 << 20) - 200  # the longest request, nearly


def ask(stack, person, method, accept, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", stack.port)
    connection.request(method, MESSAGES, body and json.dumps(body), {
        "Host": stack.host, "Cookie": person.cookies, "X-CSRFToken": person.csrf, "Accept": accept,
        "Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def peak_mib(pid):
    """The most memory that a process held since forget_peaks, without what it shares."""
    def kib(file, name):
        text = pathlib.Path(f"/proc/{pid}/{file}").read_text()
        return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1])
    shared = kib("smaps_rollup", "Rss") - kib("smaps_rollup", "Pss")
    return (kib("status", "VmHWM") - shared) / 1024


def forget_peaks(pids):
    for pid in pids:
        pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")  # resets VmHWM (man proc)


def largest_worker_mib(stack):
    sender, recipient = stack.seed.people[-1][-2:]
    pool = stack.pool(False)
    forget_peaks(pool)
    message = {"to_user": stack.url + recipient.path, "text": TEXT}
    for _ in range(40):  # more than a page of each half of the list
        if ask(stack, sender, "POST", "application/json", message) != 201:
            raise SystemExit("bench: a long message was refused")
    for _ in range(4 * stack.workers):
        for accept in ("application/json", "text/html"):
            ask(stack, sender, "GET", accept)
            ask(stack, sender, "POST", accept, {**message, "text": "&" * BODY})
    return max(map(peak_mib, pool))
