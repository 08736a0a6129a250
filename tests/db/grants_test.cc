// tests/db/grants_test.cc — the accounts of the application, of `partywall clean` and of `exports`
// can do what the program does with them, and no more.
#include "db/grants.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "db/migrate.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

constexpr int denied = 1142;  // ER_TABLEACCESS_DENIED_ERROR

struct Accounts {
  support::RawSql owner{support::config()};
  support::RawSql app{support::config(), support::config().db_account};
  support::RawSql cleaner{support::config(), support::config().clean_account};
  support::RawSql exporter{support::config(), support::config().exports_account};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_applications_account, Accounts)

BOOST_AUTO_TEST_CASE(can_do_no_ddl) {
  for (const auto* statement :
       {"CREATE TABLE probe (id INT)", "ALTER TABLE users ADD COLUMN probe INT",
        "ALTER TABLE companies DROP COLUMN suspended_at", "CREATE INDEX probe ON users (username)",
        "DROP TABLE api_tokens", "RENAME TABLE throttles TO probe", "TRUNCATE TABLE throttles",
        "CREATE VIEW probe AS SELECT 1 FROM users"})
    BOOST_TEST(app.execute(statement) == denied, statement);
}

BOOST_AUTO_TEST_CASE(can_add_to_the_audit_and_neither_change_nor_delete) {
  support::TwoCompanies two;
  const auto ours = " WHERE company_id = " + support::literal(two.a.id);
  BOOST_TEST(!app.query("SELECT 1 FROM audit" + ours).empty());
  for (const auto& statement : {"UPDATE audit SET detail = 'x'" + ours, "DELETE FROM audit" + ours,
                                std::string("TRUNCATE TABLE audit")})
    BOOST_TEST(app.execute(statement) == denied, statement);
  BOOST_TEST(app.execute("REPLACE INTO audit SELECT * FROM audit" + ours) == denied);
  BOOST_TEST(app.execute("INSERT INTO audit SELECT * FROM audit" + ours +
                         " ON DUPLICATE KEY UPDATE detail = 'x'") == denied);
}

BOOST_AUTO_TEST_CASE(cannot_rewrite_the_schemas_history) {
  for (const auto* statement :
       {"DELETE FROM schema_migrations", "UPDATE schema_migrations SET checksum = ''",
        "INSERT INTO schema_migrations (number, name, checksum) VALUES (9001, 'x', 'x')"})
    BOOST_TEST(app.execute(statement) == denied, statement);
}

BOOST_AUTO_TEST_CASE(loses_with_the_next_migration_what_somebody_gave_it_beyond_that) {
  const auto account = app.query("SELECT CURRENT_USER()")[0][0];
  const auto at = account.rfind('@');
  const auto to = fmt::format("'{}'@'{}'", account.substr(0, at), account.substr(at + 1));
  const auto schema = support::config().db_name;
  BOOST_REQUIRE(owner.execute(fmt::format("GRANT UPDATE ON {}.audit TO {}", schema, to)) == 0);
  BOOST_REQUIRE(owner.execute(fmt::format("GRANT DELETE, CREATE ON {}.* TO {}", schema, to)) == 0);
  BOOST_TEST(app.execute("UPDATE audit SET detail = detail LIMIT 0") == 0);
  db::migrate(support::config(), [](std::string_view) {});
  // Rights on a schema hold for a connection until it names the schema again.
  support::RawSql again(support::config(), support::config().db_account);
  BOOST_TEST(again.execute("UPDATE audit SET detail = detail LIMIT 0") == denied);
  BOOST_TEST(again.execute("DELETE FROM audit LIMIT 0") == denied);
  BOOST_TEST(again.execute("CREATE TABLE probe (id INT)") == denied);
  BOOST_TEST(again.execute("DELETE FROM throttles LIMIT 0") == 0);
}

