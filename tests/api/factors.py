"""tests/api/factors.py — people with a second factor. The codes are made here, by hand (RFC 6238), and not by the
program's library."""
import base64
import hmac
import random
import struct
import time

from client import PASSWORD
from commands import Operator, name, parsed, stack

LOGIN, TOKEN, ME = "/api/v2/auth/login/", "/api/v2/auth/token/", "/api/v2/auth/me"
STATE, SET_UP = "/api/v2/auth/second-factor", "/api/v2/auth/second-factor/set-up/"
CONFIRM, OFF = "/api/v2/auth/second-factor/confirm/", "/api/v2/auth/second-factor/off/"
CODES = "/api/v2/auth/second-factor/recovery-codes/"
COMPANY, SWITCH = "/api/v2/accounts/company", "/api/v2/auth/company/"
WORDS = "No active account found with the given credentials"


def code_of(secret, step):
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 10**6:06d}"


def step_now():
    """The step of 30 seconds that it is. One that ends before an answer could be there is waited out: the time itself
    is what is tried here."""
    left = 30 - time.time() % 30
    if left < 10:
        time.sleep(left + 0.1)
    return int(time.time()) // 30


class SecondFactor(Operator):
    def setUp(self):
        super().setUp()
        self.source = f"127.0.{random.randrange(1, 255)}.{random.randrange(1, 255)}"  # tries count by address

    def person(self, role="staff"):
        """Somebody new, whose password was given."""
        username = name("kim")
        parsed("user", "create", self.company, username, "--role", role, stdin=PASSWORD + "\n")
        return username

    def set_up(self, username, client=None):
        """The secret of a factor that is on, whose codes of before now are used; and the recovery codes. By name
        alone where a company keeps the person out, who has no session."""
        session = client or self.log_in(username)[1]
        by_name = {} if session.cookies.get("sessionid") else {"username": username}
        client = session if not by_name else stack.client()
        made = client.must(201, client.post(SET_UP, {**by_name, "password": PASSWORD}))
        body = {**by_name, "password": PASSWORD, "code": code_of(made["secret"], step_now() - 1)}
        codes = client.must(200, client.post(CONFIRM, body))["recovery_codes"]
        return made["secret"], [each["code"] for each in codes]

    def log_in(self, username, code=None, path=LOGIN):
        client = stack.client()
        client.source = self.source
        body = {"username": username, "password": PASSWORD} | ({"code": code} if code else {})
        return client.post(path, body), client

    def forget_codes(self, username):
        """As if no code had been taken yet."""
        stack.as_owner(f"UPDATE identities SET factor_step = 1 WHERE username = '{username}';")

    def want_of(self, whose, admin, codes, headers=None):
        """Has the admin's company want a second factor of them."""
        return admin.send("PATCH", COMPANY, {"second_factor_of": whose, "current_password": PASSWORD,
                                             "code": codes.pop()}, headers)

    def check_asks_for_a_code(self, send):
        """That what shows the password alone is refused, and a wrong code as well."""
        for more, said in (({}, "Enter a code"), ({"code": "12345"}, "This code is not right")):
            got = send(more)
            self.assertEqual((got.status, got.json()["errors"][0]["field"]), (400, "code"), got.text)
            self.assertIn(said, got.json()["errors"][0]["detail"])

    def pass_days(self, username, days):
        """As if it had been so long ago that the person was to be told something."""
        stack.as_owner(f"UPDATE identities SET factor_ended_at = factor_ended_at - INTERVAL {days} DAY"
                       f" WHERE username = '{username}';")

    def check_refused(self, got, code, detail=WORDS):
        self.assertEqual((got.status, got.json().get("code"), got.json()["detail"]), (401, code, detail), got.text)
