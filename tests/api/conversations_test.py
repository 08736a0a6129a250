#!/usr/bin/env python3
"""tests/api/conversations_test.py — what is kept beside the messages stays exact while many write, read and
count anew; and how a database comes to it: `partywall migrate`, `partywall upgraded`."""
import itertools
import json
import types
import unittest

from client import PASSWORD
from support import Hammer, Stack, eventually

USERS, MESSAGES, ME = "/api/v1/accounts/users/", "/api/v1/user-messages/", "/api/v1/auth/me"
# How the kept rows differ from what one counts: nothing.
DIFFERENCES = """
SELECT 'conversation', HEX(company_id), HEX(one), HEX(other), COUNT(*), MIN(unread), MAX(unread), MIN(last),
       MAX(last) FROM (
  SELECT company_id, user_id AS one, other_id AS other, unread, CONCAT(last_date, HEX(last_message)) AS last
    FROM conversations
  UNION ALL SELECT company_id, one, other, SUM(unread), MAX(last) FROM (
    SELECT company_id, to_user AS one, from_user AS other, read_at IS NULL AS unread,
           CONCAT(date, HEX(id)) AS last FROM user_messages
    UNION ALL SELECT company_id, from_user, to_user, 0, CONCAT(date, HEX(id)) FROM user_messages) AS sides
   GROUP BY company_id, one, other) AS both_ways
 GROUP BY company_id, one, other HAVING COUNT(*) <> 2 OR MIN(unread) <> MAX(unread) OR MIN(last) <> MAX(last);
SELECT 'inbox', HEX(company_id), HEX(user_id), SUM(kept), SUM(counted) FROM (
  SELECT company_id, user_id, unread AS kept, 0 AS counted FROM inboxes
  UNION ALL SELECT company_id, to_user, 0, read_at IS NULL FROM user_messages) AS sums
 GROUP BY company_id, user_id HAVING SUM(kept) <> SUM(counted);
"""
# The schema as the release before knows it.
OLDER = """
DROP TABLE changes, conversations, exports, inboxes, mails, move_notes, password_links;
ALTER TABLE user_messages DROP KEY unread_from;
ALTER TABLE users DROP COLUMN display_name, DROP COLUMN has_factor, DROP KEY present,
  ADD KEY present (company_id, removed_at, created_at, id, username, role);
ALTER TABLE companies DROP COLUMN importing_until, DROP COLUMN messages_days, DROP COLUMN messages_kept_until,
  DROP COLUMN erase_at, DROP COLUMN second_factor_of, DROP COLUMN moving_to, DROP COLUMN moving_until,
  DROP COLUMN read_only_since, DROP COLUMN moved_to;
ALTER TABLE identities DROP COLUMN factor_secret, DROP COLUMN factor_step, DROP COLUMN recovery_codes,
  DROP COLUMN factor_ended_at, DROP COLUMN email, DROP COLUMN email_key, DROP COLUMN email_verified_at,
  DROP COLUMN new_email, DROP COLUMN new_email_token, DROP COLUMN new_email_ends_at, DROP KEY by_email,
  DROP COLUMN wrong_codes, DROP COLUMN wrong_codes_at;
ALTER TABLE invitations DROP FOREIGN KEY invitations_user, DROP KEY of_user, DROP COLUMN for_user;
DELETE FROM schema_migrations WHERE number >= 32;
DELETE FROM derived WHERE what IN ('conversations', 'unread counts');
"""
# As the release before does: with nothing beside it.
WRITTEN_BY_OLDER = """
INSERT INTO user_messages (company_id, id, from_user, to_user, text, date)
  SELECT company_id, UNHEX(REPLACE(UUID(), '-', '')), from_user, to_user, text, NOW(6) FROM user_messages
   LIMIT 1;
"""
SAYS_SO = "SELECT COUNT(*) FROM derived WHERE what = 'unread counts';"

stack = Stack.shared()
THREADS = 6  # of eight workers: past that a company can be refused for fairness


def log_in(stack, username):
    client = stack.client()
    client.must(200, client.post("/api/v1/auth/login/", {"username": username, "password": PASSWORD}))
    return client


class Company:
    """Some people of one company, logged in."""

    def __init__(self, stack, people=2):
        admin = stack.client().sign_up()
        self.id, self.clients, self.urls = admin.company, [admin], [admin.user["url"]]
        self.add(admin.colleague, log_in(stack, admin.colleague["username"]))
        for i in range(people - 2):
            name = f"c{i}{admin.name}"
            made = admin.must(201, admin.post(USERS, {"username": name, "password": PASSWORD}))
            self.add(made, log_in(stack, name))

    def add(self, user, client):
        self.urls.append(user["url"])
        self.clients.append(client)

    def write(self, one, other):
        return self.clients[one].post(MESSAGES, {"to_user": self.urls[other], "text": "x"})

    def unread(self, one):
        return self.clients[one].must(200, self.clients[one].get(ME))["unread_messages"]


