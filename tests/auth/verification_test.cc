// tests/auth/verification_test.cc — who shows a password, and how often, wherever it is asked for.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "auth/throttle.h"
#include "base/crypto.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Client;
using support::password;
using support::text_at;

constexpr const char* login_url = "/api/v1/auth/login/";
constexpr const char* home = "192.0.2.1";
constexpr const char* other_password = "Bade-9175-Decaf!";
// The same letters, put together and not (normalisation forms C and D).
constexpr const char* composed = "Gr\xc3\xbc\xc3\x9f-0483-Kite";
constexpr const char* decomposed = "Gru\xcc\x88\xc3\x9f-0483-Kite";

std::string elsewhere(int i) { return fmt::format("198.51.100.{}", i); }

struct Passwords : support::TwoCompanies {
  support::RawSql raw{support::config()};

  http::Response change(support::Person& person, std::string_view current) {
    return person.client.patch(
        person.url(),
        fmt::format(R"({{"password":"Bade-9175-Decaf!","current_password":"{}"}})", current));
  }
  http::Response log_in(const support::Person& person, std::string_view secret,
                        std::string_view address = "") {
    Client client(service);
    client.remote_address = address;
    return client.post(
        login_url, fmt::format(R"({{"username":"{}","password":"{}"}})", person.username, secret));
  }
  http::Response ask_by_basic(const support::Person& person, std::string_view secret,
                              std::string_view address = home) {
    Client client(service);
    client.remote_address = address;
    client.headers["authorization"] = support::basic(person.username, secret);
    return client.get(support::me_url);
  }
  // Tries of strangers, so many that the name has no more.
  void guess_elsewhere(const support::Person& person) {
    for (int i = 0; i < 50; i++)
      BOOST_TEST(log_in(person, "wrong", elsewhere(i / 5)).status == 401);
    for (const auto* secret : {"wrong", password.data()})
      BOOST_TEST(log_in(person, secret, elsewhere(99)).status == 429);
  }
  // Another worker of the pool hashes, and there is one turn.
  void take_the_turn() {
    board.resize(2);
    BOOST_TEST_REQUIRE(board.hashing_gate.take(board, board.slot(1), {1, 1, true}));
  }
  // How many failures the audit of A holds of somebody, by whom and from where.
  std::string failures(const support::Person& person) {
    std::string text;
    for (const auto& row :
         raw.query("SELECT actor, address FROM audit WHERE company_id = " + support::literal(a.id) +
                   " AND user_id = " + support::literal(person.id) +
                   " AND event = 'login.failed' ORDER BY date"))
      text += fmt::format("by ({}) from {}\n", row[0] == person.username ? "self" : row[0], row[1]);
    return text;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_password, Passwords)

BOOST_AUTO_TEST_CASE(that_a_session_is_asked_for_is_not_guessed_without_end) {
  for (int i = 0; i < 5; i++) {
    const auto wrong = change(a.staff, "wrong");
    BOOST_TEST(wrong.status == 400);
    BOOST_TEST(text_at(wrong, "current_password.0") ==
               "Your current password was entered incorrectly. Please enter it again.");
  }
  for (const auto* secret : {"wrong", password.data()}) {
    const auto late = change(a.staff, secret);
    BOOST_TEST(late.status == 429);
    BOOST_TEST(std::stoi(support::header(late, "Retry-After")) <= 300);
  }
  raw.execute("UPDATE throttles SET started_at = started_at - INTERVAL 6 MINUTE");
  BOOST_TEST(change(a.staff, password).status == 200);
}

BOOST_AUTO_TEST_CASE(that_a_session_shows_and_is_wrong_is_noted_as_the_sessions_user) {
  a.staff.client.remote_address = "192.0.2.7";
  BOOST_TEST(change(a.staff, "wrong").status == 400);
  log_in(a.staff, "wrong", "192.0.2.8");
  BOOST_TEST(failures(a.staff) == "by (self) from 192.0.2.7\nby () from 192.0.2.8\n");
}

BOOST_AUTO_TEST_CASE(is_not_kept_from_where_its_person_came_in_by_what_strangers_try_elsewhere) {
  BOOST_TEST(log_in(a.staff, password, home).status == 200);
  guess_elsewhere(a.staff);
  BOOST_TEST(log_in(a.staff, password, home).status == 200);
  BOOST_TEST(ask_by_basic(a.staff, password).status == 200);
  BOOST_TEST(change(a.staff, password).status == 200);  // the session, which came in from nowhere
}

BOOST_AUTO_TEST_CASE(has_a_small_limit_of_its_own_where_its_person_came_in) {
  BOOST_TEST(log_in(a.staff, password, home).status == 200);
  for (int i = 0; i < 5; i++) BOOST_TEST(log_in(a.staff, "wrong", home).status == 401);
  for (const auto* secret : {"wrong", password.data()})
    BOOST_TEST(log_in(a.staff, secret, home).status == 429);
  BOOST_TEST(log_in(a.staff, password, elsewhere(1)).status == 200);
  BOOST_TEST(change(a.staff, password).status == 200);
}

BOOST_AUTO_TEST_CASE(of_one_session_may_be_tried_whatever_is_tried_in_another) {
  support::Person second(service);
  second.username = a.staff.username;
  second.id = a.staff.id;
  second.client.log_in(a.staff.username, password);
  for (int i = 0; i < 6; i++) change(second, "wrong");
  BOOST_TEST(change(second, password).status == 429);
  BOOST_TEST(change(a.staff, password).status == 200);
}

BOOST_AUTO_TEST_CASE(of_one_login_has_no_new_tries_in_another_company) {
  auto& client = a.admin.client;
  client.post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token));
  for (int i = 0; i < 3; i++) change(a.admin, "wrong");
  client.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", b.id.text()));
  const auto there = text_at(client.get(support::me_url), "user.url");
  const auto change_there = [&](std::string_view current) {
    return client.patch(there, fmt::format(R"({{"password":"{}","current_password":"{}"}})",
                                           other_password, current));
  };
  for (int i = 0; i < 2; i++) BOOST_TEST(change_there("wrong").status == 400);
  BOOST_TEST(change_there(password).status == 429);
}

