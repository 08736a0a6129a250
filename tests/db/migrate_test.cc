// tests/db/migrate_test.cc — migrations: once each, in order, and a way on after whatever went
// wrong.
#include "db/migrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "base/crypto.h"
#include "base/version.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using State = db::Step::State;

constexpr int probe_number = 9001;
constexpr std::string_view probe_name = "9001_probe";

db::Migration probe(std::string_view sql) {
  return {probe_number, probe_name, sql, base::hex(base::view(base::sha256(sql)))};
}

// The program's migrations and one more, which goes away afterwards.
struct Probe {
  support::RawSql raw{support::config()};
  db::Connection db{support::config()};
  db::Migrations wanted = db::all_migrations();

  ~Probe() { clean(); }
  void clean() {
    raw.execute("DROP TABLE IF EXISTS probe");
    raw.execute("DELETE FROM schema_migrations WHERE number > 9000");
  }
  void want(std::string_view sql) {
    wanted = db::all_migrations();
    wanted.push_back(probe(sql));
  }
  // What was applied, or what stood in the way.
  std::string run() {
    std::string names;
    try {
      db::migrate(
          support::config(), [&](std::string_view name) { names += name; }, wanted);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return names;
  }
  State state() { return db::migration_status(support::config(), wanted).back().state; }
  // As a run leaves it that was ended between the statement's beginning and its record.
  void record_begin(const db::Migration& migration) {
    BOOST_TEST(raw.execute(fmt::format("INSERT INTO schema_migrations (number, name, checksum)"
                                       " VALUES ({}, '{}', '{}')",
                                       migration.number, migration.name, migration.checksum)) == 0);
  }
  // As if the program of that release had applied the probe.
  void need(std::string_view release) {
    raw.execute(fmt::format("UPDATE schema_migrations SET oldest_program = '{}' WHERE number = {}",
                            release, probe_number));
  }
  std::size_t count(std::string_view table) {
    return raw.query(fmt::format("SELECT 1 FROM {}", table)).size();
  }
};

constexpr const char* make_probe = "CREATE TABLE probe (company_id BINARY(16) PRIMARY KEY)";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(migrations, Probe)

BOOST_AUTO_TEST_CASE(are_one_statement_each_and_numbered_without_gaps) {
  int number = 0;
  for (const auto& migration : db::all_migrations()) {
    BOOST_TEST(migration.number == ++number);
    BOOST_TEST(migration.name.starts_with(fmt::format("{:04}_", number)));
    std::string statement;
    for (std::size_t at = 0; at < migration.sql.size();) {
      const auto end = std::min(migration.sql.find('\n', at), migration.sql.size());
      const auto line = migration.sql.substr(at, end - at);
      if (!line.starts_with("--")) statement += std::string(line) + "\n";
      at = end + 1;
    }
    BOOST_TEST(statement.find(';') == statement.size() - 2, migration.name);
  }
  BOOST_TEST(number > 10);
}

BOOST_AUTO_TEST_CASE(are_split_by_file_and_summed_up) {
  const auto two =
      db::split_migrations("--@ sql/0001_a.sql\n-- A.\nDO 1;\n--@ sql/0002_b.sql\nDO 2;\n");
  BOOST_REQUIRE(two.size() == 2U);
  BOOST_TEST(two[0].number == 1);
  BOOST_TEST(two[0].name == "0001_a");
  BOOST_TEST(two[0].sql == "-- A.\nDO 1;\n");
  BOOST_TEST(two[1].name == "0002_b");
  BOOST_TEST(two[1].sql == "DO 2;\n");
  BOOST_TEST(two[1].checksum == base::hex(base::view(base::sha256("DO 2;\n"))));
}

BOOST_AUTO_TEST_CASE(are_applied_once) {
  want(make_probe);
  BOOST_TEST((state() == State::pending));
  BOOST_TEST(run() == probe_name);
  BOOST_TEST((state() == State::applied));
  BOOST_TEST(run() == "");
}

BOOST_AUTO_TEST_CASE(that_failed_change_nothing_and_run_again_when_they_are_mended) {
  want("CREATE TABLE probe (company_id NO_SUCH_TYPE)");
  BOOST_TEST(run().find("9001_probe failed (the database's error") == 0U);
  BOOST_TEST((state() == State::pending));
  want(make_probe);
  BOOST_TEST(run() == probe_name);
}

BOOST_AUTO_TEST_CASE(whose_end_was_not_recorded_are_recorded_when_they_had_their_effect) {
  want(make_probe);
  record_begin(wanted.back());
  BOOST_TEST(raw.execute(make_probe) == 0);
  BOOST_TEST((state() == State::begun));
  BOOST_TEST(run() == probe_name);
  BOOST_TEST((state() == State::applied));
}

BOOST_AUTO_TEST_CASE(whose_end_was_not_recorded_are_applied_when_they_had_none) {
  want(make_probe);
  record_begin(wanted.back());
  BOOST_TEST(run() == probe_name);
  BOOST_TEST((state() == State::applied));
  BOOST_TEST(count("probe") == 0U);
}

BOOST_AUTO_TEST_CASE(that_find_their_table_there_without_having_begun_fail) {
  raw.execute(make_probe);
  want(make_probe);
  BOOST_TEST(run().find("9001_probe failed (the database's error 1050") == 0U);
}

BOOST_AUTO_TEST_CASE(that_change_rows_do_so_wholly_or_not_at_all) {
  raw.execute(make_probe);
  // The update of the second row finds the first in its way.
  raw.execute("INSERT INTO probe VALUES (REPEAT('a', 16)), (REPEAT('b', 16))");
  want("UPDATE probe SET company_id = REPEAT('c', 16)");
  BOOST_TEST(run().find("9001_probe failed (Already exists.)") == 0U);
  BOOST_TEST(raw.query("SELECT 1 FROM probe WHERE company_id = REPEAT('a', 16)").size() == 1U);
  BOOST_TEST((state() == State::pending));
}

BOOST_AUTO_TEST_CASE(that_were_changed_after_they_were_applied_are_refused) {
  want(make_probe);
  run();
  want("CREATE TABLE probe (id BINARY(16) PRIMARY KEY)");
  BOOST_TEST((state() == State::changed));
  BOOST_TEST(run() == "9001_probe was changed after it was applied; write a new migration instead");
}

BOOST_AUTO_TEST_CASE(are_recorded_with_the_oldest_program_that_they_leave_room_for) {
  want(make_probe);
  run();
  const auto rows = raw.query("SELECT oldest_program FROM schema_migrations WHERE number > 9000");
  BOOST_REQUIRE(rows.size() == 1U);
  BOOST_TEST(rows[0].at(0) == base::oldest_program);
}

BOOST_AUTO_TEST_CASE(that_the_program_does_not_know_and_have_no_room_for_it_are_refused) {
  want(make_probe);
  run();
  wanted = db::all_migrations();
  BOOST_TEST((state() == State::unknown));
  for (const auto* release : {"999.0.0", ""}) {
    need(release);
    for (const auto& problem : {run(), db::schema_problem(db)})
      BOOST_TEST(problem.find("newer than this program: it does not know 9001_probe") !=
                 std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(that_leave_room_for_the_program_are_served_and_left_as_they_are) {
  want(make_probe);
  run();
  wanted = db::all_migrations();
  raw.execute("UPDATE schema_migrations SET applied_at = NULL WHERE number > 9000");  // at it
  need(base::version);
  BOOST_TEST(db::schema_problem(db) == "");
  BOOST_TEST(run() == "");
  // What the application may do there is for the newer program to say.
  support::RawSql app{support::config(), support::config().db_account};
  const auto account = app.query("SELECT CURRENT_USER()")[0][0];
  BOOST_TEST(raw.execute("REVOKE DELETE ON probe FROM '" + account.substr(0, account.rfind('@')) +
                         "'@'" + account.substr(account.rfind('@') + 1) + "'") == 0);
  BOOST_TEST(run() == "");
  BOOST_TEST(app.execute("INSERT INTO probe VALUES (REPEAT('a', 16))") == 0);
  BOOST_TEST(app.execute("DELETE FROM probe") != 0);
  // But what is missing of its own is still missing.
  raw.execute(fmt::format("DELETE FROM schema_migrations WHERE number = {}", wanted.back().number));
  BOOST_TEST(db::schema_problem(db).find("older than this program") != std::string::npos);
  record_begin(wanted.back());
  BOOST_TEST(run() == wanted.back().name);
}

BOOST_AUTO_TEST_CASE(find_a_history_that_an_older_program_wrote_and_complete_it) {
  raw.execute("ALTER TABLE schema_migrations DROP COLUMN oldest_program,"
              " MODIFY applied_at DATETIME(6) NOT NULL");
  BOOST_TEST(db::schema_problem(db) == "");
  want(make_probe);
  BOOST_TEST(run() == probe_name);
  BOOST_TEST(raw.query("SELECT 1 FROM schema_migrations WHERE oldest_program = ''").size() ==
             wanted.size() - 1);
}

BOOST_AUTO_TEST_CASE(that_are_missing_are_an_older_schema_and_the_way_on_is_named) {
  BOOST_TEST(db::schema_problem(db) == "");
  const auto last = db::all_migrations().back();
  raw.execute(fmt::format("DELETE FROM schema_migrations WHERE number = {}", last.number));
  BOOST_TEST(db::schema_problem(db) ==
             fmt::format("the schema is older than this program: {} is pending. Run `partywall "
                         "migrate`",
                         last.name));
  record_begin(last);
  BOOST_TEST(db::schema_problem(db).find("is begun. Run `partywall migrate`") != std::string::npos);
  BOOST_TEST(run() == last.name);
  BOOST_TEST(db::schema_problem(db) == "");
}

BOOST_AUTO_TEST_CASE(that_are_not_the_programs_keep_a_pool_unready_until_they_are) {
  want(make_probe);
  run();
  need("999.0.0");
  support::Worker first;
  support::Client client(first.service);
  BOOST_TEST(client.get("/healthz").status == 200);
  BOOST_TEST(client.get("/readyz").status == 503);
  BOOST_TEST(client.post("/api/v1/auth/login/", R"({"username":"a","password":"b"})").status ==
             503);
  clean();
  BOOST_TEST(client.get("/readyz").status == 200);
  // Once it was right, another host may migrate on.
  run();
  need("999.0.0");
  BOOST_TEST(client.get("/readyz").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
