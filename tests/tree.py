"""tests/tree.py — the files of the project, as lint sees them."""
import os
import pathlib
import re

REPO = pathlib.Path(__file__).resolve().parent.parent
IGNORED = {".git", ".state", "build", "build-asan", "node_modules", "__pycache__"}
# What we do not write: data, what other programs write, and the recorded exchanges with their player.
NOT_WRITTEN = re.compile(r"LICENSE$|.*common_passwords|tests/routes\.txt|tests/contract/|.*package-lock\.json"
                         r"|.*\.(png|svg|ico)$")


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
