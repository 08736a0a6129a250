#!/usr/bin/env python3
"""tests/api/statements_test.py — each statement of the program that names a company finds its rows by a key
that begins with the company."""
import re
import unittest

from one_of_each import literal, make_one_of_each
from program import statements
from support import BINARY, Stack

OTHER_ROWS = 3000  # of each table, in 30 other companies, but for the first
OWN_ROWS = 20      # which are in the company that is asked, half of them of the one person
COLUMNS = """
SELECT table_name, column_name, data_type, character_maximum_length FROM information_schema.columns
 WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position;
"""
KEYS = """
SELECT table_name, index_name, column_name, seq_in_index, non_unique FROM information_schema.statistics
 WHERE table_schema = DATABASE();
"""


class Schema:
    """Of each table that has companies its columns, and the first column of each key."""

    def __init__(self, stack):
        keys = [line.split("\t") for line in stack.as_owner(KEYS)]
        self.first = {(table, key): column for table, key, column, at, _ in keys if at == "1"}
        self.unique = {}
        for table, key, column, _, non_unique in keys:
            if non_unique == "0":
                self.unique.setdefault((table, key), set()).add(column)
        columns = {}
        for table, name, kind, length in (line.split("\t") for line in stack.as_owner(COLUMNS)):
            columns.setdefault(table, {})[name] = kind, length
        self.tables = {table: each for table, each in columns.items() if "company_id" in each}

    def value_of_another(self, table, column, company):
        """What another row has there: row number `seq`, made from the one person's."""
        kind, length = self.tables[table][column]
        if column == "company_id":
            return f"IF(seq <= {OWN_ROWS}, {company}, UNHEX(MD5(seq MOD 30)))"
        if kind == "binary":
            other = f"LEFT(UNHEX(SHA2(CONCAT('{column}', seq), 512)), {length})"
            return other if self.is_unique(table, column) else f"IF(seq <= {OWN_ROWS // 2}, {column}, {other})"
        return f"CONCAT(seq, {column})" if kind == "varchar" and self.is_unique(table, column) else column

    def is_unique(self, table, column):
        return any(of == table and column in columns for (of, _), columns in self.unique.items())

    def literal(self, table, column):
        """What writes a value of that column as a literal."""
        if "binary" in self.tables[table][column][0]:
            return f"IF({column} IS NULL, 'NULL', CONCAT('0x', HEX({column})))"
        return f"QUOTE({column})"


def fill(stack, schema):
    """Makes that row of each table, and many of other companies; answers the row's values."""
    admin, user = make_one_of_each(stack)
    company, user = literal(admin.company), literal(user)
    stack.as_owner(f"UPDATE invitations SET for_user = created_by WHERE company_id = {company};")
    values, whose = {}, {"users": "id", "conversations": "user_id", "inboxes": "user_id", "sessions": "user_id"}
    for table, columns in schema.tables.items():
        row = f"company_id = {company}" + (f" AND {whose[table]} = {user}" if table in whose else "")
        literals = ", ".join(schema.literal(table, column) for column in columns)
        rows = stack.as_owner(f"SELECT {literals} FROM {table} WHERE {row} LIMIT 1;")
        assert rows, f"no row in {table}"
        values[table] = dict(zip(columns, rows[0].split("\t")))
        others = ", ".join(schema.value_of_another(table, column, company) for column in columns)
        stack.as_owner(f"""
            SET foreign_key_checks = 0, check_constraint_checks = 0;
            INSERT IGNORE INTO {table} ({", ".join(columns)})
              SELECT {others} FROM (SELECT * FROM {table} WHERE {row} LIMIT 1) AS one
                STRAIGHT_JOIN seq_1_to_{OTHER_ROWS};
            ANALYZE TABLE {table};""")
    return values


def tables_of(statement):
    """Its tables by the names that it gives them."""
    found = re.findall(r"(?:FROM|JOIN|UPDATE) (\w+)(?: (?!SET|WHERE|FORCE|JOIN|LEFT|ORDER)(\w+))?", statement)
    return {alias or table: table for table, alias in found}


def filled_in(statement, values):
    """The statement with a value of the one row, or one beside it, for each placeholder."""
    tables = tables_of(statement)

    def value(before):
        found = re.search(r"(?:(\w+)\.)?(\w+)\)? (=|<>|<=|>=|<|>|LIKE) \(?(?:\?, )*$", before)
        if not found:
            return "1"
        alias, column, operator = found.groups()
        same = next((values[table][column] for name, table in tables.items()
                     if column in values.get(table, {}) and alias in (None, name)), "1")
        if operator in ("<", "<="):
            return "0x" + 32 * "F" if same.startswith("0x") else f"GREATEST({same}, 'zz')"
        return {">": "''", ">=": "''", "<>": "'x'", "LIKE": "'%o%'"}.get(operator, same)
    parts = statement.split("?")
    return "".join(part + value("?".join(parts[:i + 1])) for i, part in enumerate(parts[:-1])) + parts[-1]


class Statements(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.own()
        cls.schema = Schema(cls.stack)
        cls.values = fill(cls.stack, cls.schema)

    def plans(self):
        """Of each statement that names a company, but for those that only write a new row: its tables, and by
        which key it finds rows of each."""
        asked = [each for each in statements(BINARY)
                 if re.search(r"\bcompany_id = \?", each) and not each.startswith("INSERT")]
        self.assertGreater(len(asked), 100)
        for statement in asked:
            plan = [line.split("\t") for line in
                    self.stack.as_owner(f"EXPLAIN {filled_in(statement, self.values)};")]
            tables = tables_of(statement)
            keys = [(tables[each[2]], each[5]) for each in plan if each[2] in tables]
            self.assertEqual({table for table, _ in keys}, set(tables.values()), (statement, plan))
            yield statement, keys

    def test_find_the_rows_of_a_company_by_keys_that_begin_with_it(self):
        for statement, keys in self.plans():
            for table, key in keys:
                with self.subTest(statement=statement, key=key):
                    self.assertEqual(self.schema.first.get((table, key)), "company_id")

    def test_find_a_row_whose_unique_key_they_name_by_that_and_lock_no_other_on_the_way(self):
        unique = self.schema.unique
        for statement, keys in self.plans():
            named = set(re.findall(r"(\w+) = \?", statement.partition(" WHERE ")[2]))
            (table, key), *others = keys
            if not others and any(of == table and columns <= named for (of, _), columns in unique.items()):
                with self.subTest(statement=statement, key=key):
                    self.assertIn((table, key), list(unique))


if __name__ == "__main__":
    unittest.main()
