#!/usr/bin/env python3
"""tests/api/erase_test.py — a company that is erased goes with all its rows, and with the people who were only there."""
import concurrent.futures
import json
import subprocess
import unittest

from client import PASSWORD
from one_of_each import literal, make_one_of_each
from streams import Stream
from support import Hammer, Stack, eventually

COMPANY, ERASURE, ME = "/api/v2/accounts/company", "/api/v2/accounts/company/erasure", "/api/v2/auth/me"
LOGIN, ACCEPT, INVITATIONS = "/api/v2/auth/login/", "/api/v2/auth/invitation/accept/", "/api/v2/accounts/invitations/"

stack = Stack.shared()


def clean():
    """How many rows of each table it deleted, of all companies."""
    status, out, err = stack.type_in("clean", "--json")
    assert (status, err) == (0, ""), (status, out, err)
    return {row["table"]: row["deleted"] for row in json.loads(out)}


def tables():
    return stack.as_owner("SELECT table_name FROM information_schema.columns"
                          " WHERE table_schema = DATABASE() AND column_name = 'company_id' ORDER BY table_name;")


def rows(company):
    """How many rows of a company each table has."""
    counts = stack.as_owner("".join(f"SELECT COUNT(*) FROM `{table}` WHERE company_id = {literal(company)};"
                                    for table in tables()))
    return dict(zip(tables(), map(int, counts)))


def sums(company):
    """What each table has of a company, but for when somebody was last seen."""
    text = "".join(f"SELECT COUNT(*), COALESCE(SUM(CRC32(HEX({'number' if table == 'move_notes' else 'id'}))), 0)"
                   f" FROM {table} WHERE company_id = {literal(company)};"
                   for table in tables() if table not in ("companies", "conversations", "inboxes"))
    return stack.as_owner(text)


def let_day_come(company, ago="2 HOUR"):
    stack.as_owner(f"UPDATE companies SET erase_at = NOW(6) - INTERVAL {ago} WHERE company_id = {literal(company)};")


def identities(*names):
    wanted = ", ".join(f"'{name}'" for name in names)
    return stack.as_owner(f"SELECT username FROM identities WHERE username IN ({wanted}) ORDER BY username;")


def erase(client):
    return client.send("DELETE", COMPANY, {"name": "Acme", "current_password": PASSWORD})


