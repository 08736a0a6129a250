"""tests/suite_process.py — running a suite as a process that never outlives the run, nor its time."""
import contextlib
import os
import pathlib
import signal
import subprocess
import tempfile
import threading

REPO = pathlib.Path(__file__).resolve().parent.parent
SUITE_SECONDS = 1200  # a suite that takes longer hangs

running = set()
guard = threading.Lock()  # of `running`
is_over = False


def call(command, env):
    """Runs a command; its exit status and all it printed. It never outlives us, nor its time."""
    with tempfile.TemporaryFile() as printed:
        try:
            child = start(command, env, printed)
        except OSError as error:
            return 127, f"{command[0]} cannot be run: {error.strerror}\n"
        try:
            child.wait(SUITE_SECONDS)
        except subprocess.TimeoutExpired:
            printed.write(f"\nstopped after {SUITE_SECONDS} s\n".encode())
        finally:
            end_group(child)
            with guard:
                running.discard(child)
        printed.seek(0)
        return child.returncode, printed.read().decode(errors="replace")


def start(command, env, printed):
    with guard:
        if is_over:
            raise OSError(0, "the run is over")
        child = subprocess.Popen(command, cwd=REPO, env=env, stdin=subprocess.DEVNULL, stdout=printed,
                                 stderr=subprocess.STDOUT, start_new_session=True)
        running.add(child)
        return child


def end_group(child):
    """Ends a child and what it started: first politely, so that it can clean up."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(30)
            return


def end_all():
    """Ends what runs in whichever thread; nothing is started from here on."""
    global is_over
    with guard:
        is_over, left = True, list(running)
    for child in left:
        end_group(child)
