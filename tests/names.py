"""tests/names.py — every file that a comment or a chapter names exists: a rule of lint."""
import ast
import re

from tree import NAMES, REPO, WRITTEN, read

# A file's name or path. What stands in <> is a system's header.
FILE = re.compile(r"(?<![\w./$@{}<>%~-])((?:[\w.*-]+/)*[\w*-]+"
                  r"\.(?:cc|h|S|py|mjs|js|css|html|sql|sh|lua|md|txt|json|in))(?![\w/*(-]|\.\w)")
# A folder, or a file without its ending.
PLACE = re.compile(r"(?<![\w./$@{}<>%~-])((?:src|sql|nginx|systemd|tests|base|http|db|auth|rest|app|pages|server"
                   r"|admin)/[\w*-]+(?:/[\w*-]+)*)(?![\w/*(.-]*[\w/*(])")
# Parts of a company's archive (app/archive).
OUTSIDE = {"format.json", "manifest.json"}
# What begins a comment in the languages where it is not #.
COMMENT = {"//": (".cc", ".h", ".S", ".js", ".mjs", ".css"), "--": (".sql", ".lua")}


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
    if name in OUTSIDE:
        return True
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


RULES = [every_file_that_is_named_exists]
