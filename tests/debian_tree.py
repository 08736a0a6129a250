"""tests/debian_tree.py — a clean Debian in a folder, for the tests that need a host of their own; as root.

It is made by debootstrap from the mirror that this machine's apt uses, and is gone at the end.
"""
import atexit
import contextlib
import pathlib
import shutil
import subprocess
import tempfile

REPO = pathlib.Path(__file__).resolve().parent.parent
BOOT = REPO / "tests/boot_tree.sh"


def run(*command, seconds=900):
    """What a command prints; fails with it."""
    done = subprocess.run([str(each) for each in command], stdin=subprocess.DEVNULL, timeout=seconds,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise AssertionError(f"{command}: status {done.returncode}\n{done.stdout[-5000:]}")
    return done.stdout


def this_release():
    """The name of the Debian that runs here, "bookworm"."""
    return next(line.partition("=")[2] for line in pathlib.Path("/etc/os-release").read_text().splitlines()
                if line.startswith("VERSION_CODENAME="))


class Tree:
    """`path` is its root. `suite` is a release's name, `include` what it has beyond the least."""

    def __init__(self, suite, include):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="partywall-debian."))
        atexit.register(self.close)
        self.path.chmod(0o755)  # it is to be the root of all users
        mirror = run("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages",
                     f"Codename: {this_release()}").split()[0]
        run("debootstrap", "--variant=minbase", "--include=" + ",".join(include), suite, self.path,
            mirror)
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", self.path / "etc" / name)
        proxies = [line for line in run("apt-config", "dump").splitlines() if "::Proxy" in line]
        (self.path / "etc/apt/apt.conf.d/90test").write_text("\n".join(
            [*proxies, 'APT::Get::Assume-Yes "true";', 'Dpkg::Options { "--force-confold"; };', ""]))

    @contextlib.contextmanager
    def proc(self):
        run("mount", "-t", "proc", "proc", self.path / "proc")
        try:
            yield
        finally:
            run("umount", self.path / "proc")

    def close(self):
        shutil.rmtree(self.path, ignore_errors=True)
