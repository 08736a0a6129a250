#!/usr/bin/env python3
"""tests/api/site_test.py — the production site of nginx, over TLS with a certificate of our own."""
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
import unittest
import uuid
import warnings

from client import PASSWORD, read_answer
from support import BINARY, REPOSITORY, App, Stack, eventually, free_port

NAME = "partywall.example"
ACCOUNTS, LOGIN = "/api/v1/accounts/", "/api/v1/auth/login/"
USERS, MESSAGES = "/api/v1/accounts/users/", "/api/v1/user-messages/"
HEADERS = ["X-Request-Id", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"]
POLICY = ["Cache-Control", "Content-Security-Policy"]


def setUpModule():
    global site
    stack = Stack.own(workers=2)
    site = unittest.enterModuleContext(Site(stack))


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
        installed = self.folder / "installed"  # it is written for the nginx that is there
        subprocess.run([REPOSITORY / "systemd/install.sh", BINARY, "/usr", "/etc", installed],
                       check=True)
        shipped = (installed / "etc/nginx/sites-available/partywall").read_text()
        text = re.sub(r"\n *listen \[::\].*", "", shipped)
        for old, new in {"listen 443 ": f"listen 127.0.0.1:{self.https} ",
                         "listen 80": f"listen 127.0.0.1:{self.http}",
                         "/etc/ssl/certs/partywall.pem": self.folder / "cert.pem",
                         "/etc/ssl/private/partywall.key": self.folder / "key.pem",
                         "/usr/share/partywall/www": REPOSITORY / "nginx/www",
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


class Tls(unittest.TestCase):
    def test_nginx_finds_nothing_wrong_with_the_site(self):
        self.assertEqual(site.tested.returncode, 0, site.tested.stderr)
        self.assertNotIn("[warn]", site.tested.stderr)

    def test_a_session_works_and_its_cookies_are_bound_to_this_host_and_to_tls(self):
        session, cookies = site.log_in()
        self.assertEqual(set(cookies), {"__Host-sessionid", "__Host-csrftoken"})
        for cookie in cookies.values():  # what browsers demand of a name that begins so
            self.assertTrue(cookie["secure"])
            self.assertEqual((cookie["path"], cookie["domain"]), ("/", ""))
        users = site.ask("GET", USERS, headers=session)
        self.assertEqual(users.status, 200)
        self.assertTrue(users.json()[0]["url"].startswith(f"https://{NAME}/api/"))
        colleague = {"username": "b" + uuid.uuid4().hex[:12], "password": PASSWORD}
        made = site.ask("POST", USERS, colleague, session)
        self.assertEqual(made.status, 201)
        foreign = session | {"Origin": "https://elsewhere.example"}
        self.assertEqual(site.ask("POST", USERS, colleague, foreign).status, 403)

    def test_only_what_is_modern_is_spoken(self):
        def handshake(**changes):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(site.folder / "cert.pem")
            context.set_ciphers(changes.pop("ciphers", "DEFAULT@SECLEVEL=0"))
            context.set_alpn_protocols(["h2", "http/1.1"])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of what is old on purpose
                for name, value in changes.items():
                    setattr(context, name, value)
            with socket.create_connection(("127.0.0.1", site.https)) as plain, \
                    context.wrap_socket(plain, server_hostname=NAME) as connection:
                return connection.version(), connection.selected_alpn_protocol()
        v1_1, v1_2 = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2
        self.assertEqual(handshake(), ("TLSv1.3", "h2"))
        self.assertEqual(handshake(maximum_version=v1_2), ("TLSv1.2", "h2"))
        with self.assertRaises(OSError):
            handshake(minimum_version=ssl.TLSVersion.TLSv1, maximum_version=v1_1)
        for old in ("AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256"):  # no forward secrecy; CBC
            with self.assertRaises(OSError):
                handshake(maximum_version=v1_2, ciphers=old + ":@SECLEVEL=0")

    def test_http_2_is_served(self):
        done = subprocess.run(
            ["curl", "-sS", "--noproxy", "*", "--http2", "--cacert", site.folder / "cert.pem",
             "--resolve", f"{NAME}:{site.https}:127.0.0.1", "--write-out", "%{http_version}",
             f"https://{NAME}:{site.https}{USERS}"], capture_output=True, text=True)
        self.assertTrue(done.stdout.startswith('{"detail":'), done)
        self.assertTrue(done.stdout.endswith("}2"), done)


class Refusals(unittest.TestCase):
    def assert_json(self, answer, status):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        self.assertEqual(list(answer.json()), ["detail"])

    def test_http_is_redirected_but_for_the_api_and_an_unknown_name_is_421_on_both(self):
        answer = site.ask("GET", "/?x=1", tls=False)
        self.assertEqual((answer.status, answer.headers["Location"]), (301, f"https://{NAME}/?x=1"))
        for tls in (False, True):
            for host in ("other.example", "127.0.0.1", "sub." + NAME):
                self.assert_json(site.ask("GET", USERS, host=host, tls=tls), 421)

    def test_the_api_is_not_served_over_http_and_says_so_and_the_log_says_to_whom(self):
        log = site.folder / "access.log"
        for method, path in (("GET", USERS + "?x=1"), ("GET", "/api"), ("POST", LOGIN), ("POST", ACCOUNTS),
                             ("DELETE", "/api/v1/nothing")):
            before = len(log.read_text())
            answer = site.ask(method, path, tls=False, address="127.0.0.21")
            self.assert_json(answer, 403)
            self.assertIn("https", answer.json()["detail"])
            self.assertNotIn("Location", answer.headers)
            eventually(lambda: '127.0.0.21 - - ' in log.read_text()[before:], "a line in the log")
            self.assertIn(f'"{method} {path} HTTP/1.1" 403', log.read_text()[before:])

    def test_the_log_says_the_address_of_every_refusal(self):
        def said(address):
            return [line for app in site.apps for line in app.log().splitlines()
                    if f"address={address}" in line]
        session, _ = site.log_in()
        self.assertEqual(site.ask("GET", USERS, address="127.0.0.22").status, 401)
        foreign = session | {"Origin": "https://elsewhere.example"}
        self.assertEqual(site.ask("POST", USERS, {}, foreign, address="127.0.0.23").status, 403)
        self.assertEqual(site.ask("GET", "/metrics", address="127.0.0.24").status, 403)  # nginx's own
        self.assertEqual(site.ask("GET", USERS, headers=session, address="127.0.0.25").status, 200)
        for address, status in {"127.0.0.22": 401, "127.0.0.23": 403}.items():
            eventually(lambda: said(address), "a line in the log")
            self.assertIn(f" status={status} ", said(address)[0])
        self.assertIn("client: 127.0.0.24", (site.folder / "error.log").read_text())
        self.assertEqual(said("127.0.0.25"), [])

    def test_the_probes_and_counters_are_for_this_machine_alone(self):
        for path in ("/healthz", "/readyz", "/metrics"):
            self.assertEqual(site.ask("GET", path).status, 200)
            self.assert_json(site.ask("GET", path, address="127.0.0.2"), 403)

    def test_too_many_sign_ups_or_logins_from_one_address_are_429(self):
        for path, address in {ACCOUNTS: "127.0.0.11", LOGIN: "127.0.0.12",
                              "/api/v1/auth/token/": "127.0.0.13"}.items():
            statuses = []
            while 429 not in statuses:
                self.assertLess(len(statuses), 200)
                answer = site.ask("POST", path, {}, address=address)
                statuses.append(answer.status)
            self.assertGreater(len(statuses), 10)  # an office may well log in together
            self.assert_json(answer, 429)
            self.assertEqual(answer.headers["Retry-After"], "10")
            self.assertIn("max-age=", answer.headers["Strict-Transport-Security"])
            self.assertIn(f"client: {address}", (site.folder / "error.log").read_text())
            # It holds for this address and these requests.
            self.assertEqual(site.ask("POST", path, {}, address="127.0.0.3").status, 400)
            self.assertEqual(site.ask("GET", USERS, address=address).status, 401)

    def test_bodies_urls_and_methods_out_of_bounds_are_refused_as_json(self):
        self.assert_json(site.ask("POST", ACCOUNTS, {"x": "y" * (1 << 20)}), 413)
        self.assert_json(site.ask("GET", USERS + "?" + "x" * 10000), 414)
        self.assert_json(site.ask("TRACE", USERS), 405)


class Headers(unittest.TestCase):
    def test_every_answer_has_those_of_security_and_hsts_where_it_came_by_tls(self):
        paths = ["/", "/style.css", "/nothing", "/api", "/api/v1/nothing", USERS, LOGIN, "/healthz",
                 "/readyz", "/metrics", USERS + "?" + "x" * 10000, "/.well-known/acme-challenge/x"]
        for tls in (True, False):
            for host in (NAME, "other.example"):
                for path in paths:
                    answer = site.ask("GET", path, host=host, tls=tls)
                    for name in HEADERS + (POLICY if "acme" not in path else []):
                        self.assertEqual(len(answer.headers.get_all(name, [])), 1, (path, name))
                    self.assertEqual(answer.headers["Strict-Transport-Security"],
                                     "max-age=31536000" if tls else None, path)
                    self.assertEqual(answer.headers["Server"], "nginx")

    def test_hsts_covers_subdomains_where_an_operator_says_so(self):
        setting = site.folder / "snippets/hsts_partywall.conf"
        shipped = setting.resolve()
        self.addCleanup(eventually, lambda: "Sub" not in hsts(), "the shipped setting")
        self.addCleanup(site.reload)
        self.addCleanup(lambda: (setting.unlink(), setting.symlink_to(shipped)))
        hsts = lambda: site.ask("GET", "/api/v1/nothing").headers["Strict-Transport-Security"]
        text = setting.read_text().replace('on "max-age=31536000"', 'on "max-age=31536000; includeSubDomains"')
        setting.unlink()
        setting.write_text(text)
        site.reload()
        eventually(lambda: hsts() == "max-age=31536000; includeSubDomains", "the changed setting")

    def test_the_web_client_is_cached_until_it_changes(self):
        for path in ("/", "/style.css", "/app.js"):
            first = site.ask("GET", path)
            self.assertEqual((first.status, first.headers["Cache-Control"]), (200, "no-cache"))
            self.assertIn("default-src 'none'", first.headers["Content-Security-Policy"])
            again = site.ask("GET", path, headers={"If-None-Match": first.headers["ETag"]})
            self.assertEqual((again.status, again.body), (304, b""))


class SeveralHosts(unittest.TestCase):
    def test_requests_go_on_while_one_of_two_hosts_is_away(self):
        session, _ = site.log_in()
        users = site.ask("GET", USERS, headers=session).json()
        first, second = site.apps
        self.addCleanup(eventually, lambda: site.ask("GET", "/readyz").status == 200, "their return")
        self.addCleanup(lambda: [app.start() for app in site.apps])
        first.process.terminate()
        self.assertEqual(first.process.wait(60), 0)
        for _ in range(10):
            self.assertEqual(site.ask("GET", USERS, headers=session).json(), users)
            # A write that was not begun there is begun here.
            self.assertEqual(site.ask("POST", MESSAGES, {}, session).status, 400)
        second.process.terminate()
        self.assertEqual(second.process.wait(60), 0)
        answer = site.ask("GET", USERS, headers=session)
        self.assertEqual((answer.status, answer.headers["Retry-After"]), (503, "1"))
        self.assertEqual(list(answer.json()), ["detail"])


if __name__ == "__main__":
    unittest.main()
