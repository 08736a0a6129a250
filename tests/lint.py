#!/usr/bin/env python3
"""tests/lint.py — the conventions that a machine can hold; prints each breach, then `N passed, N failed`.

Rules are counted, not breaches. Works in any copy of the tree, with git or without.
"""

import os
import re
import subprocess
import sys

import chapters
import javascript
import lengths
import migrations
import names
from tree import CODE, FILES, REPO, SOURCES, TEXT, read

# main → { server, admin } → pages → app → rest → auth → events → { http, db } → base: a folder includes itself and
# what is below it; but the commands of an operator have no pages.
LEVEL = {"base": 0, "http": 1, "db": 1, "events": 2, "auth": 3, "rest": 4, "app": 5, "pages": 6, "server": 7,
         "admin": 7}
STRANGERS = {("admin", "pages")}

# Each third-party library has one place in src that includes it.
ONLY_IN = [
    (r"openssl/|argon2\.h", r"base/crypto\."),
    (r"utf8proc\.h", r"base/text\."),
    (r"toml\+\+|toml\.h", r"base/config\."),
    (r"archive(_entry)?\.h$", r"base/archive\."),
    (r"liboath/", r"auth/totp\."),
    (r"event2/", r"server/(stream_server|held_stream)\."),
    (r"fcgi\w*\.h", r"http/fcgi\."),
    (r"rapidjson/", r"http/json\."),
    (r"cppconn/|mysql|mariadb", r"db/(connection|link)\."),
    (r"CLI", r"main\.cc$|admin/command_line\."),
    (r"systemd/", r"server/"),
    (r"boost/", r"base/fields\."),
]


def name_of(path):
    """As the file's own first line has it: from src, or from the top for tests."""
    return str(path.relative_to(REPO / "src" if path in SOURCES else REPO))


def includes(path):
    """Line number and what is between <> or "" of each #include."""
    for number, line in enumerate(TEXT[path].splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if found:
            yield number, found.group(1)


# ---- the rules: each yields its breaches -------------------------------------------------------------


def folders_know_only_what_is_below():
    for path in SOURCES:
        here = name_of(path).split("/")[0]
        if here not in LEVEL:  # main.cc knows everybody
            continue
        for number, header in includes(path):
            there = header.split("/")[0] if "/" in header else ""
            if there not in LEVEL or there == here:
                continue
            if LEVEL[there] >= LEVEL[here] or (here, there) in STRANGERS:
                yield f"src/{name_of(path)}:{number}: {here} must not know {there}"


def each_library_has_one_includer():
    for path in SOURCES:
        for number, header in includes(path):
            if header.split("/")[0] in LEVEL:
                continue  # our own, e.g. http/fcgi.h
            for library, home in ONLY_IN:
                if re.match(library, header) and not re.match(home, name_of(path)):
                    yield f"src/{name_of(path)}:{number}: <{header}> belongs to {home}"


def first_line_says_what_the_file_is_for():
    for path in CODE:
        if re.match(r"tests/refused/\d", name_of(path)):
            continue  # there the first line is the expected refusal
        first = TEXT[path].split("\n", 1)[0]
        if not re.match(rf"// {re.escape(name_of(path))} — \S", first):
            yield f"{path.relative_to(REPO)}:1: must begin with '// {name_of(path)} — what it is for'"


def tests_mirror_the_source():
    for folder in sorted({path.parent for path in SOURCES} - {REPO / "src"}):
        mirror = REPO / "tests" / folder.relative_to(REPO / "src").parts[0]
        if not any(mirror.glob("**/*_test.cc")):
            yield f"{folder.relative_to(REPO)}: there is no test in {mirror.relative_to(REPO)}"


def knows_our_format():
    """Whether the clang-format of this machine is the one of .clang-format, Debian 12's: each version
    breaks some lines in other places, so only that one is asked."""
    try:
        said = subprocess.run(["clang-format", "--version"], capture_output=True, text=True).stdout
    except OSError:
        return True  # it is not there: formatting_is_clang_formats says so
    return "version 14." in said


def formatting_is_clang_formats():
    if not CODE:
        return
    try:
        done = subprocess.run(["clang-format", "--dry-run", "-Werror", *map(str, CODE)], cwd=REPO,
                              capture_output=True, text=True)
    except OSError as error:
        yield f"clang-format cannot be run: {error.strerror}"
        return
    for path in sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", done.stderr, re.MULTILINE))):
        yield f"{os.path.relpath(path, REPO)}: not as `make format` leaves it"
    if done.returncode and not done.stderr.strip():
        yield f"clang-format ended with {done.returncode}"


def formatting_is_prettiers():
    try:
        for name in javascript.unformatted():
            yield f"{name}: not as `make format` leaves it"
    except (OSError, subprocess.CalledProcessError) as error:
        yield f"the formatter of JavaScript cannot be run: {error}"


def no_path_of_somebodys_machine():
    private = re.compile(r"(?:-[IL]|(?<![\w./-]))/(?:work|home|root)/[\w.]")
    for path in FILES:
        for number, line in enumerate(read(path).splitlines(), 1):
            if private.search(line):
                yield f"{path.relative_to(REPO)}:{number}: a path of one machine"


def what_make_fuzz_builds_compiles():
    targets = sorted((REPO / "tests" / "fuzz").glob("*.cc"))
    running = [(path, subprocess.Popen(
        ["g++", "-std=c++20", "-fsyntax-only", "-Isrc", "-Itests/fuzz", str(path)], cwd=REPO,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)) for path in targets]
    for path, compiler in running:
        _, said = compiler.communicate()
        if compiler.returncode:
            yield f"{path.relative_to(REPO)}: {said.splitlines()[0]}"


RULES = [folders_know_only_what_is_below, each_library_has_one_includer, first_line_says_what_the_file_is_for,
         tests_mirror_the_source, no_path_of_somebodys_machine, formatting_is_prettiers,
         what_make_fuzz_builds_compiles, *names.RULES,
         *lengths.RULES, *chapters.RULES, *migrations.RULES,
         *([formatting_is_clang_formats] if knows_our_format() else [])]


def main():
    if not SOURCES:
        print("no source found\n0 passed, 1 failed")
        sys.exit(1)
    if not knows_our_format():
        print("not looked at: the formatting of C++, because this is not clang-format 14, which .clang-format is for")
    failed = 0
    for rule in RULES:
        breaches = list(rule())
        failed += bool(breaches)
        for breach in breaches:
            print(breach)
        if breaches:
            print(f"broken: {rule.__name__.replace('_', ' ')} ({len(breaches)})")
    print(f"{len(RULES) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
