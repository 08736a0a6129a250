"""tests/bench/grow.py — rows for `make bench-scale`: many small companies, and one that holds half of everything.

The database makes them up itself, from numbers, so that ten million take minutes. An id is the number
that it stands for, in the form of a version 7 id; a session's secret is the SHA-256 of a name, so that
this script knows the cookies without asking.
"""
import hashlib
import uuid

import seed

SMALL_USERS, SMALL_MESSAGES = 5, 50  # of each company but the large one
LARGE_USERS = 60                     # more than a page
START = "'2024-01-01'"


def id_sql(millis, number):
    """An id of a moment (in milliseconds, 48 bits) and a number of up to 48 bits."""
    return f"UNHEX(CONCAT(LPAD(HEX({millis}), 12, '0'), '70008000', LPAD(HEX({number}), 12, '0')))"


def id_bytes(millis, number):
    return bytes.fromhex(f"{millis:012x}70008000{number:012x}")


def company_id(company):
    return id_bytes(company + 1, company)


def user_id(company, user):
    return id_bytes(user + 1, company * 100 + user)


COMPANY_SQL, USER_SQL = id_sql("c.seq + 1", "c.seq"), id_sql("u.seq + 1", "c.seq * 100 + u.seq")


def person_sql(user):
    return id_sql(f"{user} + 1", f"c.seq * 100 + {user}")


class Person(seed.Person):
    """Of the company with that number, the user with that number."""

    def __init__(self, company, user, message):
        token = hashlib.sha256(f"{company}-{user}".encode()).digest()
        super().__init__(company_id(company), user_id(company, user), "", token=token,
                         message=str(uuid.UUID(bytes=message)))


def companies_sql(first, last, users):
    """The companies first to last, their people, and a session of each that `sampled` may be."""
    companies, people = f"seq_{first}_to_{last} c", f"seq_0_to_{users - 1} u"
    when = f"{START} + INTERVAL c.seq SECOND + INTERVAL u.seq MICROSECOND"
    return f"""
INSERT INTO companies (company_id, name, address, created_at)
SELECT {COMPANY_SQL}, CONCAT('Company ', c.seq), '1 Main St', {START} + INTERVAL c.seq SECOND FROM {companies};
INSERT INTO identities (id, username_key, username, password_hash, password_given, default_company_id, created_at)
SELECT {USER_SQL}, CONCAT('person', u.seq, '-of-', c.seq), CONCAT('person', u.seq, '-of-', c.seq), 'none', 0,
       {COMPANY_SQL}, {when} FROM {companies} STRAIGHT_JOIN {people};
INSERT INTO users (company_id, id, identity_id, username, role, created_at)
SELECT {COMPANY_SQL}, {USER_SQL}, {USER_SQL}, CONCAT('person', u.seq, '-of-', c.seq),
       IF(u.seq, 'staff', 'admin'), {when} FROM {companies} STRAIGHT_JOIN {people};
INSERT INTO sessions (company_id, token_hash, id, user_id, user_agent, address, created_at, last_seen_at, expires_at)
SELECT {COMPANY_SQL}, UNHEX(SHA2(UNHEX(SHA2(CONCAT(c.seq, '-', u.seq), 256)), 256)), {USER_SQL}, {USER_SQL}, '',
       '127.0.0.1', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 3 HOUR, UTC_TIMESTAMP(6) + INTERVAL 7 DAY
  FROM {companies} STRAIGHT_JOIN {people};
"""


def messages_sql(companies, first, last, users):
    """Messages with the numbers first to last in each of `companies`: in the order of their ids, and
    among all pairs of its people by turns."""
    sender, turn = f"m.seq MOD {users}", f"m.seq DIV {users} MOD {users - 1}"
    recipient = f"(m.seq + 1 + {turn}) MOD {users}"
    return f"""
INSERT INTO user_messages (company_id, id, from_user, to_user, text, date, read_at)
SELECT {COMPANY_SQL}, {id_sql("m.seq + 1", "c.seq")}, {person_sql(sender)}, {person_sql(recipient)},
       CONCAT('Could you look at the figures of quarter ', m.seq MOD 97, ' before we meet?'),
       {START} + INTERVAL m.seq SECOND, IF(m.seq MOD 2, {START} + INTERVAL m.seq + 60 SECOND, NULL)
  FROM {companies} c STRAIGHT_JOIN seq_{first}_to_{last} m;
"""


def added_sql(first_company, last_company, first, last):
    """Of user_messages: what messages_sql() of these has added."""
    companies = [f"0x{company_id(each).hex()}" for each in (first_company, last_company)]
    messages = [f"0x{id_bytes(first + 1, 0).hex()}", f"0x{id_bytes(last + 2, 0).hex()}"]
    return (f"company_id BETWEEN {companies[0]} AND {companies[1]} AND"
            f" id >= {messages[0]} AND id < {messages[1]}")


LARGE = 0  # the number of the company that holds half of all messages
AT_ONCE = 250_000  # messages a statement, so that no transaction grows without end


class Growth:
    """Grows the rows of a stack, and knows who can be asked as whom."""

    def __init__(self, stack):
        self._stack, self.companies, self._large_messages = stack, 0, 0
        self._session = "SET foreign_key_checks = 0, unique_checks = 0;"

    def to(self, companies):
        """So many companies; together the small ones have as many messages as the large one."""
        first = max(1, self.companies)
        if self.companies == 0:
            self._run(companies_sql(LARGE, LARGE, LARGE_USERS))
        self._run(companies_sql(first, companies - 1, SMALL_USERS))
        step = AT_ONCE // SMALL_MESSAGES
        for start in range(first, companies, step):
            self._add(start, min(start + step, companies) - 1, 0, SMALL_MESSAGES - 1, SMALL_USERS)
        self.companies = companies
        large = companies * SMALL_MESSAGES
        for start in range(self._large_messages, large, AT_ONCE):
            self._add(LARGE, LARGE, start, min(start + AT_ONCE, large) - 1, LARGE_USERS)
        self._large_messages = large
        self._run(seed.SUM_UP)

    @property
    def messages(self):
        return self._large_messages + (self.companies - 1) * SMALL_MESSAGES

    def large_people(self):
        """All of the large company's people, each with a message of their own."""
        last = (self._large_messages // LARGE_USERS - 1) * LARGE_USERS
        return [Person(LARGE, user, id_bytes(last + user + 1, LARGE)) for user in range(LARGE_USERS)]

    def small_people(self, count):
        """People of so many small companies, evenly over all of them."""
        step = max(1, (self.companies - 1) // count)
        return [Person(company, user, id_bytes(user + 1, company))
                for company in range(1, self.companies, step) for user in range(SMALL_USERS)]

    def _add(self, first_company, last_company, first, last, users):
        """Messages with the numbers first to last in each of these companies, and what is kept beside them."""
        self._run(messages_sql(f"seq_{first_company}_to_{last_company}", first, last, users))
        self._run(seed.ADD_TO_CONVERSATIONS.format(added=added_sql(first_company, last_company, first, last)))

    def _run(self, sql):
        self._stack.sql(self._session + sql)
