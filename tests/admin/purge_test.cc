// tests/admin/purge_test.cc — what `partywall clean` deletes of a company is all that there is.
#include "admin/purge.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "support/client.h"
#include "support/raw_sql.h"

BOOST_AUTO_TEST_SUITE(purge)

BOOST_AUTO_TEST_CASE(empties_every_table_that_has_rows_of_a_company) {
  support::RawSql raw{support::config()};
  std::set<std::string> of_companies, purged;
  for (const auto& row :
       raw.query("SELECT table_name FROM information_schema.columns"
                 " WHERE table_schema = DATABASE() AND column_name = 'company_id'"))
    of_companies.insert(row.at(0));
  for (const auto table : admin::purged_tables()) purged.insert(std::string(table));
  BOOST_TEST(purged == of_companies, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(empties_no_table_before_those_that_refer_to_it) {
  support::RawSql raw{support::config()};
  const auto tables = admin::purged_tables();
  const auto place = [&](const std::string& table) {
    return std::ranges::find(tables, table) - tables.begin();
  };
  for (const auto& row :
       raw.query("SELECT table_name, referenced_table_name FROM"
                 " information_schema.referential_constraints"
                 " WHERE constraint_schema = DATABASE() AND referenced_table_name <> 'identities'"))
    BOOST_TEST((row[0] == row[1] || place(row[0]) < place(row[1])), row[0] + " " + row[1]);
}

BOOST_AUTO_TEST_SUITE_END()
