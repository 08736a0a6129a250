"""tests/lengths.py — how long a file and a function may be: rules of lint."""
import ast
import re

from tree import CODE, REPO, WRITTEN, read

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 70


def no_file_is_too_long():
    for path in WRITTEN:
        name, lines = str(path.relative_to(REPO)), read(path).count("\n")
        if lines > MOST_LINES:
            yield f"{name}: {lines} lines, over {MOST_LINES}: a noun is missing"


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


def javascript_functions(text):
    """The same of JavaScript, where a function may be one expression: all that is further to the right."""
    lines = text.splitlines()
    for begin, line in enumerate(lines):
        if not re.search(r"\bfunction\b|=>( \{)?$|^ *(async |static )*(?!if|for|while|switch)[\w$]+\(.*\) \{$", line):
            continue
        indent = len(line) - len(line.lstrip())
        is_inside = re.compile(rf"$| {{{indent}}}( |[\])}}].*(\{{|=>)$)")  # or closes the head and opens the body
        end = next((at for at in range(begin + 1, len(lines)) if not is_inside.match(lines[at])), len(lines))
        closes = end < len(lines) and re.match(r" *[\])}]", lines[end])
        yield begin + 1, end - begin + bool(closes)


def functions(path):
    text = read(path)
    if path.suffix == ".py" or text.startswith("#!/usr/bin/env python3"):
        return python_functions(text)
    if path.suffix in (".js", ".mjs"):
        return javascript_functions(text)
    return blocks(text) if path in CODE else []


def no_function_is_too_long():
    for path in WRITTEN:
        for line, length in functions(path):
            if length > MOST_LINES_OF_A_FUNCTION:
                yield f"{path.relative_to(REPO)}:{line}: a function of {length} lines, over {MOST_LINES_OF_A_FUNCTION}"


RULES = [no_file_is_too_long, no_function_is_too_long]
