// tests/app/memberships_test.cc — one person in several companies, and the ways between them.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

namespace {

using support::at;
using support::Client;
using support::me_url;
using support::password;
using support::switch_url;
using support::text_at;
using support::users_url;

constexpr const char* new_password = "Bade-9175-Decaf!";

struct Memberships : support::TwoCompanies {
  std::string accept_b = fmt::format(R"({{"token":"{}"}})", b.invitation_token);

  // The admin of A signed up, so chose the password, and joins B as staff.
  void admin_of_a_joins_b() {
    BOOST_REQUIRE(a.admin.client.post(support::accept_url, accept_b).status == 201);
  }
  // The staff of A, whose password an admin gave, chooses a new one.
  void staff_of_a_joins_b() {
    const auto body = fmt::format(R"({{"token":"{}","password":"{}","current_password":"{}"}})",
                                  b.invitation_token, new_password, password);
    BOOST_REQUIRE(a.staff.client.post(support::accept_url, body).status == 201);
  }
  std::string to(const support::Company& company) {
    return fmt::format(R"({{"company":"{}"}})", company.id.text());
  }
  std::string membership(const support::Company& company) {
    return "/api/v1/auth/memberships/" + company.id.text();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(memberships, Memberships)

BOOST_AUTO_TEST_CASE(are_listed_with_company_role_and_default) {
  admin_of_a_joins_b();
  const auto me = a.admin.client.get(me_url);
  BOOST_TEST(text_at(me, "memberships.0.company") == a.id.text());
  BOOST_TEST(text_at(me, "memberships.0.role") == "admin");
  BOOST_TEST(at(me, "memberships.0.default").boolean);
  BOOST_TEST(text_at(me, "memberships.1.company") == b.id.text());
  BOOST_TEST(text_at(me, "memberships.1.role") == "staff");
  BOOST_TEST(!at(me, "memberships.1.default").boolean);
}

BOOST_AUTO_TEST_CASE(give_a_person_a_different_user_in_each_company) {
  admin_of_a_joins_b();
  auto& client = a.admin.client;
  client.post(switch_url, to(b));
  BOOST_TEST(text_at(client.get(me_url), "user.id") != a.admin.id.text());
  BOOST_TEST(client.get(a.admin.url()).status == 404);
}

BOOST_AUTO_TEST_CASE(are_switched_with_a_new_session_and_the_old_one_is_dead) {
  admin_of_a_joins_b();
  Client old = a.admin.client;
  const auto switched = a.admin.client.post(switch_url, to(b));
  BOOST_TEST(switched.status == 200);
  BOOST_TEST(text_at(switched, "company.id") == b.id.text());
  BOOST_TEST(old.get(me_url).status == 401);
  BOOST_TEST(a.admin.client.get(support::company_url).body.find(b.id.text()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(that_one_has_not_answer_as_companies_that_do_not_exist) {
  const auto nowhere =
      fmt::format(R"({{"company":"{}"}})", base::Uuid::make(base::Time::now()).text());
  const auto foreign = a.admin.client.post(switch_url, to(b));
  BOOST_TEST(foreign.status == 400);
  BOOST_TEST(foreign.body == a.admin.client.post(switch_url, nowhere).body);
}

BOOST_AUTO_TEST_CASE(open_the_default_company_at_login) {
  admin_of_a_joins_b();
  const auto changed =
      a.admin.client.patch(me_url, fmt::format(R"({{"default_company":"{}"}})", b.id.text()));
  BOOST_TEST(changed.status == 200);
  Client again(service);
  again.log_in(a.admin.username, password);
  BOOST_TEST(text_at(again.get(me_url), "company.id") == b.id.text());
}

BOOST_AUTO_TEST_CASE(end_at_once_when_one_leaves) {
  admin_of_a_joins_b();
  Client there = a.admin.client;
  a.admin.client.log_in(a.admin.username, password);
  there.log_in(a.admin.username, password);
  there.post(switch_url, to(b));
  BOOST_TEST(a.admin.client.remove(membership(b)).status == 204);
  BOOST_TEST(there.get(me_url).status == 401);
  BOOST_TEST(a.admin.client.get(me_url).status == 200);
  BOOST_TEST(a.admin.client.remove(membership(b)).status == 404);
}

BOOST_AUTO_TEST_CASE(of_the_last_admin_stay) {
  const auto refused = a.admin.client.remove(membership(a));
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(text_at(refused, "role.0") == "A company needs at least one admin.");
  BOOST_TEST(a.staff.client.remove(membership(a)).status == 204);
  BOOST_TEST(a.staff.client.get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(in_another_company_take_the_credentials_out_of_an_admins_hands) {
  staff_of_a_joins_b();
  for (const auto* body : {R"({"username":"stolen_name"})", R"({"password":"Mild-7731-Kite!"})"}) {
    const auto refused = a.admin.client.patch(a.staff.url(), body);
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(text_at(refused, "detail").find("another company") != std::string::npos);
  }
  BOOST_TEST(a.admin.client.patch(a.staff.url(), R"({"role":"admin"})").status == 200);
}

// Whatever company A's admin does with the people whose passwords A gave out, no session in company
// B comes of it.
BOOST_AUTO_TEST_CASE(cannot_be_used_by_an_admin_to_get_into_another_company) {
  // The admin knows this password, having set it, and logs in as the colleague.
  Client impostor(service);
  impostor.log_in(a.staff.username, password);
  // The colleague is invited to B. With a password that an admin knows, nobody joins.
  BOOST_TEST(impostor.post(support::accept_url, accept_b).status == 400);
  BOOST_TEST(a.staff.client.post(support::accept_url, accept_b).status == 400);
  // The colleague joins with a new one: everything that the admin holds ends with that.
  const auto token = text_at(
      impostor.post(support::api_tokens_url, R"({"name":"kept","access":"write"})"), "token");
  staff_of_a_joins_b();
  BOOST_TEST(impostor.get(me_url).status == 401);
  Client script(service);
  script.headers["authorization"] = "Bearer " + token;
  BOOST_TEST(script.get(me_url).status == 401);
  // Now A's admin tries to get the password back.
  BOOST_TEST(a.admin.client.patch(a.staff.url(), R"({"password":"Mild-7731-Kite!"})").status ==
             403);
  Client guess(service);
  BOOST_TEST(guess
                 .post("/api/v1/auth/login/",
                       fmt::format(R"({{"username":"{}","password":"Mild-7731-Kite!"}})",
                                   a.staff.username))
                 .status == 401);
  // Removing the colleague from A, and hiring somebody of the same name, gives nothing either.
  BOOST_TEST(a.admin.client.remove(a.staff.url()).status == 204);
  BOOST_TEST(a.admin.client
                 .post(users_url, fmt::format(R"({{"username":"{}","password":"{}"}})",
                                              a.staff.username, password))
                 .status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
