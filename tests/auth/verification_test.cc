// tests/auth/verification_test.cc — who shows a password, and how often, wherever it is asked for.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Client;
using support::password;
using support::text_at;

constexpr const char* login_url = "/api/v1/auth/login/";

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

BOOST_AUTO_TEST_SUITE_END()
