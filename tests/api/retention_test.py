#!/usr/bin/env python3
"""tests/api/retention_test.py — a company says how long its messages live, and `partywall clean` deletes older ones
with all that hangs on them."""
import datetime
import itertools
import json
import unittest
import uuid

from client import PASSWORD
from support import Hammer, Stack

USERS, MESSAGES, COMPANY = "/api/v2/accounts/users/", "/api/v2/user-messages/", "/api/v2/accounts/company"
CONVERSATIONS, ME = "/api/v2/conversations/", "/api/v2/auth/me"

stack = Stack.shared()


def clean():
    """How many messages it deleted, of all companies."""
    status, out, err = stack.type_in("clean", "--json")
    assert (status, err) == (0, ""), (status, out, err)
    return {row["table"]: row["deleted"] for row in json.loads(out)}["user_messages"]


class Retention(unittest.TestCase):
    def setUp(self):
        clean()  # what other tests left
        self.admin = stack.client().sign_up()
        self.here = f"company_id = UNHEX('{self.admin.company.replace('-', '')}')"
        self.other = stack.client()
        self.other.must(200, self.other.post("/api/v1/auth/login/", {"username": self.admin.colleague["username"],
                                                                     "password": PASSWORD}))
        self.me = self.other.get(ME).json()["user"]
        self.age = itertools.count(1000, -1)

    def write(self, days, client=None, text="old", **headers):
        """A message that is so many days old; answers it."""
        to = self.admin.user["url"] if client is self.other else self.me["url"]
        made = (client or self.admin).send("POST", MESSAGES, {"to_user": to, "text": text}, headers)
        message = self.admin.must(201, made)
        where = f"{self.here} AND id = UNHEX('{message['id'].replace('-', '')}')"
        then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days, next(self.age))
        date = f"'{then:%Y-%m-%d %H:%M:%S.%f}'"
        stack.as_owner(f"UPDATE user_messages SET date = {date} WHERE {where};"
                       f"UPDATE conversations SET last_date = {date} WHERE {self.here} AND last_message ="
                       f" UNHEX('{message['id'].replace('-', '')}');")
        return message

    def keep(self, days):
        """As if the company had said so weeks ago."""
        self.admin.must(200, self.admin.send("PATCH", COMPANY, {"messages_days": days}))
        stack.as_owner(f"UPDATE companies SET messages_kept_until = NOW(6) - INTERVAL 1 HOUR WHERE {self.here};")

    def count(self, table, where="TRUE"):
        return int(stack.as_owner(f"SELECT COUNT(*) FROM {table} WHERE {self.here} AND {where};")[0])

    def texts(self, client):
        return sorted(row["text"] for row in client.get(MESSAGES + "?order=-date&limit=50").json()["items"])

    def unread(self):
        """Of the second person: the sum, and of the conversation if there is one."""
        return (self.other.get(ME).json()["unread_messages"],
                [row["unread"] for row in self.other.get(CONVERSATIONS).json()["items"]])

    def check_counts(self):
        """They are what one counts."""
        status, out, err = stack.type_in("rebuild", self.admin.company, "--json")
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(json.loads(out)["messages"]["changed"], 0, out)

    def test_older_messages_go_for_both_and_younger_ones_stay(self):
        self.write(31, text="sent"), self.write(31, self.other, "answered"), self.write(29, text="kept")
        self.keep(30)
        self.assertEqual(clean(), 2)
        self.assertEqual((self.texts(self.admin), self.texts(self.other)), (["kept"], ["kept"]))
        self.check_counts()

    def test_a_company_that_says_nothing_keeps_all(self):
        self.write(3000)
        self.assertEqual(clean(), 0)
        self.assertEqual(self.texts(self.admin), ["old"])

    def test_another_companys_messages_stay(self):
        other = Retention()
        other.setUp()
        other.write(31)
        self.write(31)
        self.keep(30)
        self.assertEqual(clean(), 1)
        self.assertEqual((self.count("user_messages"), other.count("user_messages")), (0, 1))

    def test_what_was_not_read_counts_no_more(self):
        self.write(31), self.write(31), self.write(1, text="kept")
        self.assertEqual(self.unread(), (3, [3]))
        self.keep(30)
        self.assertEqual(clean(), 2)
        self.assertEqual(self.unread(), (1, [1]))
        self.check_counts()

    def test_a_conversation_goes_with_its_last_message_and_begins_anew(self):
        self.write(31), self.write(32, self.other)
        self.keep(30)
        self.assertEqual(clean(), 2)
        self.assertEqual((self.unread(), self.count("conversations")), ((0, []), 0))
        self.write(0, text="hello again")
        self.assertEqual(self.unread(), (1, [1]))
        self.check_counts()

    def test_many_go_a_few_at_a_time_whoever_wrote_the_last(self):
        for last in (self.admin, self.other):
            self.write(40, self.other), self.write(40)
            stack.as_owner("INSERT INTO user_messages (company_id, id, from_user, to_user, text, date, read_at)"
                           " SELECT m.company_id, UNHEX(REPLACE(UUID(), '-', '')), from_user, to_user, text,"
                           " date - INTERVAL ORDINAL_POSITION SECOND, NOW(6) FROM user_messages m,"
                           " (SELECT ORDINAL_POSITION FROM information_schema.columns LIMIT 400) AS n"
                           f" WHERE {self.here};")
            self.write(35, last)
            written = self.count("user_messages")
            self.assertGreater(written, 500)
            self.keep(30)
            self.assertEqual(clean(), written)
            self.assertEqual(self.unread(), (0, []))
            self.check_counts()

    def test_a_conversation_that_is_not_right_keeps_no_other_company_waiting(self):
        other = Retention()
        other.setUp()
        first, _ = self.write(31), self.write(1)
        stack.as_owner(f"UPDATE conversations SET last_message = UNHEX('{first['id'].replace('-', '')}')"
                       f" WHERE {self.here};")
        other.write(31), self.keep(30), other.keep(30)
        status, _, err = stack.type_in("clean")
        self.assertEqual((status, other.count("user_messages")), (1, 0))
        self.assertIn(f"in the company {self.admin.company}: database error 1451; `partywall check` says", err)
        self.assertEqual(stack.type_in("rebuild", self.admin.company)[0], 0)
        self.assertEqual(clean(), 1)

    def test_the_key_that_made_a_message_goes_with_it(self):
        self.write(31, **{"Idempotency-Key": str(uuid.uuid4())})
        self.write(1, **{"Idempotency-Key": str(uuid.uuid4())})
        self.assertEqual(self.count("idempotency_keys"), 2)
        self.keep(30)
        self.assertEqual(clean(), 1)
        self.assertEqual(self.count("idempotency_keys"), 1)

    def test_counts_are_exact_while_people_write_and_read(self):
        for _ in range(30):
            self.write(31), self.write(31, self.other)
        self.keep(30)
        write = lambda: self.admin.post(MESSAGES, {"to_user": self.me["url"], "text": "now"})  # noqa: E731
        answer = lambda: self.other.post(MESSAGES, {"to_user": self.admin.user["url"], "text": "now"})  # noqa: E731
        with Hammer(write, threads=1) as writes, Hammer(answer, threads=1) as answers:
            self.assertEqual(clean(), 60)
            writes.go_on(3), answers.go_on(3)
        self.assertEqual((writes.failures, answers.failures), ([], []))
        self.check_counts()

    def test_nothing_is_deleted_while_an_older_release_may_write_messages_without_counting_them(self):
        self.write(31)
        self.keep(30)
        kept = stack.as_owner("SELECT rules FROM derived WHERE what = 'unread counts';")
        stack.as_owner("DELETE FROM derived WHERE what = 'unread counts';")
        try:
            self.assertEqual(clean(), 0)
        finally:
            stack.as_owner("INSERT INTO derived (what, rules, made_at) VALUES ('unread counts',"
                           f" '{kept[0]}', NOW(6));")
        self.assertEqual(clean(), 1)

    def test_nothing_is_deleted_while_the_company_is_moved_or_when_it_has(self):
        self.write(31)
        self.keep(30)
        for state in ("moving_to = 'there', moving_until = UTC_TIMESTAMP(6) + INTERVAL 1 DAY",
                      "moving_until = UTC_TIMESTAMP(6) - INTERVAL 1 DAY, moved_to = 'https://there.example'"):
            stack.as_owner(f"UPDATE companies SET {state} WHERE {self.here};")
            self.assertEqual(clean(), 0)
        stack.as_owner(f"UPDATE companies SET moving_to = NULL, moved_to = NULL WHERE {self.here};")
        self.assertEqual(clean(), 1)

    def test_the_check_is_content_with_what_is_left(self):
        self.write(31), self.write(32, self.other), self.write(1)
        self.keep(30)
        self.assertEqual(clean(), 2)
        self.assertEqual(stack.type_in("check", self.admin.company)[0::2], (0, ""))

    def test_for_a_week_after_it_was_shortened_nothing_is_deleted(self):
        self.write(500)
        self.keep(365)
        self.admin.must(200, self.admin.send("PATCH", COMPANY, {"messages_days": 30}))
        self.assertEqual(clean(), 0)
        stack.as_owner("UPDATE companies SET messages_kept_until = messages_kept_until - INTERVAL 7 DAY"
                       f" WHERE {self.here};")
        self.assertEqual(clean(), 1)


if __name__ == "__main__":
    unittest.main()
