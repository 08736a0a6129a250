#!/usr/bin/env python3
"""tests/javascript.py — the formatter of JavaScript: rewrites nginx/www and tests/browser as .prettierrc says.

`make format` runs it, and lint asks it for what it would rewrite. It and what drives the browser are installed
from tests/browser/package-lock.json into build/browser, once.
"""
import pathlib
import shutil
import subprocess
import sys

REPO = pathlib.Path(__file__).resolve().parent.parent
FILES = ["nginx/www/*.js", "tests/browser/*.mjs"]
MODULES = REPO / "build/browser"


def install():
    """`npm ci`, when the lock file is not the one that was installed."""
    lock, installed = REPO / "tests/browser/package-lock.json", MODULES / "installed.json"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    MODULES.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(lock.with_name(name), MODULES / name)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=MODULES, check=True)
    shutil.copy(lock, installed)


def prettier(*arguments):
    install()
    return subprocess.run(["node", MODULES / "node_modules/prettier/bin/prettier.cjs", *arguments, *FILES], cwd=REPO,
                          capture_output=True, text=True)


def unformatted():
    """The files that are not as the formatter leaves them. Throws OSError where it cannot be run."""
    done = prettier("--list-different")
    if done.returncode not in (0, 1) or done.stderr:
        raise OSError(done.stderr.strip())
    return done.stdout.split()


if __name__ == "__main__":
    done = prettier("--write")
    sys.stderr.write(done.stderr)
    sys.exit(done.returncode)