BOOST_AUTO_TEST_CASE(is_counted_also_in_a_request_with_a_condition) {
  a.staff.client.headers["if-match"] = "*";
  for (int i = 0; i < 5; i++) BOOST_TEST(change(a.staff, "wrong").status == 400);
  BOOST_TEST(change(a.staff, password).status == 429);
  BOOST_TEST(failures(a.staff).size() > 0U);
}

BOOST_AUTO_TEST_CASE(makes_an_address_known_for_thirty_days) {
  BOOST_TEST(log_in(a.staff, password, home).status == 200);
  guess_elsewhere(a.staff);
  raw.execute("UPDATE known_addresses SET last_at = last_at - INTERVAL 29 DAY");
  BOOST_TEST(log_in(a.staff, password, home).status == 200);  // and again from now on
  raw.execute("UPDATE known_addresses SET last_at = last_at - INTERVAL 29 DAY");
  BOOST_TEST(log_in(a.staff, password, home).status == 200);
  raw.execute("UPDATE known_addresses SET last_at = last_at - INTERVAL 31 DAY");
  BOOST_TEST(log_in(a.staff, password, home).status == 429);
}

BOOST_AUTO_TEST_CASE(is_not_throttled_longer_by_a_clock_that_is_set_back) {
  for (int i = 0; i < 6; i++) log_in(a.staff, "wrong", home);
  BOOST_TEST(log_in(a.staff, password, home).status == 429);
  raw.execute("UPDATE throttles SET started_at = started_at + INTERVAL 1 MINUTE");
  BOOST_TEST(log_in(a.staff, "wrong", home).status == 401);
  BOOST_TEST(log_in(a.staff, "wrong", home).status == 401);  // counted from one on
  BOOST_TEST(log_in(a.staff, password, home).status == 200);
  const auto new_address = support::unique_name("address");
  auth::Throttle::count_signup(db, new_address, 1);
  BOOST_CHECK_EXCEPTION(
      auth::Throttle::count_signup(db, new_address, 1), base::Error, [](const auto& error) {
        return error.code == base::Code::too_many_requests && error.retry_after_seconds <= 3600;
      });
  raw.execute("UPDATE throttles SET started_at = started_at + INTERVAL 1 MINUTE");
  BOOST_CHECK_NO_THROW(auth::Throttle::count_signup(db, new_address, 1));
}

BOOST_AUTO_TEST_CASE(that_was_right_a_moment_ago_is_not_hashed_again) {
  BOOST_TEST(ask_by_basic(a.staff, password).status == 200);
  take_the_turn();
  BOOST_TEST(ask_by_basic(a.staff, password).status == 200);
  BOOST_TEST(ask_by_basic(a.staff, "wrong").status == 503);
  BOOST_TEST(ask_by_basic(a.other, password).status == 503);
}

