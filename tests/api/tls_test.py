#!/usr/bin/env python3
"""tests/api/tls_test.py — a database over TCP: encrypted, and only where it is the right one."""
import pathlib
import subprocess
import unittest

from client import FastCgi
from support import App, Stack, free_port

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
# One account that must use TLS, and two that need not; the server sees us at 127.0.0.1.
ACCOUNTS = """
CREATE USER encrypted@'127.0.0.1' IDENTIFIED BY '{0}' REQUIRE SSL;
CREATE USER plain@'127.0.0.1' IDENTIFIED BY '{0}';
GRANT SELECT, INSERT, UPDATE, DELETE ON {1}.* TO encrypted@'127.0.0.1', plain@'127.0.0.1';
CREATE USER {2}@'127.0.0.1' IDENTIFIED BY '{3}';
"""


def setUpModule():
    global stack, port, ours, others
    stack, port = Stack.own(workers=1), free_port()
    password = pathlib.Path(stack.env["DB_PASSWORD_FILE"]).read_text().strip()
    of_exports = pathlib.Path(stack.env["EXPORTS_PASSWORD_FILE"]).read_text().strip()
    stack.as_root(ACCOUNTS.format(password, stack.env["DB_NAME"], stack.env["EXPORTS_USER"], of_exports))
    ours, others = make_authority("ours"), make_authority("others")
    make_certificate(ours)


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, cwd=stack.state, capture_output=True)


def make_authority(name):
    openssl("req", "-x509", *KEY, "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{name}.key",
            "-out", f"{name}.pem")
    return str(stack.state / f"{name}.pem")


def make_certificate(authority):
    """server.pem, for localhost by its name alone."""
    openssl("req", *KEY, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    (stack.state / "names").write_text("subjectAltName=DNS:localhost")
    openssl("x509", "-req", "-in", "server.csr", "-CA", authority, "-CAkey",
            authority.replace(".pem", ".key"), "-CAcreateserial", "-days", "2", "-extfile", "names",
            "-out", "server.pem")


def serve_over_tcp(with_tls):
    lines = ["[mariadbd]", "skip-networking = 0", "bind-address = 127.0.0.1", f"port = {port}"]
    if with_tls:
        lines += [f"ssl-ca = {ours}", f"ssl-cert = {stack.state}/server.pem",
                  f"ssl-key = {stack.state}/server.key"]
    (stack.state / "my.cnf.d/tcp.cnf").write_text("\n".join(lines) + "\n")
    stack.do("db-stop")
    stack.do("db-start")


def check(host, user, **keys):
    """What check-config says, and its status."""
    config = stack.state / "tcp.toml"
    config.write_text(stack.settings({"host": host, "port": port, **keys}, user=user))
    done = subprocess.run([stack.env["BINARY"], "check-config", "-c", config], text=True,
                          capture_output=True)
    return done.returncode, done.stdout + done.stderr


class Tls(unittest.TestCase):
    def assert_refused(self, said, host, user, sentence="the database is away", **keys):
        status, text = check(host, user, **keys)
        self.assertEqual(status, 1)
        self.assertIn(f"{sentence} ({host}:{port}): ", text)
        self.assertRegex(text, said)

    def test_a_server_of_our_authority_is_taken_by_its_name_and_nobody_else_is(self):
        serve_over_tcp(with_tls=True)
        self.assertEqual(check("localhost", "encrypted", tls_ca=ours)[0], 0)
        self.assert_refused("certificate", "localhost", "encrypted", tls_ca=others)
        self.assert_refused("certificate", "localhost", "plain", tls_ca=others)
        # The same server by a name that is not in its certificate. (It is not "127.0.0.1": that
        # libmariadb 3.4 takes for this machine, whatever a certificate says.)
        self.assert_refused("certificate|Hostname", "127.1", "encrypted", tls_ca=ours)
        # That was encrypted indeed: the account may not come without.
        self.assert_refused("Access denied", "localhost", "encrypted", "the database refuses us")
        database = {"host": "localhost", "port": port, "tls_ca": ours}
        with App(stack, workers=1, database=database, user="encrypted") as app:
            self.assertEqual(FastCgi(app.socket).ask("GET", "/readyz").status, 200)
            self.assertEqual(app.status()["database"], "up")

    def test_a_server_without_a_certificate_is_refused_where_tls_is_wanted(self):
        serve_over_tcp(with_tls=False)
        self.assertEqual(check("localhost", "plain")[0], 0)
        # MariaDB 11.4 makes itself one where it is given none.
        self.assert_refused("SSL is required|self-signed", "localhost", "plain", tls_ca=ours)

    def test_a_file_without_a_certificate_is_refused(self):
        serve_over_tcp(with_tls=True)
        empty = stack.state / "empty.pem"
        empty.write_text("nothing\n")
        self.assert_refused("error 2026", "localhost", "plain", tls_ca=str(empty))


if __name__ == "__main__":
    unittest.main()
