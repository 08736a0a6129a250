"""tests/api/program.py — the statements of the program, taken from the program itself, so that none is
forgotten."""
import pathlib
import re


def statements(binary):
    """All of its texts that are statements, each on one line, with a ? for each value."""
    texts = (re.sub(r"\s+", " ", found.decode()).strip()
             for found in re.findall(rb"[\t\n\x20-\x7e]{20,}", pathlib.Path(binary).read_bytes()))
    return sorted({text for text in texts if re.match(r"(\( ?)?(SELECT|INSERT|UPDATE|DELETE) ", text)})
