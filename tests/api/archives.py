"""tests/api/archives.py — archives of a company: written by the program, taken apart, and made up."""
import hashlib
import io
import json
import pathlib
import subprocess
import tarfile
import tempfile
import unittest

from support import Stack

MESSAGES, CUSTOMERS = "/api/v2/user-messages/", "/api/v2/customers/"

stack = Stack.shared()


def parts_of(path):
    """The parts of an archive by name, in their order."""
    with tarfile.open(path, "r:gz") as archive:
        return {each.name: archive.extractfile(each).read() for each in archive}


def rows_of(parts, table):
    return [json.loads(line) for name, content in parts.items() if name.startswith(table + "/")
            for line in content.splitlines()]


class Archives(unittest.TestCase):
    """A company with two people, a message and a customer; and a folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.client = stack.client().sign_up()
        self.company = self.client.company
        self.here = f"company_id = UNHEX('{self.company.replace('-', '')}')"
        self.message = self.client.must(201, self.client.post(
            MESSAGES, {"to_user": self.client.colleague["id"], "text": "Grüße \u2028 \"ü\" \\ 🙂"}))
        self.customer = self.client.must(201, self.client.post(
            CUSTOMERS, {"name": "Kim", "email": "kim@x.example", "notes": "a\nb"}))

    def export(self, *options, company=None, name="company.tar.gz"):
        path = self.folder / name
        path.unlink(missing_ok=True)
        status, out, err = stack.type_in("company", "export", company or self.company, str(path), *options)
        self.assertEqual((status, err), (0, ""))
        return path

    def refused(self, *words):
        status, out, err = stack.type_in(*words)
        self.assertEqual((status, out), (1, ""), err)
        return err

    def key(self, name="key", text="k" * 32):
        path = self.folder / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        return str(path)

    def run_block(self, script):
        """Runs a block of commands of the chapter, which must succeed and complain of nothing."""
        done = subprocess.run(["bash", "-euc", f'partywall() {{ "{stack.env["BINARY"]}" "$@" -c "{stack.config}"; }}\n'
                               + script.replace("'Acme'", self.company)],
                              cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


def parts_of_bytes(content):
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return parts_of(file.name)


def packed(parts, compression="gz"):
    """An archive of these parts: (name, content)."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{compression}") as archive:
        for name, content in parts:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def with_sums(parts):
    """The parts with a manifest that is right for them, as whoever changed them can write it."""
    manifest = json.loads(parts["manifest.json"])
    rows = {name: content for name, content in parts.items() if name.endswith(".jsonl")}
    manifest["parts"] = [{"part": name, "rows": content.count(b"\n"), "bytes": len(content),
                          "sha256": hashlib.sha256(content).hexdigest()} for name, content in rows.items()]
    for table in manifest["tables"]:
        table["rows"] = sum(each["rows"] for each in manifest["parts"]
                            if each["part"].startswith(table["table"] + "/"))
    return parts | {"manifest.json": json.dumps(manifest).encode()}


def told(err):
    """What an import says, but that there is another company of the same name."""
    return "".join(line for line in err.splitlines(True) if " another company is called " not in line)


class Imports(Archives):
    """The same, and its archive."""

    def setUp(self):
        super().setUp()
        self.parts = parts_of(self.export())

    def read(self, content, *options):
        path = self.folder / "in.tar.gz"
        path.write_bytes(content)
        return ("company", "import", str(path), *options)

    def imported(self, content, *options):
        status, out, err = stack.type_in(*self.read(content, *options), "--json")
        self.assertEqual((status, told(err)), (0, ""))
        return json.loads(out)["id"]

    def refusal(self, content, *options):
        """What is said of an archive that is refused, and leaves nothing that is seen."""
        before = stack.type_in("company", "list")[1]
        said = self.refused(*self.read(content, *options))
        self.assertEqual(stack.type_in("company", "list")[1], before)
        return said

    def changed(self, **tables):
        """The archive with another first part of some tables, and with sums that are right."""
        return packed(with_sums(self.parts | {f"{name}/000001.jsonl": content
                                              for name, content in tables.items()}).items())

    def row(self, table, **columns):
        return json.dumps(rows_of(self.parts, table)[0] | columns).encode() + b"\n"
