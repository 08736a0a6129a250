#!/usr/bin/env python3
"""tests/api/site_test.py — the production site of nginx, over TLS with a certificate of our own."""
import functools
import re
import socket
import ssl
import subprocess
import unittest
import uuid
import warnings

from client import PASSWORD
from refusal import assert_nginx_refuses
from support import REPOSITORY, Stack, eventually
from tls_site import ACCOUNTS, LOGIN, NAME, Site

USERS, MESSAGES = "/api/v1/accounts/users/", "/api/v1/user-messages/"
HEADERS = ["X-Request-Id", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"]
POLICY = ["Cache-Control", "Content-Security-Policy"]


def stylesheet():
    """Its address, which changes with its content."""
    return re.search(r'"(/[^"]*\.css)"', site.ask("GET", "/").text)[1]


def setUpModule():
    global site
    stack = Stack.own(workers=2)
    site = unittest.enterModuleContext(Site(stack))


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
    def test_http_is_redirected_but_for_the_api_and_an_unknown_name_is_421_on_both(self):
        answer = site.ask("GET", "/?x=1", tls=False)
        self.assertEqual((answer.status, answer.headers["Location"]), (301, f"https://{NAME}/?x=1"))
        for tls in (False, True):
            for host in ("other.example", "127.0.0.1", "sub." + NAME):
                for path, code in ((USERS, None), ("/", None), ("/api/v2/customers/", "misdirected")):
                    answer = site.ask("GET", path, host=host, tls=tls)
                    self.assertEqual(assert_nginx_refuses(self, answer, 421, code), "Unknown host.")

    def test_the_api_is_not_served_over_http_and_says_so_and_the_log_says_to_whom(self):
        log = site.folder / "refused.log"
        for method, path, code in (("GET", USERS + "?x=1", None), ("POST", LOGIN, None), ("POST", ACCOUNTS, None),
                                   ("DELETE", "/api/v1/nothing", None), ("GET", "/api/v2/customers/", "forbidden"), ("GET", "/api", "forbidden"),
                                   ("POST", "/api/v2/auth/login/", "forbidden")):
            before = len(log.read_text())
            answer = site.ask(method, path, tls=False, address="127.0.0.21")
            self.assertIn("https", assert_nginx_refuses(self, answer, 403, code))
            self.assertNotIn("Location", answer.headers)
            eventually(lambda: " address=127.0.0.21 " in log.read_text()[before:], "a line in the log")
            self.assertIn(f'"{method} {path} HTTP/1.1"', log.read_text()[before:])

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

    def test_the_log_of_nginx_has_the_id_of_every_refusal_of_its_own_and_nothing_else(self):
        log = site.folder / "refused.log"
        for path in (USERS, "/", "/nothing"):  # these are refused over plain HTTP, or for an unknown name
            site.ask("GET", path, address="127.0.0.26")
        for number, (host, tls, path, status) in enumerate((
                (NAME, True, "/metrics", 403), (NAME, True, "/api/v2/" + "x" * 9000, 414),
                (NAME, False, "/api/v2/customers/", 403), (NAME, False, "/api/%00", 400),
                ("other.example", True, "/api/v2/", 421), ("other.example", False, "/", 421))):
            answer = site.ask("GET", path, host=host, tls=tls, address="127.0.0.26")
            self.assertEqual(answer.status, status)
            wanted = f" request={answer.headers['X-Request-Id']} status={status} address=127.0.0.26 "
            eventually(lambda: wanted in log.read_text(), "a line in the log")
            self.assertEqual(log.read_text().count(" address=127.0.0.26 "), number + 1)

    def test_the_probes_and_counters_are_for_this_machine_alone(self):
        for path in ("/healthz", "/readyz", "/metrics"):
            self.assertEqual(site.ask("GET", path).status, 200)
            assert_nginx_refuses(self, site.ask("GET", path, address="127.0.0.2"), 403)

    def test_too_many_sign_ups_or_logins_from_one_address_are_429(self):
        limited = ["accounts/", "auth/login/", "auth/token/"]
        for number, path in enumerate(f"/api/v{version}/{name}" for version in (1, 2) for name in limited):
            address, statuses = f"127.0.0.{11 + number}", []
            while 429 not in statuses:
                self.assertLess(len(statuses), 200)
                answer = site.ask("POST", path, {}, address=address)
                statuses.append(answer.status)
            self.assertGreater(len(statuses), 10)  # an office may well log in together
            said = assert_nginx_refuses(self, answer, 429, "too_many_requests" if "v2" in path else None)
            self.assertEqual(said, "Too many tries. Try again later.")
            self.assertEqual(answer.headers["Retry-After"], "10")
            self.assertIn("max-age=", answer.headers["Strict-Transport-Security"])
            self.assertIn(f"client: {address}", (site.folder / "error.log").read_text())
            # It holds for this address and these requests.
            self.assertEqual(site.ask("POST", path, {}, address="127.0.0.3").status, 400)
            self.assertEqual(site.ask("GET", USERS, address=address).status, 401)

    def test_bodies_urls_and_methods_out_of_bounds_are_refused_in_the_form_of_the_version(self):
        for tls, host in ((True, NAME), (False, NAME), (True, "other.example"), (False, "other.example")):
            ask = functools.partial(site.ask, host=host, tls=tls)
            large = (413, "too_large") if host == NAME else (421, "misdirected")
            for path in ("/api/v1/accounts/", "/api/v2/accounts/"):
                for answer, status, code in ((ask("POST", path, {"x": "y" * (1 << 20)}), *large),
                                             (ask("GET", path + "?" + "x" * 10000), 414, "uri_too_long"),
                                             (ask("TRACE", path), 405, "method_not_allowed")):
                    with self.subTest(path=path, status=status, tls=tls, host=host):
                        assert_nginx_refuses(self, answer, status, code if "v2" in path else None)

    def test_each_code_of_nginx_is_described(self):
        described = site.ask("GET", "/docs/").text
        codes = {code for path in (REPOSITORY / "nginx").glob("*.conf")
                 for code in re.findall(r"/docs/#error-(\w+)", path.read_text())}
        self.assertIn("misdirected", codes)
        self.assertEqual({code for code in codes if f'id="error-{code}"' not in described}, set())


class Headers(unittest.TestCase):
    def test_every_answer_has_those_of_security_and_hsts_where_it_came_by_tls(self):
        paths = ["/", stylesheet(), "/nothing", "/api", "/api/v1/nothing", USERS, LOGIN, "/healthz",
                 "/readyz", "/metrics", USERS + "?" + "x" * 10000, "/.well-known/acme-challenge/x"]
        for tls in (True, False):
            for host in (NAME, "other.example"):
                for path in paths:
                    answer = site.ask("GET", path, host=host, tls=tls)
                    for name in HEADERS + (POLICY if "acme" not in path else []):
                        # Modules and styles do nothing by themselves.
                        wanted = 0 if name == POLICY[1] and path.startswith("/assets/") and answer.status == 200 else 1
                        self.assertEqual(len(answer.headers.get_all(name, [])), wanted, (path, name))
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
        site.replace(setting.name, 'on "max-age=31536000"', 'on "max-age=31536000; includeSubDomains"')
        site.reload()
        eventually(lambda: hsts() == "max-age=31536000; includeSubDomains", "the changed setting")

    def test_the_web_client_is_cached_until_it_changes(self):
        for path, kept in {"/": "no-cache", stylesheet(): "public, max-age=31536000, immutable"}.items():
            first = site.ask("GET", path)
            self.assertEqual((first.status, first.headers["Cache-Control"]), (200, kept))
        again = site.ask("GET", "/", headers={"If-None-Match": site.ask("GET", "/").headers["ETag"]})
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
