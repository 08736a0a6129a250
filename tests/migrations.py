"""tests/migrations.py — what a migration may do to a table that is large and written to, and what the chapter on
upgrades says of releases: rules of lint."""
import re

from tree import REPO, read

CHAPTER = "systemd/upgrades.md"
WITHOUT_A_STOP = re.compile(r"ALGORITHM\s*=\s*(INPLACE|INSTANT|NOCOPY),\s*LOCK\s*=\s*NONE\s*;?\s*\Z")
LAST_WITHOUT_WORD = 38  # those up to here do not say how; the database took the way that this rule asks for


def statement(path):
    """What a migration executes."""
    return re.sub(r"^--.*\n", "", read(path), flags=re.M).strip()


def migrations():
    return sorted((REPO / "sql").glob("*.sql"))


def no_migration_stops_who_writes():
    for path in migrations():
        if int(path.name[:4]) <= LAST_WITHOUT_WORD:
            continue
        words = statement(path)
        if re.match(r"(ALTER TABLE|CREATE (UNIQUE )?INDEX|DROP INDEX)\b", words) and not WITHOUT_A_STOP.search(words):
            yield f"sql/{path.name}: does not end with ALGORITHM=INPLACE, LOCK=NONE ({CHAPTER})"
        elif re.match(r"(UPDATE|DELETE|INSERT|REPLACE)\b", words):
            yield f"sql/{path.name}: changes rows all at once; a command does so in batches ({CHAPTER})"


def the_chapter_knows_this_release():
    (version, before), oldest = released()[:2], re.search(r"^oldest +:= (\S+)", read(REPO / "Makefile"), re.M)[1]
    rows = re.findall(r"^\| (\d\S*) \| (\d{4})[^|]*\|[^|]*\|([^|]*)\|$", read(REPO / CHAPTER), re.M)
    if [row[0] for row in rows[:2]] != [version, before]:
        yield f"{CHAPTER}: the table does not begin with {version} and {before}"
    elif oldest not in (before, version) or (oldest == before) != rows[0][2].strip().startswith(before):
        yield f"{CHAPTER}: the way back from {version} is not what `oldest` in the Makefile says"
    numbers = [int(first) for _, first, _ in rows]
    if numbers != sorted(numbers, reverse=True) or not numbers or numbers[-1] != 1 or numbers[0] > len(migrations()):
        yield f"{CHAPTER}: the releases' migrations do not follow each other from 0001 on"


def released():
    """The releases in the changelog, newest first."""
    return re.findall(r"^partywall \((\S+)\)", read(REPO / "systemd/debian/changelog"), re.M)


RULES = [no_migration_stops_who_writes, the_chapter_knows_this_release]
