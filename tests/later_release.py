"""tests/later_release.py — a release that follows this one: a copy of the sources with one more migration."""
import copy_of_sources

VERSION = "999.0"


def build(folder, built, statement):
    """Builds it in a folder, from what is built here; answers the program. It leaves room for ours."""
    copy_of_sources.copy(folder, built)
    number = 1 + max(int(path.name[:4]) for path in (folder / "sql").iterdir())
    (folder / f"sql/{number:04}_later.sql").write_text(f"-- Of the release after this one.\n{statement};\n")
    changelog = folder / "systemd/debian/changelog"
    changelog.write_text(f"partywall ({VERSION}) bookworm; urgency=medium\n\n" + changelog.read_text())
    done = copy_of_sources.make(folder, built.name, "partywall")
    if done.returncode:
        raise AssertionError(done.stdout[-3000:] + done.stderr[-3000:])
    return folder / built.name / "partywall"
