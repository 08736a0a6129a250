// tests/app/joining_test.cc — joining a further company, and the password that an admin knows.
#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "db/migrate.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::accept_url;
using support::Client;
using support::me_url;
using support::password;
using support::text_at;

constexpr const char* new_password = "Bade-9175-Decaf!";

struct Joining : support::TwoCompanies {
  std::string join(std::string_view chosen = "", std::string_view current = "") {
    auto body = fmt::format(R"({{"token":"{}")", b.invitation_token);
    if (!chosen.empty()) body += fmt::format(R"(,"password":"{}")", chosen);
    if (!current.empty()) body += fmt::format(R"(,"current_password":"{}")", current);
    return body + "}";
  }
  std::string change(std::string_view chosen, std::string_view current) {
    return fmt::format(R"({{"password":"{}","current_password":"{}"}})", chosen, current);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(joining, Joining)

BOOST_AUTO_TEST_CASE(with_a_password_that_an_admin_gave_takes_a_new_one_with_the_current_one) {
  auto& client = a.staff.client;
  const auto refused = client.post(accept_url, join());
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(text_at(refused, "password.0").find("Choose a new password") == 0U);
  BOOST_TEST(text_at(refused, "current_password.0") == "This field is required.");
  BOOST_TEST(client.post(accept_url, join(new_password, "wrong")).status == 400);
  BOOST_TEST(client.post(accept_url, join(password, password)).status == 400);
  BOOST_TEST(client.post(accept_url, join("short", password)).status == 400);
  BOOST_TEST(client.post(accept_url, join(new_password, password)).status == 201);
}

BOOST_AUTO_TEST_CASE(is_not_made_possible_by_a_change_before) {
  BOOST_REQUIRE(a.staff.client.patch(a.staff.url(), change(new_password, password)).status == 200);
  BOOST_TEST(a.staff.client.post(accept_url, join()).status == 400);
}

BOOST_AUTO_TEST_CASE(ends_all_that_was_got_with_the_password_that_was_given) {
  auto& client = a.staff.client;
  Client spy(service), script(service);
  spy.log_in(a.staff.username, password);
  script.headers["authorization"] =
      "Bearer " +
      text_at(spy.post(support::api_tokens_url, R"({"name":"kept","access":"write"})"), "token");
  const auto pair = Client(service).post(
      "/api/v1/auth/token/",
      fmt::format(R"({{"username":"{}","password":"{}"}})", a.staff.username, password));
  BOOST_REQUIRE(client.post(accept_url, join(new_password, password)).status == 201);
  BOOST_TEST(client.get(me_url).status == 200);
  BOOST_TEST(spy.get(me_url).status == 401);
  BOOST_TEST(script.get(me_url).status == 401);
  BOOST_TEST(Client(service)
                 .post("/api/v1/auth/token/refresh/",
                       fmt::format(R"({{"refresh":"{}"}})", text_at(pair, "refresh")))
                 .status == 401);
  client.log_in(a.staff.username, new_password);
}

// An admin who knows the password can join a company of their own in the person's name.
BOOST_AUTO_TEST_CASE(takes_a_new_password_each_time_once_an_admin_has_set_one) {
  auto c = support::make_company(service);
  const auto join_c = fmt::format(R"({{"token":"{}","password":"{}","current_password":"{}"}})",
                                  c.invitation_token, new_password, password);
  BOOST_REQUIRE(a.staff.client.post(accept_url, join_c).status == 201);
  BOOST_TEST(a.staff.client.post(accept_url, join()).status == 400);
  BOOST_TEST(a.staff.client.post(accept_url, join("Mild-7731-Kite!", new_password)).status == 201);
}

BOOST_AUTO_TEST_CASE(of_who_chose_the_password_leaves_everything_as_it_is) {
  Client elsewhere(service);
  elsewhere.log_in(a.admin.username, password);
  BOOST_TEST(a.admin.client.post(accept_url, join()).status == 201);
  BOOST_TEST(elsewhere.get(me_url).status == 200);
}

BOOST_AUTO_TEST_CASE(of_a_newcomer_by_invitation_counts_as_chosen_until_an_admin_sets_one) {
  support::Person zoe(service);
  zoe.username = support::unique_name("zoe");
  const auto sign_up = fmt::format(R"({{"token":"{}","username":"{}","password":"{}"}})",
                                   a.invitation_token, zoe.username, password);
  const auto joined = zoe.client.post(accept_url, sign_up);
  BOOST_REQUIRE(joined.status == 201);
  const auto url = std::string(support::users_url) + text_at(joined, "user.id");
  BOOST_REQUIRE(a.admin.client.patch(url, R"({"password":"Mild-7731-Kite!"})").status == 200);
  zoe.client.log_in(zoe.username, "Mild-7731-Kite!");
  BOOST_REQUIRE(zoe.client.patch(url, change(new_password, "Mild-7731-Kite!")).status == 200);
  BOOST_TEST(zoe.client.post(accept_url, join()).status == 400);
  BOOST_TEST(zoe.client.post(accept_url, join("Faced-0483-Head!", new_password)).status == 201);
}

// What a database of the release before holds, as the audit tells it.
BOOST_AUTO_TEST_CASE(knows_of_rows_that_exist_by_the_audit_who_set_a_password) {
  support::RawSql raw(support::config());
  const auto given = [&](const support::Person& person) {
    return raw.query(fmt::format("SELECT password_given FROM identities WHERE username = '{}'",
                                 person.username))[0][0];
  };
  support::Person zoe(service);
  zoe.username = support::unique_name("zoe");
  zoe.client.post(accept_url, fmt::format(R"({{"token":"{}","username":"{}","password":"{}"}})",
                                          a.invitation_token, zoe.username, password));
  // The staff of B changed it themselves and joined A: an admin had set it before.
  b.staff.client.post(accept_url,
                      fmt::format(R"({{"token":"{}","password":"{}","current_password":"{}"}})",
                                  a.invitation_token, new_password, password));
  a.other.client.patch(a.other.url(), change(new_password, password));
  // The other admin's was set by an operator.
  raw.execute(fmt::format("UPDATE audit SET actor_id = NULL WHERE company_id = {} AND event ="
                          " 'company.create'",
                          support::literal(b.id)));
  raw.execute("UPDATE identities SET password_given = 1");
  const auto migrations = db::all_migrations();
  const auto own = std::find_if(migrations.begin(), migrations.end(), [](const auto& each) {
    return each.name.ends_with("own_passwords");
  });
  BOOST_REQUIRE((own != migrations.end()));
  BOOST_REQUIRE(raw.execute(std::string(own->sql)) == 0);
  BOOST_TEST(given(a.admin) == "0");
  BOOST_TEST(given(zoe) == "0");
  BOOST_TEST(given(a.staff) == "1");
  BOOST_TEST(given(a.other) == "1");
  BOOST_TEST(given(b.staff) == "1");
  BOOST_TEST(given(b.admin) == "1");
}

BOOST_AUTO_TEST_SUITE_END()
