// tests/app/imported_people_test.cc — people who are in a company and cannot log in, as an import
// leaves them: what admins do with them, and how they get a login.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "base/clock.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::accept_url;
using support::Client;
using support::password;
using support::text_at;

constexpr const char* own_password = "Bade-9175-Decaf!";

struct ImportedPeople : support::TwoCompanies {
  // Rows are changed behind the program's back, which it need not notice within the second.
  ImportedPeople() {
    settings.remember_callers = false;
    raw.execute(fmt::format("INSERT INTO users (company_id, id, username, role, created_at) VALUES"
                            " ({}, {}, 'Kim Miller', 'admin', NOW(6))",
                            support::literal(a.id), support::literal(kim)));
  }
  support::RawSql raw{support::config()};
  const base::Uuid kim = base::Uuid::make(base::Time::now());
  const std::string kim_url = "/api/v2/accounts/users/" + kim.text();
  Client& admin = a.admin.client;

  std::string link() {
    const auto made = admin.post(kim_url + "/password-link", "{}");
    BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
    BOOST_TEST(text_at(made, "link").find("/#/invitation/") != std::string::npos);
    return text_at(made, "token");
  }
  http::Response open(std::string_view token) {
    return Client(service).post("/api/v2/auth/invitation/",
                                fmt::format(R"({{"token":"{}"}})", token));
  }
  http::Response accept(std::string_view token, std::string_view username) {
    return Client(service).post(
        accept_url, fmt::format(R"({{"token":"{}","username":"{}","password":"{}"}})", token,
                                username, own_password));
  }
  static http::Response accept_as(Client& client, std::string_view token) {
    return client.post(accept_url, fmt::format(R"({{"token":"{}"}})", token));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(imported_people, ImportedPeople)

BOOST_AUTO_TEST_CASE(are_changed_and_removed_by_admins) {
  const auto changed = admin.patch(kim_url, R"({"role":"staff","display_name":"Kim"})");
  BOOST_TEST(changed.status == 200);
  BOOST_TEST(text_at(changed, "role") == "staff");
  BOOST_TEST(text_at(changed, "display_name") == "Kim");
  BOOST_TEST(a.staff.client.patch(kim_url, R"({"role":"admin"})").status == 403);
  BOOST_TEST(b.admin.client.patch(kim_url, R"({"role":"admin"})").status == 404);
  BOOST_TEST(admin.remove(kim_url).status == 204);
  BOOST_TEST(admin.get(kim_url).status == 404);
}

BOOST_AUTO_TEST_CASE(have_no_username_and_no_password_to_change) {
  const auto refused =
      admin.patch(kim_url, fmt::format(R"({{"username":"kim","password":"{}"}})", own_password));
  BOOST_TEST(refused.status == 400);
  for (const auto* at : {"errors.0.detail", "errors.1.detail"})
    BOOST_TEST(text_at(refused, at) ==
               "This person has no login yet. Make a link with which they get one.");
}

BOOST_AUTO_TEST_CASE(are_no_admins_as_long_as_they_cannot_log_in) {
  const auto own = "/api/v2/accounts/users/" + a.admin.id.text();
  BOOST_TEST(admin.patch(own, R"({"role":"staff"})").status == 400);
}

BOOST_AUTO_TEST_CASE(get_a_login_by_a_link_and_find_what_was_theirs) {
  const auto sent =
      admin.post("/api/v2/user-messages/",
                 fmt::format(R"({{"to_user":"{}","text":"Are you there?"}})", kim.text()));
  BOOST_TEST(sent.status == 201);
  const auto token = link();
  const auto offer = open(token);
  BOOST_TEST(text_at(offer, "person") == "Kim Miller");
  BOOST_TEST(text_at(offer, "role") == "admin");

  const auto username = support::unique_name("kim");
  const auto joined = accept(token, username);
  BOOST_TEST(joined.status == 201);
  BOOST_TEST(text_at(joined, "user.id") == kim.text());
  Client client(service);
  client.log_in(username, own_password);
  BOOST_TEST(text_at(client.get("/api/v2/user-messages/?order=-date"), "items.0.id") ==
             text_at(sent, "id"));
  const auto shown = admin.get(kim_url);
  BOOST_TEST(text_at(shown, "username") == username);
  BOOST_TEST(text_at(shown, "display_name") == "Kim Miller");
  BOOST_TEST(text_at(shown, "role") == "admin");
  BOOST_TEST(accept(token, support::unique_name("late")).status == 400);
}

BOOST_AUTO_TEST_CASE(join_as_who_they_are_elsewhere) {
  const auto token = link();
  BOOST_TEST(accept_as(a.staff.client, token).status == 400);  // is here already
  const auto joined = accept_as(b.admin.client, token);
  BOOST_TEST(joined.status == 201);
  BOOST_TEST(text_at(joined, "user.id") == kim.text());
  BOOST_TEST(text_at(admin.get(kim_url), "username") == b.admin.username);
  BOOST_TEST(
      b.admin.client.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", a.id.text()))
          .status == 200);
  BOOST_TEST(text_at(b.admin.client.get("/api/v2/auth/me"), "user.id") == kim.text());
}

BOOST_AUTO_TEST_CASE(have_a_password_that_counts_as_given_by_an_admin) {
  const auto username = support::unique_name("kim");
  BOOST_REQUIRE(accept(link(), username).status == 201);
  Client client(service);
  client.log_in(username, own_password);
  const auto refused = accept_as(client, b.invitation_token);
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(text_at(refused, "password.0").find("Choose a new password") == 0U);
}

BOOST_AUTO_TEST_CASE(have_the_role_that_they_have_when_they_come) {
  const auto token = link();
  BOOST_REQUIRE(admin.patch(kim_url, R"({"role":"staff"})").status == 200);
  BOOST_TEST(text_at(open(token), "role") == "staff");
  BOOST_TEST(text_at(accept(token, support::unique_name("kim")), "user.role") == "staff");
}

BOOST_AUTO_TEST_CASE(have_one_link_which_ends_with_them_and_with_its_maker) {
  const auto first = link(), second = link();
  BOOST_TEST(open(first).status == 400);
  BOOST_TEST(open(second).status == 200);
  BOOST_REQUIRE(admin.remove(kim_url).status == 204);
  BOOST_TEST(open(second).status == 400);
}

BOOST_AUTO_TEST_CASE(have_a_link_that_ends_with_its_makers_right) {
  auto maker = support::hire(a, service, "admin");
  const auto token = text_at(maker.client.post(kim_url + "/password-link", "{}"), "token");
  BOOST_TEST(open(token).status == 200);
  BOOST_REQUIRE(admin.patch(maker.url(), R"({"role":"staff"})").status == 200);
  BOOST_TEST(open(token).status == 400);
  BOOST_TEST(a.staff.client.post(kim_url + "/password-link", "{}").status == 403);
  BOOST_TEST(b.admin.client.post(kim_url + "/password-link", "{}").status == 404);
}

BOOST_AUTO_TEST_CASE(are_named_by_their_invitation_in_version_2_alone) {
  link();
  BOOST_TEST(admin.get("/api/v2/accounts/invitations/").body.find(kim.text()) != std::string::npos);
  BOOST_TEST(admin.get(support::invitations_url).body.find(kim.text()) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
