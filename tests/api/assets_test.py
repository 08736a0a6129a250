#!/usr/bin/env python3
"""tests/api/assets_test.py — the files of the web client: what may be kept for good has a name of its own for each content."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import REPOSITORY, Stack

FOR_GOOD = "public, max-age=31536000, immutable"
stack = Stack.shared()


def named(page):
    """The addresses of the assets that a page names."""
    return re.findall(r'"(/[^"]*\.(?:js|css))"', page)


class Layout(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="partywall-assets.")
        self.addCleanup(folder.cleanup)
        self.nginx, self.www = pathlib.Path(folder.name, "nginx"), pathlib.Path(folder.name, "www")
        shutil.copytree(REPOSITORY / "nginx", self.nginx)

    def lay_out(self):
        """What the page names, and the time and length from which nginx makes its ETag."""
        subprocess.run([self.nginx / "assets.sh", self.www], check=True)
        page = self.www / "index.html"
        return named(page.read_text()), (page.stat().st_mtime, page.stat().st_size)

    def test_the_page_names_every_module_of_the_start_so_that_none_waits_for_another(self):
        names, _ = self.lay_out()
        there = {"/" + str(path.relative_to(self.www)) for path in self.www.glob("assets/*/*")}
        self.assertLessEqual(set(names), there)
        files = {path.name for path in self.nginx.glob("www/*.*") if path.suffix in (".js", ".css")}
        self.assertEqual({pathlib.Path(name).name for name in there}, files)
        later = {name for path in self.nginx.glob("www/*.js")
                 for name in re.findall(r"\b(?:import|lazy)\('\./(\w+\.js)'\)", path.read_text())}
        self.assertEqual({pathlib.Path(name).name for name in names}, files - later)

    def test_nothing_changes_where_nothing_changed(self):
        before = self.lay_out()
        self.assertEqual(self.lay_out(), before)

    def test_a_changed_file_has_another_address_and_the_page_another_etag(self):
        before, tag = self.lay_out()
        for name in ("dom.js", "style.css"):
            with self.subTest(name=name):
                path = self.nginx / "www" / name
                path.write_text(path.read_text().replace("the", "THE", 1))  # as long as it was
                names, other = self.lay_out()
                self.assertEqual(set(names) & set(before), set())
                self.assertNotEqual(other, tag)
                self.assertEqual(len(list((self.www / "assets").iterdir())), 1)
                before, tag = names, other


class Caching(unittest.TestCase):
    def test_what_the_page_names_is_kept_for_good(self):
        names = named(stack.client().get("/").text)
        self.assertGreater(len(names), 10)
        for name in names:
            answer = stack.client().get(name)
            self.assertEqual((answer.status, answer.headers.get_all("Cache-Control")), (200, [FOR_GOOD]), name)

    def test_that_there_is_none_is_not_kept(self):
        for name in ("/assets/0123456789abcdef/app.js", "/assets/", "/assets", "/app.js"):
            answer = stack.client().get(name)
            self.assertEqual((answer.status, answer.headers.get_all("Cache-Control")), (404, ["no-cache"]), name)

    def test_the_page_is_asked_for_each_time(self):
        answer = stack.client().get("/")
        self.assertEqual(answer.headers.get_all("Cache-Control"), ["no-cache"])
        self.assertEqual(stack.client().get("/", headers={"If-None-Match": answer.headers["ETag"]}).status, 304)


if __name__ == "__main__":
    unittest.main()
