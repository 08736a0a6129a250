// tests/app/archive_test.cc — the archive of a company: each table and column of the schema is in
// it, or left out for a reason. (tests/api/export_test.py writes archives and reads them.)
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "app/archive/tables.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

namespace archive = app::archive;

// What somebody decided on.
struct Decisions {
  std::map<std::string, std::set<std::string>> exported;
  std::set<std::pair<std::string, std::string>> left_out;

  Decisions() {
    std::apply([&](const auto&... row) { (add(row), ...); }, archive::Tables{});
    for (const auto& each : archive::left_out) left_out.emplace(each.table, each.column);
  }
  template <class Row>
  void add(const Row&) {
    auto& columns = exported[std::string(Row::table)];
    base::for_each_field<Row>([&](const auto& field) { columns.insert(std::string(field.name)); });
  }
};

struct Schema : Decisions {
  support::RawSql raw{support::config()};

  // What nobody decided on, a line each.
  std::string problems() {
    std::string text;
    for (const auto& row : raw.query(
             "SELECT table_name, column_name FROM information_schema.columns c WHERE"
             " table_schema = DATABASE() AND column_name <> 'company_id' AND EXISTS (SELECT 1 FROM"
             " information_schema.columns t WHERE t.table_schema = c.table_schema AND"
             " t.table_name = c.table_name AND t.column_name = 'company_id') ORDER BY 1, 2")) {
      const bool is_left_out =
          left_out.contains({row[0], ""}) || left_out.contains({row[0], row[1]});
      const auto table = exported.find(row[0]);
      const bool is_exported = table != exported.end() && table->second.contains(row[1]);
      if (!is_left_out && !is_exported)
        text += fmt::format("{}.{} is neither exported nor left out\n", row[0], row[1]);
    }
    return text;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(archives, Schema)

BOOST_AUTO_TEST_CASE(have_each_table_and_column_or_leave_it_out_for_a_reason) {
  BOOST_TEST(problems() == "");
}

BOOST_AUTO_TEST_CASE(are_not_decided_on_for_a_new_table_or_column) {
  raw.execute("CREATE TABLE bad_example (company_id BINARY(16) NOT NULL, note INT NOT NULL)");
  raw.execute("ALTER TABLE customers ADD COLUMN bad_example INT NOT NULL DEFAULT 0");
  const auto found = problems();
  raw.execute("ALTER TABLE customers DROP COLUMN bad_example");
  raw.execute("DROP TABLE bad_example");
  BOOST_TEST(found == "bad_example.note is neither exported nor left out\n"
                      "customers.bad_example is neither exported nor left out\n");
}

BOOST_AUTO_TEST_CASE(leave_out_nothing_that_is_not_there) {
  for (const auto& each : archive::left_out)
    BOOST_TEST(
        !raw.query(fmt::format("SELECT 1 FROM information_schema.columns WHERE table_schema ="
                               " DATABASE() AND table_name = '{}' AND '{}' IN ('', column_name)",
                               each.table, each.column))
             .empty(),
        each.table << " " << each.column);
}

BOOST_AUTO_TEST_CASE(take_texts_as_long_as_their_columns) {
  const auto check = [&]<class Row>(const Row&) {
    base::for_each_field<Row>([&](const auto& field) {
      const auto longest = raw.query(fmt::format(
          "SELECT character_maximum_length FROM information_schema.columns WHERE table_schema ="
          " DATABASE() AND table_name = '{}' AND column_name = '{}' AND data_type = 'varchar'",
          Row::table, field.name));
      const bool is_text = std::is_same_v<base::MemberOf<decltype(field)>, std::string>;
      if (is_text && !longest.empty())
        BOOST_TEST(longest[0][0] == std::to_string(rest::rule_of(field).max_length),
                   Row::table << "." << field.name);
    });
  };
  std::apply([&](const auto&... row) { (check(row), ...); }, archive::Tables{});
}

BOOST_AUTO_TEST_SUITE_END()