class Erase(unittest.TestCase):
    def test_no_table_has_a_row_of_it_nor_of_people_who_were_only_there(self):
        admin, _ = make_one_of_each(stack)
        other, bystander = stack.client().sign_up(), stack.client().sign_up()
        token = other.must(201, other.post(INVITATIONS, {}))["token"]
        admin.must(201, admin.post(ACCEPT, {"token": token}))
        names = [admin.name, admin.colleague["username"]]
        self.assertNotIn(0, rows(admin.company).values())
        let_day_come(admin.company, "10 MINUTE")
        self.assertEqual(clean().get("users", 0), 0)  # not within the hour
        beside = [sums(other.company), sums(bystander.company)]
        let_day_come(admin.company)
        deleted = clean()
        self.assertEqual((deleted["companies"], deleted["users"], deleted["identities"]), (1, 2, 1))
        self.assertEqual(set(rows(admin.company).values()), {0})
        self.assertEqual(identities(*names), [admin.name])
        self.assertEqual([sums(other.company), sums(bystander.company)], beside)
        # Who is in another company as well goes on there.
        again = stack.client()
        self.assertEqual(again.must(200, again.post(LOGIN, {"username": admin.name, "password": PASSWORD}))
                         ["company"]["id"], other.company)
        self.assertEqual(stack.type_in("check")[0], 0)

    def test_a_run_that_is_killed_is_gone_on_with_by_the_next(self):
        client = stack.client().sign_up()
        stack.as_owner("INSERT INTO user_messages (company_id, id, from_user, to_user, text, date) SELECT company_id,"
                       f" UNHEX(REPLACE(UUID(), '-', '')), {literal(client.user['id'])}, "
                       f"{literal(client.colleague['id'])}, 'x', NOW(6) FROM companies, seq_1_to_20000"
                       f" WHERE company_id = {literal(client.company)};")
        let_day_come(client.company)
        count = lambda: rows(client.company)["user_messages"]
        run = subprocess.Popen([stack.env["BINARY"], "clean", "-c", stack.config], stdout=subprocess.DEVNULL)
        eventually(lambda: count() < 20000, "a first range")
        run.kill()
        run.wait()
        self.assertGreater(rows(client.company)["users"], 0)
        self.assertEqual(stack.type_in("check")[0], 0)
        clean()
        self.assertEqual(set(rows(client.company).values()), {0})

    def test_what_somebody_holds_is_left_for_the_next_time(self):
        held, other = stack.client().sign_up(), stack.client().sign_up()
        for each in (held, other):
            let_day_come(each.company)
        holder = stack.sql(f"BEGIN; SELECT 'held' FROM users WHERE company_id = {literal(held.company)} FOR UPDATE;\n",
                           "OWNER")
        self.assertEqual(holder.stdout.readline(), "held\n")
        status, _, err = stack.type_in("clean")
        self.assertEqual(status, 0)
        self.assertIn("companies: 1", err)
        self.assertEqual(set(rows(other.company).values()), {0})
        holder.communicate("ROLLBACK;\n")
        clean()
        self.assertEqual(set(rows(held.company).values()), {0})

    def test_who_tries_its_peoples_passwords_meanwhile_holds_nothing_up(self):
        client = stack.client().sign_up()
        client.must(201, client.post("/api/v2/accounts/users/", {"username": "k" + client.name, "password": PASSWORD}))
        let_day_come(client.company)
        # As long as somebody is there, each who goes leaves a note of another.
        stack.as_owner("CREATE TRIGGER tried BEFORE DELETE ON users FOR EACH ROW INSERT INTO audit (company_id, id, date,"
                       " event, actor, user_id, detail, address, request_id) SELECT company_id,"
                       " UNHEX(REPLACE(UUID(), '-', '')), NOW(6), 'login.failed', 'x', id, '', '', '' FROM users"
                       f" WHERE company_id = OLD.company_id AND company_id = {literal(client.company)} AND id <> OLD.id;")
        try:
            self.assertEqual(clean()["users"], 3)
        finally:
            stack.as_owner("DROP TRIGGER tried;")
        self.assertEqual(set(rows(client.company).values()), {0})

    def test_an_operator_keeps_it_until_its_day(self):
        admin = stack.client().sign_up()
        self.assertEqual(stack.type_in("company", "keep", admin.company)[0], 1)
        self.assertEqual(admin.get(ME).status, 200)
        admin.must(200, erase(admin))
        self.assertIsNone(json.loads(stack.type_in("company", "keep", admin.company, "--json")[1])["erase_at"])
        self.assertIn("company.keep", stack.type_in("audit", "list", admin.company)[1])
        admin.must(200, admin.post(LOGIN, {"username": admin.name, "password": PASSWORD}))
        admin.must(200, erase(admin))
        let_day_come(admin.company)
        self.assertEqual(stack.type_in("company", "keep", admin.company)[0], 1)
        clean()

    def test_the_last_admin_of_one_that_is_kept_meanwhile_stays(self):
        admin, other, person = stack.client().sign_up(), stack.client().sign_up(), stack.client()
        token = other.must(201, other.post(INVITATIONS, {}))["token"]
        admin.must(201, admin.post(ACCEPT, {"token": token}))
        admin.must(200, erase(admin))
        person.must(200, person.post(LOGIN, {"username": admin.name, "password": PASSWORD}))
        here = f"company_id = {literal(admin.company)}"
        keeper = stack.sql(f"BEGIN; UPDATE companies SET erase_at = NULL WHERE {here}; SELECT 'kept';\n", "OWNER")
        self.assertEqual(keeper.stdout.readline(), "kept\n")
        with concurrent.futures.ThreadPoolExecutor() as pool:
            asked = pool.submit(person.send, "DELETE", ME, {"current_password": PASSWORD})
            waits = ("SELECT id FROM information_schema.processlist WHERE info LIKE '%FROM companies%FOR UPDATE%'"
                     " AND info NOT LIKE '%processlist%'")
            eventually(lambda: asked.done() or stack.query(waits), "it waits for the company")
            keeper.communicate("COMMIT;\n")
            self.assertEqual(asked.result().status, 400)
        self.assertEqual(stack.type_in("check", admin.company)[0], 0)

    def test_the_account_that_deletes_sees_the_ids_of_people_and_no_more(self):
        with stack.sql("SELECT COUNT(id) > 0 FROM identities;\n", "CLEAN") as process:
            process.stdin.close()
            self.assertEqual(process.stdout.read(), "1\n")
        for statement in ("SELECT password_hash FROM identities", "SELECT username FROM identities",
                          "UPDATE identities SET password_hash = ''", "UPDATE companies SET erase_at = NULL"):
            with stack.sql(statement + ";\n", "CLEAN") as process:
                process.stdin.close()
                self.assertEqual(process.stdout.read(), "")
            self.assertNotEqual(process.returncode, 0)

    def test_streams_end_with_it(self):
        admin = stack.client().sign_up()
        person = stack.client()
        person.must(200, person.post(LOGIN, {"username": admin.colleague["username"], "password": PASSWORD}))
        with Stream(admin) as own, Stream(person) as theirs:
            admin.must(200, erase(admin))
            for each in (own, theirs):
                self.assertTrue(each.ended.wait(10))
        self.assertEqual(person.get(ME).status, 401)

    def test_no_login_that_races_with_it_does_anything_there(self):
        admin = stack.client().sign_up()
        name = {"username": admin.colleague["username"], "password": PASSWORD}
        let_in = []

        def log_in():
            client = stack.client()
            answer = client.post(LOGIN, name)
            if answer.status == 200:
                let_in.append(client)
            return answer

        with Hammer(log_in, threads=3) as logins:
            admin.must(200, erase(admin))
            before = len(let_in)
            logins.go_on(6)  # those that were under way, and as many again
        self.assertEqual({answer.status for answer in logins.failures}, {403})
        self.assertLessEqual(len(let_in) - before, 3)
        for client in let_in:
            self.assertIn(client.get("/api/v2/customers/").status, (401, 403))
            self.assertIn(client.post("/api/v2/auth/api-tokens/", {"name": "x"}).status, (401, 403))
        keeper = stack.client()
        keeper.must(200, keeper.post(LOGIN, {"username": admin.name, "password": PASSWORD}))
        self.assertEqual(keeper.send("DELETE", ERASURE).status, 204)
        self.assertEqual(rows(admin.company)["sessions"], 1)
        self.assertEqual(keeper.get("/api/v2/customers/").status, 200)

    def test_however_many_sessions_there_are_they_end(self):
        admin = stack.client().sign_up()
        stack.as_owner("INSERT INTO sessions (company_id, token_hash, id, user_id, user_agent, address, created_at,"
                       " last_seen_at, expires_at) SELECT u.company_id, UNHEX(SHA2(CONCAT(UUID(), seq), 256)),"
                       " UNHEX(REPLACE(UUID(), '-', '')), u.id, '', '', NOW(6), NOW(6), NOW(6) + INTERVAL 1 DAY"
                       f" FROM users u, seq_1_to_3500 WHERE u.id = {literal(admin.user['id'])};")
        admin.must(200, erase(admin))
        self.assertEqual(rows(admin.company)["sessions"], 0)

    def test_operators_see_the_day_and_enter_the_company_until_then(self):
        admin = stack.client().sign_up()
        day = admin.must(200, erase(admin))["erase_at"]
        self.assertEqual(json.loads(stack.type_in("company", "show", admin.company, "--json")[1])["erase_at"], day)
        link = json.loads(stack.type_in("invite", admin.company, "--json")[1])["token"]
        self.assertEqual(stack.client().sign_up().post(ACCEPT, {"token": link}).json()["code"], "company_erasing")
        let_day_come(admin.company)
        status, _, err = stack.type_in("company", "show", admin.company)
        self.assertEqual(status, 1)
        self.assertIn("there is no company", err)

    def test_a_person_is_erased_with_a_body_through_nginx(self):
        admin = stack.client().sign_up()
        person = stack.client()
        name = admin.colleague["username"]
        person.must(200, person.post(LOGIN, {"username": name, "password": PASSWORD}))
        refused = admin.send("DELETE", ME, {"current_password": PASSWORD})
        self.assertEqual((refused.status, refused.json()["errors"][0]["field"]), (400, "company"))
        self.assertIn("last admin of Acme.", refused.text)
        with Stream(person) as stream:
            self.assertEqual(person.send("DELETE", ME, {"current_password": PASSWORD, "name": "forget"}).status, 204)
            self.assertTrue(stream.ended.wait(10))
        self.assertEqual(identities(name), [])
        self.assertEqual(stack.as_owner(f"SELECT username FROM users WHERE id = {literal(admin.colleague['id'])};"),
                         ["former colleague"])
        self.assertEqual(stack.type_in("check", admin.company)[0], 0)


if __name__ == "__main__":
    unittest.main()