BOOST_AUTO_TEST_CASE(needs_no_statement_when_all_is_as_it_should_be) {
  auto config = support::config();
  config.db_account = config.owner_account;
  db::Connection connection(config);
  BOOST_TEST(db::grants(connection, support::config()).empty());
  BOOST_TEST(db::grants(connection, config).empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(the_account_that_cleans, Accounts)

BOOST_AUTO_TEST_CASE(reads_and_deletes_what_expires_and_can_change_nothing) {
  const auto expire = owner.query(
      "SELECT DISTINCT table_name, column_name FROM"
      " information_schema.columns WHERE table_schema = DATABASE() AND"
      " (column_name = 'expires_at' OR table_name IN"
      " ('audit', 'throttles', 'known_addresses', 'idempotency_keys') AND ordinal_position = 1)");
  BOOST_REQUIRE(expire.size() >= 6U);
  for (const auto& row : expire) {
    cleaner.query("SELECT 1 FROM " + row[0] + " LIMIT 0");  // throws where it is denied
    BOOST_TEST(cleaner.execute("DELETE FROM " + row[0] + " LIMIT 0") == 0, row[0]);
    BOOST_TEST(cleaner.execute(fmt::format("UPDATE {0} SET {1} = {1} LIMIT 0", row[0], row[1])) ==
               denied);
    BOOST_TEST(cleaner.execute(fmt::format("INSERT INTO {0} SELECT * FROM {0} LIMIT 0", row[0])) ==
               denied);
    BOOST_TEST(cleaner.execute("TRUNCATE TABLE " + row[0]) == denied, row[0]);
  }
}

BOOST_AUTO_TEST_CASE(
    deletes_all_of_a_company_and_writes_no_more_than_what_is_kept_beside_messages) {
  const auto tables =
      owner.query("SELECT table_name, column_name FROM information_schema.columns"
                  " WHERE table_schema = DATABASE() AND ordinal_position = 1 AND table_name NOT IN"
                  " ('derived', 'identities', 'schema_migrations')");
  BOOST_REQUIRE(tables.size() >= 16U);
  for (const auto& row : tables) {
    const bool is_beside = row[0] == "conversations" || row[0] == "inboxes";
    BOOST_TEST(cleaner.execute("DELETE FROM " + row[0] + " LIMIT 0") == 0, row[0]);
    BOOST_TEST(cleaner.execute(fmt::format("UPDATE {0} SET {1} = {1} LIMIT 0", row[0], row[1])) ==
                   (is_beside ? 0 : denied),
               row[0]);
    BOOST_TEST(cleaner.execute(fmt::format("INSERT INTO {0} SELECT * FROM {0} LIMIT 0", row[0])) ==
                   (row[0] == "inboxes" ? 0 : denied),
               row[0]);
  }
}

BOOST_AUTO_TEST_CASE(has_no_part_in_who_can_log_in_and_sees_the_ids_of_people_alone) {
  constexpr int denied_column = 1143;
  cleaner.query("SELECT 1 FROM derived LIMIT 0");
  for (const auto* table : {"derived", "schema_migrations"})
    BOOST_TEST(cleaner.execute(fmt::format("DELETE FROM {} LIMIT 0", table)) == denied, table);
  cleaner.query("SELECT id FROM identities LIMIT 0");  // throws where it is denied
  for (const auto* column : {"username", "username_key", "password_hash", "default_company_id",
                             "email", "new_email_token"})
    BOOST_TEST(
        cleaner.execute(fmt::format("SELECT {} FROM identities LIMIT 0", column)) == denied_column,
        column);
  cleaner.query("SELECT created_at FROM mails LIMIT 0");
  BOOST_TEST(cleaner.execute("SELECT recipient FROM mails LIMIT 0") == denied_column);
  BOOST_TEST(cleaner.execute("UPDATE identities SET password_hash = ''") == denied);
  BOOST_TEST(cleaner.execute("INSERT INTO identities SELECT * FROM identities LIMIT 0") == denied);
  BOOST_TEST(cleaner.execute("CREATE TABLE probe (id INT)") == denied);
}

BOOST_AUTO_TEST_CASE(that_cannot_log_in_keeps_nobody_from_migrating) {
  auto config = support::config();
  config.clean_account.password = "another one";
  db::migrate(config, [](std::string_view) {});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(the_account_that_exports, Accounts)

BOOST_AUTO_TEST_CASE(reads_what_is_in_an_archive_and_no_credential) {
  for (const auto& row : owner.query("SELECT table_name FROM information_schema.tables"
                                     " WHERE table_schema = DATABASE()")) {
    const std::set<std::string> read = {"audit",   "companies",         "customers",
                                        "exports", "schema_migrations", "user_messages",
                                        "users"};
    BOOST_TEST(exporter.execute("SELECT 1 FROM " + row[0] + " LIMIT 0") ==
                   (read.contains(row[0]) ? 0 : denied),
               row[0]);
  }
}

BOOST_AUTO_TEST_CASE(writes_nothing_but_how_far_an_export_is) {
  BOOST_TEST(exporter.execute("UPDATE exports SET state = state LIMIT 0") == 0);
  BOOST_TEST(exporter.execute("DELETE FROM exports LIMIT 0") == 0);
  BOOST_TEST(exporter.execute("INSERT INTO exports SELECT * FROM exports LIMIT 0") == denied);
  for (const auto* table : {"audit", "companies", "customers", "user_messages", "users"}) {
    BOOST_TEST(exporter.execute(fmt::format("DELETE FROM {} LIMIT 0", table)) == denied, table);
    BOOST_TEST(exporter.execute(
                   fmt::format("UPDATE {0} SET company_id = company_id LIMIT 0", table)) == denied);
  }
}

BOOST_AUTO_TEST_SUITE_END()
