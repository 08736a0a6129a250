// tests/admin/moved_tables_test.cc — what a move takes along and what stays behind is all that a
// company has; tests/api/move_test.py moves one.
#include "admin/moved_tables.h"

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>
#include <set>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

namespace moved = admin::moved;

struct Schema {
  support::RawSql raw{support::config()};
};

struct Written : support::TwoCompanies {
  support::RawSql raw{support::config()};
  db::Capture capture{support::config()};

  // A row of each table in both.
  Written() {
    for (auto* company : {&a, &b}) {
      const auto to = fmt::format(R"({{"to_user":"{}","text":"x"}})", company->staff.id.text());
      auto& client = company->admin.client;
      client.headers["idempotency-key"] = base::Uuid::make(base::Time::now()).text();
      BOOST_REQUIRE(client.post("/api/v2/user-messages/", to).status == 201);
      client.headers.erase("idempotency-key");
    }
    raw.execute(fmt::format("UPDATE companies SET moving_to = 'there', moving_until ="
                            " UTC_TIMESTAMP(6) + INTERVAL 1 DAY WHERE company_id IN ({}, {})",
                            support::literal(a.id), support::literal(b.id)));
    capture.begin(a.id, moved::captured);
  }
  ~Written() { capture.end(a.id, moved::captured); }

  std::string count(std::string_view table, const support::Company& company,
                    const std::string& condition = "TRUE") {
    return raw.query(fmt::format("SELECT COUNT(*) FROM {} WHERE company_id = {} AND {}", table,
                                 support::literal(company.id), condition))[0][0];
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(moved_tables, Schema)

BOOST_AUTO_TEST_CASE(and_those_that_stay_behind_are_all_that_there_are) {
  std::set<std::string> of_companies, decided;
  for (const auto& row :
       raw.query("SELECT table_name FROM information_schema.columns"
                 " WHERE table_schema = DATABASE() AND column_name = 'company_id'"))
    of_companies.insert(row.at(0));
  for (const auto& table : moved::captured) decided.insert(std::string(table.name));
  for (const auto& table : moved::stays_behind) decided.insert(std::string(table.table));
  BOOST_TEST(decided == of_companies, boost::test_tools::per_element());
  BOOST_TEST(decided.size() == moved::captured.size() + moved::stays_behind.size());
}

// Whatever one statement writes, in however many companies.
BOOST_FIXTURE_TEST_CASE(that_are_written_are_noted_for_that_company_alone, Written) {
  for (const auto& table : moved::captured) {
    const auto noted = fmt::format("table_name = '{}'", table.name);
    BOOST_TEST_CONTEXT(table.name) {
      BOOST_TEST(count(table.name, a) != "0");
      BOOST_TEST(count(table.name, b) != "0");
      raw.execute(fmt::format("UPDATE {} SET company_id = company_id", table.name));
      BOOST_TEST(count("move_notes", a, noted) == count(table.name, a));
      BOOST_TEST(count("move_notes", b) == "0");
    }
  }
}

// A column that comes to one of them is decided on in app/archive/tables.h.
BOOST_AUTO_TEST_CASE(that_are_in_no_archive_have_all_their_columns) {
  const auto check = [&]<class Table>(const Table&) {
    std::set<std::string> columns, fields = {"company_id"};
    for (const auto& row : raw.query(fmt::format(
             "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
             " AND table_name = '{}'",
             Table::captured.name)))
      columns.insert(row.at(0));
    base::for_each_field<typename Table::Row>(
        [&](const auto& field) { fields.insert(std::string(field.name)); });
    BOOST_TEST(fields == columns, Table::captured.name);
  };
  check(moved::Keys{});
  check(moved::Conversations{});
  check(moved::Inboxes{});
}

BOOST_AUTO_TEST_CASE(are_noted_by_their_primary_keys) {
  for (const auto& table : moved::captured) {
    std::string key = "company_id";
    for (const auto part : {table.key, table.more_key})
      if (!part.empty()) key += "," + std::string(part);
    const auto rows = raw.query(fmt::format(
        "SELECT GROUP_CONCAT(column_name ORDER BY seq_in_index) FROM information_schema.statistics"
        " WHERE table_schema = DATABASE() AND table_name = '{}' AND index_name = 'PRIMARY'",
        table.name));
    BOOST_TEST(rows.at(0).at(0) == key, table.name);
  }
}

BOOST_AUTO_TEST_CASE(come_in_an_order_in_which_nothing_refers_to_what_comes_later) {
  std::set<std::string> before;
  for (const auto& table : moved::captured) {
    before.insert(std::string(table.name));
    for (const auto& row : raw.query(fmt::format(
             "SELECT referenced_table_name FROM information_schema.referential_constraints"
             " WHERE constraint_schema = DATABASE() AND table_name = '{}'"
             " AND referenced_table_name <> 'identities'",
             table.name)))
      BOOST_TEST(before.contains(row.at(0)), table.name << " " << row.at(0));
  }
}

BOOST_AUTO_TEST_SUITE_END()
