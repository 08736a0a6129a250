#!/usr/bin/env python3
"""tests/browser/run.py — run tests/browser/*_test.mjs in Debian's Chromium; last line `N passed, N failed`.

  run.py [--build DIR] [--screenshots] [FILE...]

Finds the server as PARTYWALL_URL. DIR/browser/failed has a picture of each page that a test failed on. Each file has companies of its own, so
two files run at a time: most of what they do is wait. Not more: half of the pool's workers may hash
passwords at the same moment, and a third login would be asked to come again.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
import javascript  # noqa: E402

AT_A_TIME = 2


def call(file, env):
    """Its exit status, and all it printed."""
    done = subprocess.run(["node", file], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace")
    return done.returncode, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--screenshots", action="store_true")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    build = pathlib.Path(options.build).resolve()
    javascript.install()
    files = options.files or sorted(map(str, HERE.glob("*_test.mjs")))
    if options.screenshots:
        files = [str(HERE / "screenshots.mjs")]
    shutil.rmtree(build / "browser" / "failed", ignore_errors=True)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="partywall-browser.", ignore_cleanup_errors=True) as home, \
            concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        env = {**os.environ, "PARTYWALL_NODE_MODULES": str(javascript.MODULES), "HOME": home,
               "PARTYWALL_SCREENSHOTS": str(build / "screenshots")}
        for file, (status, output) in zip(files, pool.map(lambda each: call(each, env), files)):
            print(f"{pathlib.Path(file).name}\n{output}", end="", flush=True)
            last = re.search(r"^(\d+) passed, (\d+) failed\s*\Z", output, re.MULTILINE)
            passed += int(last[1]) if last else 0
            failed += max(int(last[2]) if last else 1, int(status != 0))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
