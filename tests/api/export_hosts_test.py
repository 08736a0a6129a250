#!/usr/bin/env python3
"""tests/api/export_hosts_test.py — the file of an export is on one host, and its link is good on all."""
import contextlib
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from archives import parts_of_bytes, rows_of
from client import Client
from exports import Exports, ask, link_to, log_in, make, path_of, stack
from ports import free_port
from support import App, children, eventually


class Host(contextlib.ExitStack):
    """Another host on the same database: a pool, a folder of files, and an nginx whose site has them."""

    NAME = "host-b"

    def __init__(self):
        super().__init__()
        self.folder = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory(prefix="partywall-host.")))
        self.port, files = free_port(), self.folder / "exports"
        files.mkdir()
        self.app = self.enter_context(App(stack, is_another_host=True, folder=None))
        self.config = self.folder / "partywall.toml"
        self.config.write_text(stack.settings(folder=str(files)).replace(stack.env["EXPORTS_HOST"], self.NAME))
        nginx = self.folder / "nginx"
        subprocess.run(["cp", "-rL", stack.state / "nginx", nginx], check=True)
        main = nginx / "nginx.conf"
        text = main.read_text().replace(str(stack.state / "nginx"), str(nginx))
        main.write_text(text.replace(f"listen 127.0.0.1:{stack.port};", f"listen 127.0.0.1:{self.port};")
                        .replace(f'server "unix:{stack.socket}";', f'server "unix:{self.app.socket}";'))
        for name, theirs, ours in (("files", stack.env["EXPORTS_FOLDER"], str(files)),
                                   ("file_hosts", stack.env["EXPORTS_HOST"], self.NAME)):
            snippet = nginx / f"snippets/{name}_partywall.conf"
            snippet.write_text(snippet.read_text().replace(theirs, ours))
        self.command = ["nginx", "-e", "stderr", "-p", str(nginx), "-c", str(main)]
        self.start()
        self.callback(self.stop)
        hosts = stack.state / "nginx/snippets/file_hosts_partywall.conf"
        before = hosts.read_text()
        hosts.write_text(before.replace('default "";', f'default "";\n  {self.NAME} http://127.0.0.1:{self.port};'))
        self.callback(self.reload)
        self.callback(lambda: hosts.write_text(before))
        self.reload()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(lambda: self.is_there() or self.process.poll() is not None, "an nginx")

    def is_there(self):
        with contextlib.suppress(OSError):
            return Client(self.port).get("/healthz").status == 200

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def reload(self):
        nginx = stack.pid("nginx")
        before = children(nginx)
        os.kill(nginx, signal.SIGHUP)
        # Those before still take connections for a moment, and know nothing of what has changed.
        eventually(lambda: children(nginx) and not children(nginx) & before, "other workers alone", 30)
        eventually(lambda: stack.client().get("/healthz").status == 200, "an answer")


class TwoHosts(Exports):
    def test_a_file_of_another_host_comes_from_there_and_its_link_is_used_up_there(self):
        with Host() as host:
            export = ask(self.ann, "company")
            make(host.config)
            self.assertFalse(path_of(export, self.ann.company).exists())
            link = link_to(self.ann, export)
            host.stop()
            answer = self.ann.get(link)
            self.assertEqual((answer.status, answer.json()["code"]), (503, "unavailable"))
            self.assertRegex(answer.headers["Retry-After"], r"^[1-9]")
            host.start()
            self.assertEqual(log_in(self.ann.name).get(link).status, 404)
            answer = self.ann.get(link)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/gzip"))
            self.assertEqual(answer.headers.get_all("Cache-Control"), ["no-store"])
            for name in ("X-Request-Id", "X-Content-Type-Options", "Content-Disposition"):
                self.assertEqual(len(answer.headers.get_all(name)), 1, name)
            self.assertEqual(rows_of(parts_of_bytes(answer.body), "companies")[0]["name"], "Acme")
            self.assertEqual(self.ann.get(link).status, 404)
            # And the other way round, by a client of the other host.
            export = ask(self.bob, "personal")
            make()
            link = link_to(self.bob, export)
            elsewhere = Client(host.port)
            elsewhere.cookies = self.bob.cookies
            self.assertEqual(elsewhere.get(link).status, 503)  # which knows no way here
            self.assertEqual(self.bob.get(link).status, 200)

    def test_a_host_that_nobody_knows_is_away_and_nothing_is_passed_on_twice(self):
        export = ask(self.ann, "company")
        make()
        link = link_to(self.ann, export)
        self.change("host = 'unknown'")
        self.assertEqual(self.ann.get(link).status, 503)
        self.change(f"host = '{stack.env['EXPORTS_HOST']}x'")
        answer = self.ann.get(link, {"X-Partywall-Passed-On": "1"})
        self.assertEqual((answer.status, answer.headers["Retry-After"]), (503, "5"))
        self.change(f"host = '{stack.env['EXPORTS_HOST']}'")
        self.assertEqual(self.ann.get(link).status, 200)


if __name__ == "__main__":
    unittest.main()
