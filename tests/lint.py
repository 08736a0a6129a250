#!/usr/bin/env python3
"""tests/lint.py — the conventions that a machine can hold; prints each breach, then `N passed, N failed`.

Rules are counted, not breaches. Works in any copy of the tree, with git or without.
"""

import ast
import os
import pathlib
import re
import subprocess
import sys

import chapters

REPO = pathlib.Path(__file__).resolve().parent.parent

# main → { server, admin } → pages → app → rest → auth → { http, db } → base: a folder includes itself and
# what is below it; but the commands of an operator have no pages.
LEVEL = {"base": 0, "http": 1, "db": 1, "auth": 2, "rest": 3, "app": 4, "server": 6, "admin": 6}
STRANGERS = {("admin", "pages")}

# Each third-party library has one place in src that includes it.
ONLY_IN = [
    (r"openssl/|argon2\.h", r"base/crypto\."),
    (r"utf8proc\.h", r"base/text\."),
    (r"toml\+\+|toml\.h", r"base/config\."),
    (r"fcgi\w*\.h", r"http/fcgi\."),
    (r"rapidjson/", r"http/json\."),
    (r"cppconn/|mysql|mariadb", r"db/connection\."),
    (r"CLI", r"main\.cc$|admin/command_line\."),
    (r"systemd/", r"server/"),
    (r"boost/", r"base/fields\."),
]

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 70
YET_TO_BE_SPLIT = {"src/db/sql_check.h"}
# What we do not write: data, what other programs write, and the recorded exchanges with their player.
NOT_WRITTEN = re.compile(r"LICENSE$|.*common_passwords|tests/routes\.txt|tests/contract/|.*package-lock\.json"
                         r"|.*\.(png|svg|ico)$")

# A file's name or path in a comment or a chapter. What stands in <> is a system's header.
FILE = re.compile(r"(?<![\w./$@{}<>%~-])((?:[\w.*-]+/)*[\w*-]+"
                  r"\.(?:cc|h|S|py|mjs|js|css|html|sql|sh|lua|md|txt|json|in))(?![\w/*(-]|\.\w)")
PLACE = re.compile(r"(?<![\w./$@{}<>%~-])((?:src|sql|nginx|systemd|tests|base|http|db|auth|rest|app|pages|server"
                   r"|admin)/[\w*-]+(?:/[\w*-]+)*)(?![\w/*(.-]*[\w/*(])")
# A comment's line in the languages that have one; Python's strings of documentation are found otherwise.
COMMENT = {"//": (".cc", ".h", ".S", ".js", ".mjs", ".css"), "--": (".sql", ".lua"), "#": ("",)}
IGNORED = {".git", ".state", "build", "build-asan", "node_modules", "__pycache__"}


def tree():
    """Every file of the project: build folders, and folders that say `*` to git, are not part of it."""
    for folder, folders, names in os.walk(REPO):
        folders[:] = sorted(
            name for name in folders if name not in IGNORED
            and not is_all(pathlib.Path(folder, name, ".gitignore")))
        for name in sorted(set(names) - IGNORED):  # in a linked work tree .git is a file
            yield pathlib.Path(folder, name)


def is_all(gitignore):
    return gitignore.exists() and gitignore.read_text().strip() == "*"


def read(path):
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


FILES = list(tree())
CODE = [path for path in FILES if path.suffix in (".cc", ".h")
        and path.relative_to(REPO).parts[0] in ("src", "tests")]
SOURCES = [path for path in CODE if path.is_relative_to(REPO / "src")]
TEXT = {path: read(path) for path in CODE}
WRITTEN = [path for path in FILES if not NOT_WRITTEN.match(str(path.relative_to(REPO)))]
NAMES = {path.name for path in FILES}


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
            if there in LEVEL and there != here and (LEVEL[there] >= LEVEL[here]
                                                     or (here, there) in STRANGERS):
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


