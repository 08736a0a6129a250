#!/usr/bin/env python3
"""tests/refused/run.py — every file here must fail to compile, for the reason in its first line.

Each begins with `// refused: REASON`; the comment goes on with the statement, or with
what the code tries. It is compiled twice: as it is, where every error of g++ must show REASON, and
with -DPARTYWALL_FIXED, which puts the corrected code in its place and must compile. So it is the
wall that refuses, and nothing else in the file.

Arguments pick cases by a part of their names. Needs python3 and g++ (CXX, CPPFLAGS are heeded).
"""

import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SRC = HERE.parent.parent / "src"
COMPILE = [*shlex.split(os.environ.get("CXX", "g++")), "-std=c++20", "-fdiagnostics-color=never"]
COMPILE += shlex.split(os.environ.get("CPPFLAGS", ""))


def compile_with(*arguments):
    """Exit code and diagnostics; the C locale, because it decides how g++ quotes."""
    done = subprocess.run([*COMPILE, *arguments], capture_output=True, encoding="utf-8",
                          errors="replace", env={**os.environ, "LC_ALL": "C"})
    return done.returncode, done.stderr


def head(text):
    """REASON and the rest of the leading comment."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("//"):
            break
        lines.append(line[2:].strip())
    first = lines[0] if lines else ""
    if not first.startswith("refused: ") or len(lines) < 2:
        raise ValueError("must begin with '// refused: REASON' and the statement")
    return first.removeprefix("refused: "), " ".join(lines[1:])


def code_of(text):
    """The file without its comments, and with its string literals in one piece."""
    return re.sub(r'"\s*"', "", re.sub(r"(?m)^//.*\n", "", text))


def fault(path, include):
    """What is wrong with one case, or nothing."""
    text = path.read_text(encoding="utf-8")
    reason, statement = head(text)
    if re.match(r"\(?[A-Z]{3}", statement) and statement not in code_of(text):
        return "the statement in the comment is not the one in the code"
    code, printed = compile_with(*include, "-fsyntax-only", str(path))
    if code == 0:
        return "it compiles"
    # g++ shows the line of source, where `refuse` has its reason, below the error.
    lines = printed.splitlines()
    errors = ["\n".join(lines[i:i + 2]) for i, line in enumerate(lines) if " error: " in line]
    if not errors or any(reason not in error for error in errors):
        return "it is refused for another reason:\n" + printed
    code, printed = compile_with(*include, "-fsyntax-only", "-Wall", "-Werror",
                                 "-Wno-unused-variable", "-DPARTYWALL_FIXED", str(path))
    return "the corrected code does not compile:\n" + printed if code else ""


def main():
    cases = sorted(path for path in HERE.glob("[0-9]*.cc")
                   if not sys.argv[1:] or any(part in path.name for part in sys.argv[1:]))
    failed = 0
    with tempfile.TemporaryDirectory() as scratch, \
            concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        # db/sql.h, precompiled and found before the plain one: a third of the time.
        ready = pathlib.Path(scratch, "db", "sql.h.gch")
        ready.parent.mkdir()
        code, printed = compile_with("-x", "c++-header", f"-I{SRC}", str(SRC / "db" / "sql.h"),
                                     "-o", str(ready))
        if code:
            sys.exit(printed)
        include = [f"-I{scratch}", f"-I{SRC}"]
        for path, found in zip(cases, pool.map(lambda path: fault(path, include), cases)):
            if found:
                failed += 1
                print(f"{path.name}: {found}")
    if not cases:
        print("no case has such a name")
        failed = 1
    print(f"{len(cases) - failed if cases else 0} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