def done(answer):
    """An answer without a body is as good as one with it."""
    return types.SimpleNamespace(status=200) if answer.status == 204 else answer


class Together(unittest.TestCase):
    def test_many_who_write_read_and_count_anew_leave_it_exact_and_none_of_them_fails(self):
        company = Company(stack, people=4)
        pairs = list(itertools.permutations(range(4), 2))
        turns = itertools.count()

        def ask():
            turn = next(turns)
            one, other = pairs[turn // 4 % len(pairs)]
            if turn % 4 < 2:
                return company.write(one, other)
            client = company.clients[one]
            got = [each for each in client.get(f"{MESSAGES}?limit=20").json()
                   if each["to_user"] == company.urls[one]]
            if not got:
                return company.write(one, other)
            message = got[turn // 16 % len(got)]
            if turn % 4 == 2:
                return done(client.send("PUT", MESSAGES + "read",
                                        {"with": message["from_user"], "until": message["url"]}))
            method = "PUT" if turn % 8 < 4 else "DELETE"
            return done(client.send(method, message["url"] + "/read"))

        with Hammer(ask, threads=THREADS) as hammer:
            for _ in range(5):
                status, out, err = stack.type_in("rebuild", company.id, "--json")
                self.assertEqual(status, 0, out + err)
                # Whatever is on its way, nothing was wrong.
                self.assertEqual(json.loads(out)["messages"]["changed"], 0, out)
                hammer.go_on(40)
        self.assertEqual(hammer.failures, [])
        self.assertEqual(stack.as_owner(DIFFERENCES), [])
        self.assertEqual(sum(company.unread(i) for i in range(4)), int(stack.as_owner(
            "SELECT COUNT(*) FROM user_messages WHERE read_at IS NULL AND company_id ="
            f" UNHEX('{company.id.replace('-', '')}');")[0]))

    def test_the_first_messages_of_two_people_may_come_from_both_at_once(self):
        for _ in range(4):
            company = Company(stack)
            turns = itertools.count()

            def ask(company=company, turns=turns):
                turn = next(turns)
                return company.write(turn % 2, 1 - turn % 2)

            with Hammer(ask, threads=THREADS) as hammer:
                pass
            self.assertEqual(hammer.failures, [])
        self.assertEqual(stack.as_owner(DIFFERENCES), [])


class Upgrade(unittest.TestCase):
    def test_counts_are_right_before_while_and_after_hosts_are_upgraded(self):
        stack = Stack.own()
        self.assertEqual(stack.as_owner(SAYS_SO), ["1"])  # the schema is new
        stack.as_owner(OLDER)
        self.assertEqual(stack.type_in("migrate")[0], 0)
        self.assertEqual(stack.as_owner(SAYS_SO), ["0"])  # another host may write already
        company = Company(stack, people=3)
        for one, other in ((0, 1), (0, 1), (1, 0), (2, 1)):
            company.clients[one].must(201, company.write(one, other))
        stack.do("app-stop")
        stack.as_owner(OLDER)
        status, out, err = stack.type_in("migrate")
        self.assertEqual(status, 0, err)
        # Two pairs, two people who have something to read.
        self.assertIn("6 of 7 conversations and sums of unread messages were made anew\n", out)
        self.assertEqual(stack.as_owner(DIFFERENCES + SAYS_SO), ["0"])
        stack.do("app-start")
        # A host that is not upgraded yet goes on writing.
        stack.as_owner(WRITTEN_BY_OLDER)
        company.clients[2].must(201, company.write(2, 1))
        self.assertNotEqual(stack.as_owner(DIFFERENCES), [])
        total = sum(company.unread(i) for i in range(3))
        self.assertEqual(total, 6)
        self.assertNotIn("anew", stack.type_in("migrate")[1])
        status, out, err = stack.type_in("upgraded")
        self.assertEqual((status, err), (0, ""), out)
        self.assertEqual(stack.as_owner(DIFFERENCES + SAYS_SO), ["1"])
        # Every worker comes to read what is kept.
        stack.as_owner("UPDATE inboxes SET unread = unread + 100;")
        eventually(lambda: all(company.unread(0) >= 100 for _ in range(20)), "the kept counts")
        self.assertEqual(stack.type_in("rebuild")[0], 0)
        self.assertEqual(sum(company.unread(i) for i in range(3)), total)
        stack.do("app-stop")
        stack.do("app-start")
        self.assertEqual(sum(company.unread(i) for i in range(3)), total)
        self.assert_goes_back(stack, company, total)

    def assert_goes_back(self, stack, company, total):
        """To a host of the release before, and forward again."""
        self.assertEqual(stack.type_in("upgraded", "--undo"), (0, "", ""))
        stack.do("app-stop")
        stack.do("app-start")
        stack.as_owner(WRITTEN_BY_OLDER)
        self.assertEqual(sum(company.unread(i) for i in range(3)), total + 1)
        self.assertEqual(stack.type_in("upgraded")[0], 0)
        self.assertEqual(stack.as_owner(DIFFERENCES), [])


if __name__ == "__main__":
    unittest.main()