def no_file_is_too_long():
    for path in WRITTEN:
        lines = read(path).count("\n")
        if lines > MOST_LINES and str(path.relative_to(REPO)) not in YET_TO_BE_SPLIT:
            yield f"{path.relative_to(REPO)}: {lines} lines, over {MOST_LINES}: a noun is missing"


def python_functions(text):
    """The first line and the length of each function."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1


def blocks(text):
    """The first line and the length of what stands in braces. The formatter has put the line that ends
    a block below the one that begins it: between them everything is further to the right."""
    lines = text.splitlines()
    for end, line in enumerate(lines):
        close = re.match(r"( *)\}\)?$", line)
        if not close:  # of a type or a list of values, with a semicolon; of a namespace, with its name
            continue
        indent = len(close[1])
        begins = re.compile(rf" {{{indent}}}[^\s}})#]")
        begin = next((at for at in range(end - 1, -1, -1) if begins.match(lines[at])), end)
        yield begin + 1, end - begin + 1


def no_function_is_too_long():
    for path in WRITTEN:
        is_python = path.suffix == ".py" or read(path).startswith("#!/usr/bin/env python3")
        if not is_python and path not in CODE:
            continue
        for line, length in (python_functions if is_python else blocks)(read(path)):
            if length > MOST_LINES_OF_A_FUNCTION:
                yield f"{path.relative_to(REPO)}:{line}: a function of {length} lines, over {MOST_LINES_OF_A_FUNCTION}"


def tests_mirror_the_source():
    for folder in sorted({path.parent for path in SOURCES} - {REPO / "src"}):
        mirror = REPO / "tests" / folder.relative_to(REPO / "src").parts[0]
        if not any(mirror.glob("**/*_test.cc")):
            yield f"{folder.relative_to(REPO)}: there is no test in {mirror.relative_to(REPO)}"


def comments(path):
    """Line number and text of what a file says to its readers."""
    text = read(path)
    if path.suffix == ".md":
        yield from enumerate(text.splitlines(), 1)
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
                yield node.body[0].lineno, ast.get_docstring(node).replace("\n", " ")
    mark = next((mark for mark, kinds in COMMENT.items() if path.suffix in kinds), "#")
    for number, line in enumerate(text.splitlines(), 1):
        found = re.search(rf"(?:^|\s)(?:{mark}|/?\*)\s(.*)", line)
        if found:
            yield number, found[1]


def exists(name, reader):
    """Whether a name in a comment of `reader` leads to a file or a folder."""
    if "/" not in name:
        return name in NAMES or "*" in name and any(reader.parent.glob(name))
    return any(any(place.glob(name + end)) for end in ("", ".*") for place in
               (REPO, REPO / "src", REPO / "tests", reader.parent))


def every_file_that_is_named_exists():
    for path in WRITTEN:
        to_be_made = re.findall(r"[Tt]he file `([^`]+)`", read(path)) if path.suffix == ".md" else []
        for number, text in comments(path):
            for name in FILE.findall(text) + PLACE.findall(text):
                if not exists(name, path) and not any(each.endswith(name) for each in to_be_made):
                    yield f"{path.relative_to(REPO)}:{number}: there is no {name}"


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


def no_path_of_somebodys_machine():
    private = re.compile(r"(?:-[IL]|(?<![\w./-]))/(?:work|home|root)/[\w.]")
    for path in FILES:
        for number, line in enumerate(read(path).splitlines(), 1):
            if private.search(line):
                yield f"{path.relative_to(REPO)}:{number}: a path of one machine"


RULES = [folders_know_only_what_is_below, each_library_has_one_includer,
         first_line_says_what_the_file_is_for, no_file_is_too_long, no_function_is_too_long,
         every_file_that_is_named_exists, tests_mirror_the_source, no_path_of_somebodys_machine,
         *chapters.RULES, *([formatting_is_clang_formats] if knows_our_format() else [])]


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
