"""tests/bench/seed.py — the companies, people, sessions and messages that `make bench` works on.

Written as SQL in bulk, because through the API it would take longer than the measuring. All people
have one password, whose hash the caller takes from an account that the API made.
"""

import base64
import dataclasses
import datetime
import hashlib
import os
import uuid

COMPANIES = 200
USERS = 20      # in each company
MESSAGES = 200  # in each company
TALKERS = 4     # a company's first users write each other all of these: 100 lie with each of them

COLUMNS = {  # parents first
    "companies": "company_id, name, address, created_at",
    "identities": "id, username_key, username, password_hash, password_given, default_company_id, "
                  "created_at",
    "users": "company_id, id, identity_id, username, role, created_at",
    "sessions": "company_id, token_hash, id, user_id, user_agent, address, created_at, "
                "last_seen_at, expires_at",
    "user_messages": "company_id, id, from_user, to_user, text, date, read_at",
}
START = datetime.datetime(2024, 1, 1)
PASSWORD = "Faced-0483-Bead!"
TEXT = "Could you look at the figures of the second quarter before we meet on Thursday, please? "


# What is kept beside the messages (sql/0032_conversations.sql, 0033_inboxes.sql), of those that were
# added and meet a condition: a later message has a larger id and date. Then of all in the sum.
ADD_TO_CONVERSATIONS = """
INSERT INTO conversations (company_id, user_id, other_id, last_message, last_date, unread)
SELECT company_id, one, other, MAX(id), MAX(date), SUM(unread) FROM (
  SELECT company_id, to_user AS one, from_user AS other, id, date, read_at IS NULL AS unread
    FROM user_messages WHERE {added}
  UNION ALL SELECT company_id, from_user, to_user, id, date, 0 FROM user_messages WHERE {added}) AS sides
 GROUP BY company_id, one, other
    ON DUPLICATE KEY UPDATE last_message = VALUES(last_message), last_date = VALUES(last_date),
                            unread = conversations.unread + VALUES(unread);
"""
SUM_UP = """
INSERT INTO inboxes (company_id, user_id, unread)
SELECT company_id, user_id, SUM(unread) FROM conversations GROUP BY company_id, user_id
    ON DUPLICATE KEY UPDATE unread = VALUES(unread);
"""

# Once a minute a request notes that its session was used, which is a write. It is measured by itself,
# so at other times all sessions were "used" in an hour.
UNUSED = "UPDATE sessions SET last_seen_at = UTC_TIMESTAMP(6) - INTERVAL 2 MINUTE"
USED = "UPDATE sessions SET last_seen_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR"


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def uuid7(time):
    """An id of that moment, as src/base/uuid.cc makes them."""
    millis = (time - datetime.datetime(1970, 1, 1)) // datetime.timedelta(milliseconds=1)
    data = bytearray(millis.to_bytes(6, "big") + os.urandom(10))
    data[6] = 0x70 | data[6] & 0x0f
    data[8] = 0x80 | data[8] & 0x3f
    return bytes(data)


@dataclasses.dataclass
class Person:
    company: bytes
    id: bytes
    username: str
    token: bytes = dataclasses.field(default_factory=lambda: os.urandom(32))
    csrf: str = dataclasses.field(default_factory=lambda: base64url(os.urandom(32)))
    message: str = ""  # the id of one that the person sent

    @property
    def path(self):
        return f"/api/v1/accounts/users/{uuid.UUID(bytes=self.id)}"

    @property
    def cookies(self):
        """As src/auth/tokens.cc and src/auth/csrf.cc make them."""
        session = base64url(b"\x01" + self.company + self.token)
        return f"sessionid={session}; csrftoken={self.csrf}"


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, datetime.datetime):
        value = value.isoformat(" ", "microseconds")
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


class Seed:
    """Makes everything up when built; `people` holds a list for each company."""

    def __init__(self, password_hash):
        self._rows = {table: [] for table in COLUMNS}
        self.people = [self._company(number, password_hash) for number in range(COMPANIES)]

    def _company(self, number, password_hash):
        start = START + datetime.timedelta(hours=number)
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        company = uuid7(start)
        self._rows["companies"].append((company, f"Company {number}", "1 Main St", start))
        people = []
        for i in range(USERS):
            time = start + datetime.timedelta(seconds=i, microseconds=number)
            person = Person(company, uuid7(time), f"person{i:02}-of-{number:03}")
            identity = uuid7(time)
            self._rows["identities"].append(
                (identity, person.username, person.username, password_hash, "0", company, time))
            self._rows["users"].append((company, person.id, identity, person.username,
                                        "staff" if i else "admin", time))
            self._rows["sessions"].append((company, hashlib.sha256(person.token).digest(),
                                           uuid7(now), person.id, "", "127.0.0.1", now,
                                           now + datetime.timedelta(hours=1),
                                           now + datetime.timedelta(days=7)))
            people.append(person)
        for i in range(MESSAGES):
            time = start + datetime.timedelta(minutes=1 + i, microseconds=number)
            sender = people[i % TALKERS]
            recipient = people[(i + 1 + i // TALKERS % (TALKERS - 1)) % TALKERS]
            message = uuid7(time)
            sender.message = str(uuid.UUID(bytes=message))
            self._rows["user_messages"].append(
                (company, message, sender.id, recipient.id, TEXT[i % 40:], time,
                 time + datetime.timedelta(hours=1) if i % 2 else None))
        return people

    def sql(self):
        for table, rows in self._rows.items():
            for start in range(0, len(rows), 1000):
                values = ",\n".join("(" + ",".join(map(literal, row)) + ")"
                                    for row in rows[start:start + 1000])
                yield f"INSERT INTO {table} ({COLUMNS[table]}) VALUES {values};\n"
        yield ADD_TO_CONVERSATIONS.format(added="TRUE") + SUM_UP
        yield f"ANALYZE TABLE {', '.join(self._rows)}, conversations, inboxes;\n"
