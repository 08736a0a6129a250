"""tests/chapters.py — the chapters of the documentation, each a README.md beside what it speaks of (an operator's
have more files): their sections and commands for the tests that follow them, and what lint holds of them all.
"""
import pathlib
import re

REPO = pathlib.Path(__file__).resolve().parent.parent
DOOR = "README.md"
MOST_LINES = 250
IGNORED = {".git", ".state", "build", "build-asan", "node_modules"}
TEXT = {str(path.relative_to(REPO)): path.read_text(encoding="utf-8")  # the door first
        for depth in ("README.md", "*/README.md", "systemd/*.md", "*/*/README.md")
        for path in sorted(REPO.glob(depth))
        if not IGNORED & set(path.relative_to(REPO).parts)}


def outline(text):
    """Each heading with the text below it, up to the next one of whatever level. What looks like a heading in a
    block of code is none."""
    parts = [("", "")]
    is_code = False
    for line in text.splitlines(keepends=True):
        is_code ^= line.startswith("```")
        heading = re.match(r"#+ (.*)\n", line)
        if heading and not is_code:
            parts.append((heading[1], ""))
        else:
            parts[-1] = (parts[-1][0], parts[-1][1] + line)
    return parts


def section(chapter, title):
    return dict(outline(TEXT[chapter]))[title]


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.S | re.M)


def commands(chapter, title):
    """The blocks of commands in a section."""
    return blocks(section(chapter, title), "sh")


def anchor(heading):
    """A heading as it stands behind the # of a link."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def leads_somewhere(chapter, target):
    path, _, fragment = target.partition("#")
    there = (REPO / chapter).parent / path if path else REPO / chapter
    if not there.exists():
        return False
    if not fragment:
        return True
    name = str(there.resolve().relative_to(REPO))
    return fragment in [anchor(heading) for heading, _ in outline(TEXT.get(name, ""))]


def links(text):
    """The targets of all links and pictures within the project."""
    without_code = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.S | re.M)
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", without_code) if "://" not in target]


# ---- the rules of lint: each yields its breaches ------------------------------------------------------


def links_of_chapters_lead_somewhere():
    for chapter, text in TEXT.items():
        for target in links(text):
            if not leads_somewhere(chapter, target):
                yield f"{chapter}: the link to {target} leads nowhere"


def chapters_are_markdown():
    """A tool that takes one for code glues its words together."""
    for chapter, text in TEXT.items():
        if not text.startswith("# "):
            yield f"{chapter}: does not begin with a heading"


def the_door_leads_to_every_chapter():
    for chapter in TEXT:
        folder, _, file = chapter.rpartition("/")
        door, link = (DOOR, chapter) if file == DOOR else (f"{folder}/{DOOR}", file)
        if chapter != DOOR and link not in links(TEXT[door]):
            yield f"{door}: no link to {link}"


def the_door_is_short():
    lines = TEXT[DOOR].count("\n")
    if lines > MOST_LINES:
        yield f"{DOOR}: {lines} lines, over {MOST_LINES}: some of it belongs into a chapter"


def commands_of_chapters_are_run_by_a_test():
    tests = "".join(path.read_text(encoding="utf-8") for path in (REPO / "tests").glob("**/*_test.py"))
    for chapter, text in TEXT.items():
        for title, below in outline(text):
            if blocks(below, "sh") and f'commands("{chapter}", "{title}")' not in tests:
                yield f"{chapter}: no test runs the commands of \"{title}\""


def who_names_a_section_names_one_that_is_there():
    """In comments and messages: the path of a chapter, a comma, and the section in quotes."""
    for folder in ("src", "tests", "nginx", "systemd", "sql"):
        for path in [REPO / "Makefile", *(REPO / folder).glob("**/*")]:
            text = path.read_text(encoding="utf-8", errors="ignore") if path.is_file() else ""
            for chapter, title in re.findall(r'((?:[\w/]+/)?README\.md),\s+"([^"\n]+)"', text):
                if title not in dict(outline(TEXT.get(chapter, ""))):
                    yield f"{path.relative_to(REPO)}: {chapter} has no section \"{title}\""


def targets_that_chapters_name_are_in_the_makefile():
    targets = re.findall(r"^([a-z-]+):", (REPO / "Makefile").read_text(encoding="utf-8"), re.M)
    for chapter, text in TEXT.items():
        for target in re.findall(r"(?:`|^)make\s+([a-z-]+)", text, re.M):
            if target not in targets:
                yield f"{chapter}: the Makefile has no target {target}"


RULES = [chapters_are_markdown, links_of_chapters_lead_somewhere, the_door_leads_to_every_chapter,
         the_door_is_short, commands_of_chapters_are_run_by_a_test,
         who_names_a_section_names_one_that_is_there, targets_that_chapters_name_are_in_the_makefile]
