// tests/app/users_test.cc — what the contract's scenarios do not say of users.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::text_at;
using support::users_url;

struct Users : support::TwoCompanies {
  support::Client& admin = a.admin.client;

  std::string body(std::string_view username, std::string_view secret = support::password) {
    return fmt::format(R"({{"username":"{}","password":"{}"}})", username, secret);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(users, Users)

BOOST_AUTO_TEST_CASE(created_again_with_the_same_key_are_created_once) {
  const auto name = support::unique_name("key");
  admin.headers["idempotency-key"] = base::Uuid::make(base::Time::now()).text();
  const auto first = admin.post(users_url, body(name));
  BOOST_TEST(first.status == 201);
  const auto again = admin.post(users_url, body(name));
  BOOST_TEST(again.status == 200);
  BOOST_TEST(again.body == first.body);
  BOOST_TEST(admin.post(users_url, body(name + "x")).status == 422);
  // Whether a password is right is nothing that a key may ask.
  BOOST_TEST(admin.post(users_url, body(name, "Bade-9175-Decaf!")).status == 200);
}

BOOST_AUTO_TEST_CASE(who_are_removed_leave_no_one_who_can_log_in) {
  support::RawSql raw(support::config());
  const auto count = [&] { return raw.query("SELECT COUNT(*) FROM identities")[0][0]; };
  const auto before = std::stoi(count());
  BOOST_TEST(admin.remove(a.staff.url()).status == 204);
  BOOST_TEST(std::stoi(count()) == before - 1);
}

BOOST_AUTO_TEST_CASE(cannot_be_removed_by_an_admin_who_was_just_demoted) {
  auto second = support::hire(a, service, "admin");
  BOOST_TEST(second.client.patch(a.admin.url(), R"({"role":"staff"})").status == 200);
  BOOST_TEST(admin.remove(a.staff.url()).status == 403);
  BOOST_TEST(admin.get(a.staff.url()).status == 200);
}

BOOST_AUTO_TEST_CASE(report_the_last_admin_and_a_weak_password_together) {
  const auto refused = admin.patch(
      a.admin.url(), fmt::format(R"({{"role":"staff","password":"1","current_password":"{}"}})",
                                 support::password));
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(text_at(refused, "role.0") == "A company needs at least one admin.");
  BOOST_TEST(text_at(refused, "password.0") ==
             "This password is too short. It must contain at least 8 characters.");
}

BOOST_AUTO_TEST_CASE(get_a_new_session_with_a_new_password_and_lose_the_old_one) {
  const auto old = a.staff.client.cookies;
  const auto changed = a.staff.client.patch(
      a.staff.url(), fmt::format(R"({{"password":"Bade-9175-Decaf!","current_password":"{}"}})",
                                 support::password));
  BOOST_TEST(changed.status == 200);
  BOOST_TEST(a.staff.client.get(users_url).status == 200);
  a.staff.client.cookies = old;
  BOOST_TEST(a.staff.client.get(users_url).status == 401);
}

BOOST_AUTO_TEST_SUITE_END()
