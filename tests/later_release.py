"""tests/later_release.py — a release that follows this one: a copy of the sources with one more migration."""
import pathlib
import shutil
import subprocess

REPO = pathlib.Path(__file__).resolve().parent.parent
VERSION = "999.0"


def build(folder, built, statement):
    """Builds it in a folder, from what is built here; answers the program. It leaves room for ours."""
    for name in ("Makefile", "sql", "src", "systemd", "tests/deps.sh"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", REPO / name, folder / name], check=True)
    subprocess.run(["cp", "-a", built, folder / built.name], check=True)
    shutil.rmtree(folder / built.name / "deb", ignore_errors=True)
    number = 1 + max(int(path.name[:4]) for path in (folder / "sql").iterdir())
    (folder / f"sql/{number:04}_later.sql").write_text(f"-- Of the release after this one.\n{statement};\n")
    changelog = folder / "systemd/debian/changelog"
    changelog.write_text(f"partywall ({VERSION}) bookworm; urgency=medium\n\n" + changelog.read_text())
    sanitize = "SANITIZE=1" if "asan" in built.name else "SANITIZE="
    subprocess.run(["make", "-C", folder, sanitize, f"{built.name}/partywall"], check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return folder / built.name / "partywall"
