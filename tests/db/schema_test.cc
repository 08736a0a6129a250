// tests/db/schema_test.cc — the third hold of the wall: the schema itself ties every row to its
// company. New tables are covered without being named here.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::literal;

// The tables that belong to no company.
const std::set<std::string> global_tables = {"derived", "identities",        "known_addresses",
                                             "mails",   "schema_migrations", "throttles"};

struct Schema {
  support::RawSql raw{support::config()};

  // What breaks the rules, a line each.
  std::string problems() {
    std::string text;
    for (const auto& row : raw.query("SELECT table_name FROM information_schema.tables"
                                     " WHERE table_schema = DATABASE() ORDER BY 1"))
      if (!global_tables.contains(row[0])) text += table_problems(row[0]);
    return text;
  }

  std::string table_problems(const std::string& table) {
    std::string text;
    const auto company = raw.query(fmt::format(
        "SELECT c.column_type, c.is_nullable, s.seq_in_index FROM information_schema.columns c"
        " LEFT JOIN information_schema.statistics s ON s.table_schema = c.table_schema AND"
        " s.table_name = c.table_name AND s.column_name = c.column_name AND"
        " s.index_name = 'PRIMARY' WHERE c.table_schema = DATABASE() AND c.table_name = '{}' AND"
        " c.column_name = 'company_id'",
        table));
    if (company.empty()) return table + " has no company_id\n";
    if (company[0][0] != "binary(16)" || company[0][1] != "NO")
      text += table + ".company_id is not BINARY(16) NOT NULL\n";
    if (company[0][2] != "1") text += table + ".company_id does not lead the primary key\n";
    if (table != "companies" && !refers_to_tenant(table))
      text += table + " refers to no company, not even through another table\n";
    return text + reference_problems(table);
  }

  // By a foreign key that starts with company_id.
  bool refers_to_tenant(const std::string& table) {
    return !raw.query(fmt::format(
                          "SELECT 1 FROM information_schema.key_column_usage WHERE"
                          " table_schema = DATABASE() AND table_name = '{}' AND"
                          " column_name = 'company_id' AND referenced_column_name = 'company_id'"
                          " AND ordinal_position = 1",
                          table))
                .empty();
  }

  // Every foreign key to a tenant table is composite, and every id is part of a foreign key.
  std::string reference_problems(const std::string& table) {
    std::string text;
    for (const auto& key : raw.query(fmt::format(
             "SELECT constraint_name, column_name, referenced_table_name, referenced_column_name"
             " FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND"
             " table_name = '{}' AND referenced_table_name IS NOT NULL AND ordinal_position = 1",
             table)))
      if (!global_tables.contains(key[2]) && (key[1] != "company_id" || key[3] != "company_id"))
        text += fmt::format("{}: {} does not start with the company\n", table, key[0]);
    for (const auto& column : raw.query(fmt::format(
             "SELECT c.column_name FROM information_schema.columns c LEFT JOIN"
             " information_schema.key_column_usage k ON k.table_schema = c.table_schema AND"
             " k.table_name = c.table_name AND k.column_name = c.column_name AND"
             " k.referenced_table_name IS NOT NULL WHERE c.table_schema = DATABASE() AND"
             " c.table_name = '{}' AND c.column_type = 'binary(16)' AND c.column_name NOT IN"
             " ('company_id', 'id') AND k.column_name IS NULL",
             table)))
      text += fmt::format("{}.{} is an id without a foreign key\n", table, column[0]);
    return text;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(schema, Schema)

BOOST_AUTO_TEST_CASE(ties_every_tenant_table_to_its_company) { BOOST_TEST(problems() == ""); }

BOOST_AUTO_TEST_CASE(of_a_table_without_a_company_is_reported) {
  raw.execute("CREATE TABLE bad_example (id BINARY(16) NOT NULL PRIMARY KEY)");
  const auto found = problems();
  raw.execute("DROP TABLE bad_example");
  BOOST_TEST(found == "bad_example has no company_id\n");
}

BOOST_AUTO_TEST_CASE(of_a_table_with_a_single_column_reference_is_reported) {
  raw.execute("CREATE TABLE bad_example (company_id BINARY(16) NOT NULL, id BINARY(16) NOT NULL,"
              " user_id BINARY(16) NOT NULL, PRIMARY KEY (id, company_id),"
              " FOREIGN KEY (company_id) REFERENCES companies (company_id))");
  const auto found = problems();
  raw.execute("DROP TABLE bad_example");
  BOOST_TEST(found == "bad_example.company_id does not lead the primary key\n"
                      "bad_example.user_id is an id without a foreign key\n");
}

// MySQL 9 does not do so where a table refers to itself, and says nothing.
BOOST_AUTO_TEST_CASE(lets_no_row_take_others_along) {
  const auto rules =
      raw.query("SELECT constraint_name FROM information_schema.referential_constraints WHERE"
                " constraint_schema = DATABASE() AND (delete_rule NOT IN ('RESTRICT', 'NO ACTION')"
                " OR update_rule NOT IN ('RESTRICT', 'NO ACTION'))");
  BOOST_TEST(rules.empty(), (rules.empty() ? "" : rules[0][0]));
}

BOOST_AUTO_TEST_CASE(refuses_a_message_across_companies) {
  support::TwoCompanies two;
  const auto insert = [&](const base::Uuid& from, const base::Uuid& to) {
    return raw.execute(fmt::format(
        "INSERT INTO user_messages (company_id, id, from_user, to_user, text, date) VALUES"
        " ({}, {}, {}, {}, 'x', NOW(6))",
        literal(two.a.id), literal(base::Uuid::make(base::Time::now())), literal(from),
        literal(to)));
  };
  constexpr int foreign_key_fails = 1452;
  BOOST_TEST(insert(two.a.admin.id, two.b.staff.id) == foreign_key_fails);
  BOOST_TEST(insert(two.b.admin.id, two.a.staff.id) == foreign_key_fails);
  BOOST_TEST(insert(two.a.admin.id, two.a.staff.id) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
