"""tests/api/tls_site.py — nginx with the production site, over TLS, before two pools."""
import contextlib
import http.cookies
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import uuid

from client import PASSWORD, read_answer
from support import BINARY, REPOSITORY, App, eventually, free_port

NAME = "partywall.example"
ACCOUNTS, LOGIN = "/api/v1/accounts/", "/api/v1/auth/login/"


class Site:
    """nginx with the shipped site: other ports, files and name servers, and no other change."""

    def __init__(self, stack):
        self.stack, self.exit = stack, contextlib.ExitStack()
        self.http, self.https = free_port(), free_port()

    def __enter__(self):
        self.folder = pathlib.Path(self.exit.enter_context(
            tempfile.TemporaryDirectory(prefix="partywall-site.")))
        self.apps = [self.exit.enter_context(App(self.stack, public_urls=[f"https://{NAME}"]))
                     for _ in range(2)]
        # The file of a certificate is the only one that has to be made.
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
                        "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", self.folder / "key.pem",
                        "-out", self.folder / "cert.pem"], check=True, capture_output=True)
        self.write()
        self.tested = subprocess.run(["nginx", "-t", *self.options()], capture_output=True, text=True)
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", "nginx", *self.options()],
                                        stdin=subprocess.DEVNULL)
        self.exit.callback(self.stop)
        eventually(lambda: self.process.poll() is not None or self.listens(), "nginx")
        return self

    def __exit__(self, *_):
        self.exit.close()

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def listens(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.https)):
            return True

    def options(self):
        return ["-e", "stderr", "-p", self.folder, "-c", self.folder / "nginx.conf"]

    def write(self):
        (self.folder / "snippets").mkdir()
        for path in (REPOSITORY / "nginx").glob("*_partywall.conf"):
            (self.folder / "snippets" / path.name).symlink_to(path)
        self.replace("log_partywall.conf", "/var/log/nginx/partywall.log", self.folder / "refused.log")
        installed = self.folder / "installed"  # it is written for the nginx that is there
        subprocess.run([REPOSITORY / "systemd/install.sh", BINARY, "/usr", "/etc", installed],
                       check=True)
        shipped = (installed / "etc/nginx/sites-available/partywall").read_text()
        text = re.sub(r"\n *listen \[::\].*", "", shipped)
        for old, new in {"listen 443 ": f"listen 127.0.0.1:{self.https} ",
                         "listen 80": f"listen 127.0.0.1:{self.http}",
                         "/etc/ssl/certs/partywall.pem": self.folder / "cert.pem",
                         "/etc/ssl/private/partywall.key": self.folder / "key.pem",
                         "/usr/share/partywall/www": installed / "usr/share/partywall/www",
                         "/run/partywall/partywall.sock": self.apps[0].socket,
                         "#server 10.0.0.2:9000": f"server unix:{self.apps[1].socket}"}.items():
            assert old in text, old
            text = text.replace(old, str(new))
        (self.folder / "site").write_text(text)
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in
                            ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            f"daemon off; {user}\npid {self.folder}/pid;\nerror_log {self.folder}/error.log;\n"
            f"events {{}}\nhttp {{\naccess_log {self.folder}/access.log;\n{temporary}include site;\n}}\n")

    def replace(self, snippet, old, new):
        """Another word in one of the snippets."""
        path = self.folder / "snippets" / snippet
        text = path.read_text()
        assert old in text, old
        path.unlink()
        path.write_text(text.replace(old, str(new)))

    def ask(self, method, path, body=None, headers=None, host=NAME, tls=True, address="127.0.0.1",
            context=None):
        """One request from an address of this machine; without following anything."""
        lines = {"Host": host, "Connection": "close", **(headers or {})}
        content = b"" if body is None else json.dumps(body).encode()
        if body is not None:
            lines |= {"Content-Type": "application/json", "Content-Length": len(content)}
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
        port = self.https if tls else self.http
        with socket.create_connection(("127.0.0.1", port), 60, (address, 0)) as connection:
            if tls:
                context = context or ssl.create_default_context(cafile=self.folder / "cert.pem")
                connection = context.wrap_socket(connection, server_hostname=NAME)
            with connection:
                connection.sendall(head.encode() + b"\r\n" + content)
                return read_answer(connection, method)

    def log_in(self):
        """Signs a company up and logs in; the headers of a session, and the cookies as they came."""
        user = {"username": "a" + uuid.uuid4().hex[:12], "password": PASSWORD}
        made = self.ask("POST", ACCOUNTS, {"company": {"name": "Acme", "address": ""}, "user": user},
                        address="127.0.0.9")
        assert made.status == 201, made
        answer = self.ask("POST", LOGIN, user, address="127.0.0.9")
        assert answer.status == 200, answer
        cookies = http.cookies.SimpleCookie()
        for line in answer.headers.get_all("Set-Cookie"):
            cookies.load(line)
        return {"Cookie": "; ".join(f"{name}={each.value}" for name, each in cookies.items()),
                "X-CSRFToken": cookies["__Host-csrftoken"].value,
                "Referer": f"https://{NAME}/"}, cookies
