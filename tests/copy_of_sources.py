"""tests/copy_of_sources.py — a copy of the sources, with what is built of them, for tests to change."""
import os
import pathlib
import shutil
import subprocess

REPO = pathlib.Path(__file__).resolve().parent.parent
OF_TESTS = ("browser", "clients", "screenshots", "deb")
PARTS = ("Makefile", ".clang-format", "src", "sql", "tests", "nginx", "systemd")


def copy(folder, built):
    """Copies the sources into a folder, which may not be there yet, and the folder of what is built."""
    folder.mkdir(exist_ok=True)
    for name in PARTS:
        if (REPO / name).is_dir():
            shutil.copytree(REPO / name, folder / name, copy_function=shutil.copy2,
                            ignore=shutil.ignore_patterns("node_modules", "__pycache__", "open"))
        else:
            shutil.copy2(REPO / name, folder / name)
    # What is built already need not be built again; times are kept. What tests put there comes and goes.
    shutil.copytree(built, folder / built.name, ignore=shutil.ignore_patterns(*OF_TESTS))


def make(folder, build, *targets):
    """Builds targets in that copy, in the folder of that name."""
    sanitize = "SANITIZE=1" if "asan" in build else "SANITIZE="
    return subprocess.run(["make", "-C", folder, sanitize, *(f"{build}/{target}" for target in targets)],
                          env={**os.environ, "MAKEFLAGS": ""}, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=1800)
