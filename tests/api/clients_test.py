"""tests/api/clients_test.py — the API's description holds for those who write clients: it lints clean, types are
made of it, its examples and the commands of the reference work. The clients themselves are in tests/clients.
"""
import contextlib
import copy
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request
import uuid

REPO = pathlib.Path(__file__).resolve().parents[2]
CLIENTS, MODULES = REPO / "tests/clients", REPO / "build/clients"
URL = os.environ["PARTYWALL_URL"]
VERSIONS = ("v1", "v2")
PASSWORD = "Mild-7731-Kite!"


def install():
    """`npm ci`, when the lock file is not the one that was installed."""
    lock, installed = CLIENTS / "package-lock.json", MODULES / "installed.json"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        MODULES.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(CLIENTS / name, MODULES / name)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=MODULES, check=True,
                       stdout=subprocess.DEVNULL)
        shutil.copy(lock, installed)


def run(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        raise AssertionError(f"{command[0]} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def tool(name, *arguments):
    return run(str(MODULES / "node_modules/.bin" / name), *map(str, arguments), cwd=MODULES,
               env={**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"})


def unique():
    return "kim" + uuid.uuid4().hex[:12]


def ask(method, path, body=None, token=None, more=()):
    """Status and document of an answer."""
    headers = {"Content-Type": "application/json", **dict(more)}
    if token:
        headers["Authorization"] = "Bearer " + token
    request = urllib.request.Request(path if path.startswith("http") else URL + path, method=method, headers=headers,
                                     data=json.dumps(body).encode() if body is not None else None)
    try:
        with urllib.request.urlopen(request) as answer:
            text, status = answer.read(), answer.status
    except urllib.error.HTTPError as refusal:
        text, status = refusal.read(), refusal.code
    return status, json.loads(text) if text else None


class Description(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install()
        cls.files = {}
        for version in VERSIONS:
            cls.files[version] = MODULES / f"{version}.json"
            cls.files[version].write_bytes(urllib.request.urlopen(f"{URL}/api/{version}/openapi.json").read())

    def test_of_each_version_lints_clean(self):
        for version in VERSIONS:
            out = tool("redocly", "lint", "--config", CLIENTS / "redocly.yaml", self.files[version])
            self.assertIn("valid", out)
            self.assertNotIn("warning", out)

    def test_is_the_same_as_JSON_as_YAML_and_as_the_program_prints_it(self):
        for version in VERSIONS:
            document = json.loads(self.files[version].read_text())
            tool("redocly", "bundle", f"{URL}/api/{version}/openapi.yaml", "--output", MODULES / "yaml.json")
            self.assertEqual(document, json.loads((MODULES / "yaml.json").read_text()))
            printed = json.loads(run(os.environ["PARTYWALL_BINARY"], "openapi", version[1:]))
            for each in (document, printed):  # one knows the host
                del each["servers"], each["info"]["description"]
            self.assertEqual(document, printed)

    def test_makes_types_with_which_a_client_compiles_and_works(self):
        work = MODULES / "typescript"
        work.mkdir(exist_ok=True)
        for name in ("story.ts", "tsconfig.json", "package.json"):
            shutil.copy(CLIENTS / name, work / name)
        tool("openapi-typescript", self.files["v2"], "--output", work / "partywall.ts")
        tool("tsc", "--project", work)
        self.assertIn("ends well", run("node", str(work / "story.js"), URL, unique()))

    def test_is_what_a_client_of_requests_finds(self):
        self.assertIn("ends well", run(sys.executable, str(CLIENTS / "story.py"), URL, unique()))


class Company:
    """Somebody's company, with a row of each kind; `ids` is what stands in a path or an example."""

    def __init__(self, version):
        self.api, self.name = f"/api/{version}", unique()
        made = ask("POST", self.api + "/accounts/", {"company": {"name": "Acme", "address": "1 Main St"},
                                                     "user": {"username": self.name, "password": PASSWORD}})[1]
        pair = ask("POST", self.api + "/auth/token/", {"username": self.name, "password": PASSWORD})[1]
        self.token, self.refresh = pair["access"], pair["refresh"]
        colleague = unique()
        user = self.make("/accounts/users/", {"username": colleague, "password": PASSWORD})
        pair = ask("POST", self.api + "/auth/token/", {"username": colleague, "password": PASSWORD})[1]
        self.colleague_token = pair["access"]
        message = ask("POST", self.api + "/user-messages/", {"to_user": f"/api/v1/accounts/users/{made['user']['id']}",
                                                            "text": "Hello"}, self.colleague_token)[1]
        self.invitation = self.make("/accounts/invitations/", {})["token"]
        self.link = ask("POST", f"/api/v2/accounts/users/{user['id']}/password-link", {}, self.token)[1]["token"]
        export = ask("POST", "/api/v2/exports/", {"kind": "personal"}, self.token)[1]
        self.ids = {"export_id": export["id"], "user_id": user["id"], "message_id": message["id"], "company_id": made["company"]["id"],
                    "customer_id": self.make("/customers/", {"name": "C", "email": "c@example.com"})["id"]}

    def make(self, path, body):
        status, made = ask("POST", self.api + path, body, self.token)
        assert status == 201, made
        return made


class Examples(unittest.TestCase):
    # What an example cannot know: it is made for nobody in particular.
    REAL = {"to_user": "user_id", "with": "user_id", "until": "message_id", "company": "company_id",
            "default_company": "company_id"}

    OWN_NAME = ("/auth/token/", "/auth/login/", "/auth/second-factor/set-up/")
    # Only a session does some of these; and no example knows a code. Commands of the reference do.
    BY_COMMAND = ("/auth/company/", "/exports/{export_id}/link", "/auth/second-factor/confirm/",
                  "/auth/second-factor/recovery-codes/", "/auth/second-factor/off/", "/auth/email/verify/")

    def filled(self, company, example, path):
        filled = copy.deepcopy(example)
        for name, value in filled.items():
            if isinstance(value, dict):
                filled[name] = self.filled(company, value, path)
            elif name in self.REAL:
                filled[name] = re.sub(r"[0-9a-f-]{36}", company.ids[self.REAL[name]], value)
            elif name == "username":
                filled[name] = company.name if path in self.OWN_NAME else unique()
            elif name == "token":
                filled[name] = (company.invitation if "invitation" in path else
                                company.link if path == "/auth/password/" else company.token)
            elif name == "refresh":
                filled[name] = company.refresh
        return filled

    def test_of_bodies_are_taken(self):
        sent = 0
        for version in VERSIONS:
            document = json.loads(urllib.request.urlopen(f"{URL}/api/{version}/openapi.json").read())
            for path, item in document["paths"].items():
                for method, operation in item.items():
                    content = operation.get("requestBody", {}) if isinstance(operation, dict) else {}
                    example = content.get("content", {}).get("application/json", {}).get("example")
                    if example is None or path in self.BY_COMMAND:
                        continue
                    company = Company(version)
                    body = self.filled(company, example, path)
                    if path == "/accounts/users/{user_id}":
                        body.pop("current_password", None)
                    url = re.sub(r"\{(\w+)\}", lambda name: company.ids[name[1]], company.api + path)
                    token = company.token if operation["security"] and {} not in operation["security"] else None
                    if path == "/auth/second-factor/set-up/":  # by name it is for whom a company keeps out
                        token = company.token
                    if (method, path) == ("delete", "/auth/me"):  # which a last admin cannot
                        token = company.colleague_token
                    status, answer = ask(method.upper(), url, body, token)
                    with self.subTest(f"{method} {version}{path}"):
                        self.assertIn(str(status), [code for code in operation["responses"] if code < "300"], answer)
                    sent += 1
        self.assertGreaterEqual(sent, 40)

    def test_of_parameters_are_taken(self):
        sent = 0
        for version in VERSIONS:
            document = json.loads(urllib.request.urlopen(f"{URL}/api/{version}/openapi.json").read())
            company = Company(version)
            for path, item in document["paths"].items():
                operation = item.get("get", {"responses": {"200": {}}, "parameters": []})
                if "application/json" not in operation["responses"]["200"].get("content", ()):
                    continue
                for parameter in operation["parameters"]:
                    if "$ref" in parameter:
                        parameter = document["components"]["parameters"][parameter["$ref"].split("/")[-1]]
                    name, value = parameter["name"], parameter["example"]
                    url = re.sub(r"\{(\w+)\}", lambda found: company.ids[found[1]], company.api + path)
                    headers = {}
                    if name == "format" and value != "json":
                        continue
                    if parameter["in"] == "query":
                        url += "?" + urllib.parse.urlencode({name: value})
                    else:
                        headers[name] = company.ids["company_id"] if name == "X-Company" else value
                    status, answer = ask("GET", url, None, company.token, headers)
                    with self.subTest(f"{version}{path} {name}"):
                        self.assertEqual(status, 200, answer)
                    sent += 1
        self.assertGreater(sent, 90)


@contextlib.contextmanager
def exporting():
    """Exports are made meanwhile, as partywall-exports.timer does."""
    loop = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", "bash", "-c",
                             'while sleep 1; do "$PARTYWALL_BINARY" exports -c "$PARTYWALL_CONFIG"; done'],
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        loop.terminate()
        loop.wait()


class Commands(unittest.TestCase):
    # Every command has to be answered well.
    STRICT = """set -eo pipefail
curl() { command curl -sS --fail-with-body "$@" || { printf '\\nrefused: %s\\n' "$*" >&2; return 22; }; }
"""

    def test_of_the_reference_work_when_all_are_pasted_in_order(self):
        for version in VERSIONS:
            page = urllib.request.urlopen(f"{URL}/api/{version}/docs/").read().decode()
            page = re.sub(r'<section class="card" id="clients">.*?</section>', "", page, flags=re.S)
            blocks = [html.unescape(text) for text in re.findall(r'<pre class="thing"[^>]*>(.*?)</pre>', page, re.S)]
            self.assertGreater(len(blocks), 50)
            with tempfile.TemporaryDirectory() as folder, exporting():
                run("bash", "-c", self.STRICT + "\n".join(blocks), cwd=folder, env={**os.environ, "no_proxy": "*"})

    def test_of_the_reference_for_the_clients_are_those_that_are_run(self):
        page = html.unescape(urllib.request.urlopen(URL + "/docs/").read().decode())
        for name in ("story.py", "story.ts"):
            self.assertIn((CLIENTS / name).read_text(), page)


if __name__ == "__main__":
    unittest.main()