BOOST_AUTO_TEST_CASE(that_was_right_a_moment_ago_is_wrong_once_it_was_changed) {
  BOOST_TEST(ask_by_basic(a.staff, password).status == 200);
  a.admin.client.patch(a.staff.url(), fmt::format(R"({{"password":"{}"}})", other_password));
  BOOST_TEST(ask_by_basic(a.staff, password).status == 401);
  BOOST_TEST(ask_by_basic(a.staff, other_password).status == 200);
  BOOST_TEST(a.admin.client.remove(a.staff.url()).status == 204);
  BOOST_TEST(ask_by_basic(a.staff, other_password).status == 401);
}

BOOST_AUTO_TEST_CASE(that_was_right_a_moment_ago_is_throttled_like_a_wrong_one) {
  BOOST_TEST(ask_by_basic(a.staff, password).status == 200);
  for (int i = 0; i < 5; i++) BOOST_TEST(ask_by_basic(a.staff, "wrong").status == 401);
  const auto wrong = ask_by_basic(a.staff, "wrong"), right = ask_by_basic(a.staff, password);
  BOOST_TEST(wrong.status == 429);
  BOOST_TEST(right.status == 429);
  BOOST_TEST(right.body == wrong.body);
}

// A right guess would come in from memory, so that a wrong one tells something.
BOOST_AUTO_TEST_CASE(is_not_guessed_for_nothing_while_nobody_has_a_turn) {
  BOOST_TEST(ask_by_basic(a.staff, password).status == 200);
  take_the_turn();
  for (int i = 0; i < 5; i++) BOOST_TEST(ask_by_basic(a.staff, "wrong").status == 503);
  BOOST_TEST(ask_by_basic(a.staff, "wrong").status == 429);
  BOOST_TEST(ask_by_basic(a.staff, password).status == 429);
  for (int i = 0; i < 6; i++)
    BOOST_TEST(ask_by_basic(a.staff, password, elsewhere(1)).status == 503);
}

// So that neither the answer nor its time tells whether a name exists; see hasher_test as well.
BOOST_AUTO_TEST_CASE(that_is_wrong_costs_as_many_statements_for_nobody_as_for_somebody) {
  support::Person nobody(service);
  nobody.username = support::unique_name("nobody");
  for (const auto* address : {home, "2001:db8::1"}) {
    db.take_usage();
    const auto answer = log_in(a.staff, "wrong", address);
    const auto statements = db.take_usage().statements;
    BOOST_TEST(log_in(nobody, "wrong", address).body == answer.body);
    BOOST_TEST(db.take_usage().statements == statements);
  }
}

BOOST_AUTO_TEST_CASE(may_be_typed_with_letters_that_are_put_together_otherwise) {
  const auto change_to = [&](std::string_view secret) {
    return a.admin.client.patch(a.staff.url(), fmt::format(R"({{"password":"{}"}})", secret));
  };
  for (const auto* set : {composed, decomposed}) {
    BOOST_TEST(change_to(set).status == 200);
    BOOST_TEST(log_in(a.staff, composed).status == 200);
    BOOST_TEST(log_in(a.staff, decomposed).status == 200);
  }
  // What was hashed as it was typed, before.
  raw.execute(fmt::format("UPDATE identities SET password_hash = '{}' WHERE username = '{}'",
                          base::hash_password(decomposed), a.staff.username));
  BOOST_TEST(log_in(a.staff, decomposed).status == 200);
  BOOST_TEST(log_in(a.staff, composed).status == 401);
}

BOOST_AUTO_TEST_CASE(is_judged_as_it_is_hashed) {
  const std::string letter = "e\xcc\x81";
  const auto refused = a.admin.client.patch(
      a.staff.url(), fmt::format(R"({{"password":"{0}{0}{0}{0}1x"}})", letter));
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(text_at(refused, "password.0") ==
             "This password is too short. It must contain at least 8 characters.");
}

BOOST_AUTO_TEST_CASE(that_is_too_long_to_be_anybodys_is_a_wrong_one) {
  const std::string long_one(1025, 'x');
  for (int i = 0; i < 5; i++) BOOST_TEST(log_in(a.staff, long_one, home).status == 401);
  BOOST_TEST(log_in(a.staff, password, home).status == 429);
  BOOST_TEST(failures(a.staff).starts_with("by () from 192.0.2.1\n"));
}

BOOST_AUTO_TEST_SUITE_END()
