// tests/db/capture_test.cc — the triggers that note what is written of a company while it is moved,
// and that refuse it where it is read-only.
#include "db/capture.h"

#include <fmt/format.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <memory>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::customers_url;
using support::literal;

constexpr std::array tables = {db::Captured{"companies", ""}, db::Captured{"customers", "id"},
                               db::Captured{"inboxes", "user_id"},
                               db::Captured{"conversations", "user_id", "other_id"},
                               db::Captured{.name = "audit", .key = "id", .closes = false}};
constexpr const char* kim = R"({"name":"Kim","email":"kim@x.example"})";

struct Captures : support::TwoCompanies {
  support::RawSql raw{support::config()};
  db::Capture capture{support::config()};

  Captures() {
    set("moving_to = 'there', moving_until = UTC_TIMESTAMP(6) + INTERVAL 1 DAY");
    capture.begin(a.id, tables);
  }
  ~Captures() { capture.end(a.id, tables); }

  // How many notes there are of a table, of rows that have this key.
  std::string notes(std::string_view table, const std::string& key_like = "row_key") {
    return raw.query(fmt::format("SELECT COUNT(*) FROM move_notes WHERE company_id IN ({}, {}) AND"
                                 " table_name = '{}' AND row_key = {}",
                                 literal(a.id), literal(b.id), table, key_like))[0][0];
  }
  void set(const std::string& assignment) {
    BOOST_REQUIRE(raw.execute(fmt::format("UPDATE companies SET {} WHERE company_id = {}",
                                          assignment, literal(a.id))) == 0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(capture, Captures)

BOOST_AUTO_TEST_CASE(notes_each_row_that_is_made_changed_or_deleted) {
  const auto made = a.admin.client.post(customers_url, kim);
  BOOST_REQUIRE(made.status == 201);
  const auto id = literal(*base::Uuid::parse(support::text_at(made, "id")));
  BOOST_TEST(notes("customers", id) == "1");
  const auto url = support::text_at(made, "url");
  BOOST_TEST(a.admin.client.patch(url, R"({"notes":"x"})").status == 200);
  BOOST_TEST(notes("customers", id) == "2");
  BOOST_TEST(a.admin.client.remove(url).status == 204);
  BOOST_TEST(notes("customers", id) == "3");
}

BOOST_AUTO_TEST_CASE(notes_the_keys_of_two_columns_and_of_none) {
  BOOST_REQUIRE(a.admin.client
                    .post("/api/v2/user-messages/",
                          fmt::format(R"({{"to_user":"{}","text":"x"}})", a.staff.id.text()))
                    .status == 201);
  BOOST_TEST(notes("conversations",
                   fmt::format("CONCAT({}, {})", literal(a.staff.id), literal(a.admin.id))) == "1");
  BOOST_TEST(a.admin.client.patch(support::company_url, R"({"name":"Other"})").status == 200);
  BOOST_TEST(notes("companies", "''") == "1");
}

BOOST_AUTO_TEST_CASE(notes_nothing_of_another_company) {
  BOOST_TEST(b.admin.client.post(customers_url, kim).status == 201);
  BOOST_TEST(notes("customers") == "0");
}

BOOST_AUTO_TEST_CASE(notes_nothing_of_a_move_that_is_taken_back_or_stands_still) {
  for (const auto* assignment : {"moving_to = ''", "moving_to = NULL",
                                 "moving_to = 'there', moving_until = UTC_TIMESTAMP(6)"}) {
    set(assignment);
    BOOST_TEST(a.admin.client.post(customers_url, kim).status == 201);
    BOOST_TEST(a.admin.client.patch(support::company_url, R"({"name":"Other"})").status == 200);
    BOOST_TEST(notes("customers") == "0");
    BOOST_TEST(notes("companies") == "0");
    raw.execute("DELETE FROM customers");
  }
}

BOOST_AUTO_TEST_CASE(notes_nothing_that_is_rolled_back) {
  raw.execute("START TRANSACTION");
  raw.execute(fmt::format("UPDATE companies SET name = 'x' WHERE company_id = {}", literal(a.id)));
  BOOST_TEST(notes("companies") == "1");
  raw.execute("ROLLBACK");
  BOOST_TEST(notes("companies") == "0");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_written_for_ten_seconds_and_nothing_that_is_read) {
  set("read_only_since = UTC_TIMESTAMP(6)");
  const auto refused = a.admin.client.post(customers_url, kim);
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.headers.find("Retry-After") != nullptr);
  BOOST_TEST(a.admin.client.patch(support::company_url, R"({"name":"Other"})").status == 503);
  BOOST_TEST(a.admin.client.get(customers_url).status == 200);
  BOOST_TEST(b.admin.client.post(customers_url, kim).status == 201);
  BOOST_TEST(notes("customers") == "0");
  set("read_only_since = UTC_TIMESTAMP(6) - INTERVAL 10 SECOND");
  BOOST_TEST(a.admin.client.post(customers_url, kim).status == 201);
}

BOOST_AUTO_TEST_CASE(lets_what_is_only_added_be_written_all_the_same) {
  set("read_only_since = UTC_TIMESTAMP(6)");
  const auto name =
      fmt::format(R"({{"username":"{}","password":"{}"}})", a.staff.username, support::password);
  BOOST_TEST(support::Client(service).post("/api/v1/auth/login/", name).status == 200);
}

// A request that was let in before the company had moved.
BOOST_AUTO_TEST_CASE(refuses_what_comes_late_when_the_company_has_moved) {
  set("moved_to = 'https://there.example'");
  const auto change = [&](std::string_view table, std::string_view assignment) {
    return raw.execute(
        fmt::format("UPDATE {} SET {} WHERE company_id = {}", table, assignment, literal(a.id)));
  };
  constexpr int refused = 1644;  // ER_SIGNAL_EXCEPTION
  BOOST_TEST(change("companies", "name = 'x'") == refused);
  BOOST_TEST(change("inboxes", "unread = 7") == refused);
  BOOST_TEST(change("audit", "detail = 'x'") == 0);
}

// So whoever has that row FOR UPDATE knows that nobody is writing.
BOOST_AUTO_TEST_CASE(lets_nobody_write_while_the_company_is_locked_and_waits_for_who_writes) {
  support::RawSql other{support::config()};
  other.execute("SET innodb_lock_wait_timeout = 1");
  const auto lock =
      fmt::format("SELECT 1 FROM companies WHERE company_id = {} FOR UPDATE", literal(a.id));
  const auto write =
      fmt::format("INSERT INTO inboxes VALUES ({}, {}, 1)", literal(a.id), literal(a.admin.id));
  constexpr int waited_too_long = 1205;
  raw.execute("START TRANSACTION");
  BOOST_TEST(raw.execute(write) == 0);
  BOOST_TEST(other.execute(lock) == waited_too_long);
  raw.execute("ROLLBACK");
  raw.execute("START TRANSACTION");
  raw.query(lock);
  BOOST_TEST(other.execute(write) == waited_too_long);
  raw.execute("ROLLBACK");
}

BOOST_AUTO_TEST_CASE(is_held_by_one_for_each_company) {
  capture.hold(a.id);
  capture.hold(a.id);  // again, as it goes on
  auto other = std::make_unique<db::Capture>(support::config());
  other->hold(b.id);
  BOOST_CHECK_THROW(other->hold(a.id), std::runtime_error);
  BOOST_CHECK_THROW(capture.hold(b.id), std::runtime_error);
  other.reset();
  capture.hold(b.id);
}

BOOST_AUTO_TEST_CASE(is_gone_when_it_has_ended) {
  capture.end(a.id, tables);
  BOOST_TEST(raw.query("SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema ="
                       " DATABASE()")
                 .empty());
}

BOOST_AUTO_TEST_SUITE_END()
