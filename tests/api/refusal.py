"""tests/api/refusal.py — what every refusal has in common: form, and no effect."""
import re
import unittest

from support import Stack

# SQL, the server's own words, C++, paths and addresses: what no client may see.
INTERNAL = re.compile(
    r"\bSELECT\b|\bINSERT\b|\bUPDATE \w+ SET\b|SQLSTATE|mysql|mariadb|std::|\.cc\b|exception"
    r"|/src/|/tmp/|/usr/|/home/|/root/|0x[0-9a-f]{6}", re.I)


class Refusals(unittest.TestCase):
    """Each test is a list of requests. After it no row has changed, and no worker was replaced."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()
        cls.client = cls.stack.client().sign_up()
        cls.other = cls.stack.client().sign_up()
        tables = cls.stack.query("SELECT table_name FROM information_schema.tables WHERE "
                                 "table_schema = DATABASE() AND table_name NOT LIKE 'throttle%'")
        cls.checksum = "CHECKSUM TABLE " + ", ".join(tables)

    def setUp(self):
        self.before = self.stack.query(self.checksum), self.stack.full()

    def tearDown(self):
        self.assertEqual((self.stack.query(self.checksum), self.stack.full()), self.before)

    def refused(self, answer, status, detail=None):
        """The contract's form of a refusal. `detail`: a pattern for its one sentence."""
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["Content-Type"].partition(";")[0], "application/json")
        refusal = answer.json()
        self.assertTrue(is_refusal(refusal), refusal)
        self.assertNotRegex(str(answer.headers) + answer.text, INTERNAL)
        if detail is not None:
            self.assertRegex(refusal["detail"], detail)
        return refusal


def assert_nginx_refuses(test, answer, status, code=None):
    """A refusal of nginx's own, in the form of version 1, or with a code in that of version 2; its sentence."""
    test.assertEqual(answer.status, status, answer)
    test.assertIn("no-cache", answer.headers["Cache-Control"])
    refusal = answer.json()
    if code is None:
        test.assertEqual(answer.headers["Content-Type"], "application/json")
        test.assertEqual(list(refusal), ["detail"])
    else:
        test.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        test.assertEqual(refusal | {"title": "", "detail": ""}, {
            "type": "/docs/#error-" + code, "title": "", "status": status, "detail": "", "code": code,
            "request_id": answer.headers["X-Request-Id"]})
        test.assertTrue(refusal["title"])
        test.assertTrue(answer.text.endswith("}\n"))
    return refusal["detail"]


def is_refusal(value):
    """{"detail": "..."}, or sentences under the names of fields, nested as the fields are."""
    if not isinstance(value, dict) or not value:
        return False
    if isinstance(value.get("detail"), str):
        return True
    return all(is_refusal(each) if isinstance(each, dict) else
               isinstance(each, list) and each and all(isinstance(text, str) for text in each)
               for each in value.values())
