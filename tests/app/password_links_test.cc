// tests/app/password_links_test.cc — links with which a person chooses a new password.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "auth/tokens.h"
#include "base/crypto.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::accept_url;
using support::Client;
using support::me_url;
using support::password;
using support::text_at;

constexpr const char* choose_url = "/api/v2/auth/password/";
constexpr const char* new_password = "Bade-9175-Decaf!";

struct PasswordLinks : support::TwoCompanies {
  // Rows are changed behind the program's back, which it need not notice within the second.
  PasswordLinks() { settings.remember_callers = false; }
  support::RawSql raw{support::config()};

  static std::string link_url(const base::Uuid& user) {
    return fmt::format("/api/v2/accounts/users/{}/password-link", user.text());
  }
  std::string link_for(const support::Person& person, const support::Person& by) {
    auto maker = by.client;
    const auto made = maker.post(link_url(person.id), "{}");
    BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
    return text_at(made, "token");
  }
  http::Response choose(std::string_view token, std::string_view chosen = new_password) {
    return Client(service).post(choose_url,
                                fmt::format(R"({{"token":"{}","password":"{}"}})", token, chosen));
  }
  // Nothing is told of a link but that it is not valid.
  void check_is_dead(std::string_view token) {
    const auto refused = choose(token);
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(text_at(refused, "errors.0.detail") ==
               "This link is not valid, or not any more. Ask for a new one.");
  }
  bool can_log_in(const support::Person& person, std::string_view secret) {
    return Client(service)
               .post("/api/v1/auth/login/",
                     fmt::format(R"({{"username":"{}","password":"{}"}})", person.username, secret))
               .status == 200;
  }
  void join_b(support::Person& person) {
    BOOST_REQUIRE(
        person.client.post(accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token))
            .status == 201);
  }
  std::string events(const support::Company& company, std::string_view event) {
    std::string text;
    for (const auto& row : raw.query(fmt::format("SELECT actor, HEX(actor_id), detail, address, "
                                                 "request_id FROM audit WHERE event = '{}'"
                                                 " AND company_id = {} ORDER BY id",
                                                 event, support::literal(company.id))))
      text += fmt::format("{}|{}|{}|{}|{}\n", row[0], row[1], row[2], row[3], row[4]);
    return text;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(password_links, PasswordLinks)

BOOST_AUTO_TEST_CASE(open_the_account_with_a_new_password_and_end_what_was_open) {
  Client script(service);
  script.headers["authorization"] =
      "Bearer " +
      text_at(a.staff.client.post(support::api_tokens_url, R"({"name":"kept","access":"write"})"),
              "token");
  const auto chosen = choose(link_for(a.staff, a.admin));
  BOOST_TEST(chosen.status == 200);
  BOOST_TEST(text_at(chosen, "username") == a.staff.username);
  BOOST_TEST(support::header(chosen, "Set-Cookie") == "");
  BOOST_TEST(a.staff.client.get(me_url).status == 401);
  BOOST_TEST(script.get(me_url).status == 401);
  BOOST_TEST(!can_log_in(a.staff, password));
  BOOST_TEST(can_log_in(a.staff, new_password));
}

BOOST_AUTO_TEST_CASE(are_good_once) {
  const auto token = link_for(a.staff, a.admin);
  BOOST_REQUIRE(choose(token).status == 200);
  check_is_dead(token);
}

BOOST_AUTO_TEST_CASE(are_refused_in_the_same_bytes_whatever_is_wrong_with_them) {
  const auto replaced = link_for(a.staff, a.admin);
  const auto expired = link_for(a.staff, a.admin);
  raw.execute("UPDATE password_links SET expires_at = NOW(6) - INTERVAL 1 SECOND");
  const auto never_was = link_for(a.other, a.admin).substr(0, 40) + "AAA" + expired.substr(43);
  const auto first = choose("none");
  BOOST_TEST(first.status == 400);
  for (const auto& token : {replaced, expired, never_was})
    BOOST_TEST(choose(token).body.substr(0, first.body.find("request_id")) ==
               first.body.substr(0, first.body.find("request_id")));
  check_is_dead("none");
}

BOOST_AUTO_TEST_CASE(are_good_for_an_hour) {
  link_for(a.staff, a.admin);
  BOOST_TEST(raw.query("SELECT TIMESTAMPDIFF(MINUTE, created_at, expires_at) FROM password_links"
                       " WHERE user_id = " +
                       support::literal(a.staff.id))[0][0] == "60");
}

BOOST_AUTO_TEST_CASE(are_not_used_up_by_a_password_that_is_not_good_enough) {
  const auto token = link_for(a.staff, a.admin);
  BOOST_TEST(choose(token, "12345678").status == 400);
  BOOST_TEST(choose(token, a.staff.username).status == 400);
  BOOST_TEST(choose(token).status == 200);
}

BOOST_AUTO_TEST_CASE(lead_to_the_configured_url_whatever_host_was_asked) {
  auto& admin = a.admin.client;
  admin.headers["host"] = "evil.example";
  const auto made = admin.post(link_url(a.staff.id), "{}");
  BOOST_TEST(text_at(made, "link") ==
             settings.public_urls.front() + "/#/password/" + text_at(made, "token"));
  BOOST_TEST(support::header(made, "Cache-Control") == "no-store");
}

BOOST_AUTO_TEST_CASE(are_stored_as_a_digest_alone) {
  const auto token = link_for(a.staff, a.admin);
  const auto secret = auth::read_secret(token);
  BOOST_REQUIRE(secret.has_value());
  BOOST_TEST(raw.query("SELECT HEX(token_hash) = UPPER('" + base::hex(secret->hash) +
                       "') FROM password_links WHERE user_id = " +
                       support::literal(a.staff.id))[0][0] == "1");
  BOOST_TEST(raw.query("SELECT * FROM password_links WHERE user_id = " +
                       support::literal(a.staff.id))[0][2] != token);
}

BOOST_AUTO_TEST_CASE(are_made_by_admins_for_others_alone) {
  const auto of = [](Client client, const base::Uuid& user) {
    return client.post(link_url(user), "{}").status;
  };
  BOOST_TEST(of(a.staff.client, a.other.id) == 403);
  BOOST_TEST(of(a.admin.client, a.admin.id) == 403);
  BOOST_TEST(of(b.admin.client, a.staff.id) == 404);
  BOOST_TEST(of(a.admin.client, a.staff.id) == 201);
}

BOOST_AUTO_TEST_CASE(are_not_made_for_who_is_in_another_company_too) {
  join_b(a.admin);
  BOOST_REQUIRE(a.admin.client.patch(a.staff.url(), R"({"role":"admin"})").status == 200);
  BOOST_TEST(a.staff.client.post(link_url(a.admin.id), "{}").status == 403);
}

BOOST_AUTO_TEST_CASE(end_when_the_person_joins_another_company) {
  auto second = support::hire(a, service, "admin");
  const auto token = link_for(a.admin, second);
  join_b(a.admin);
  check_is_dead(token);
  BOOST_TEST(a.admin.client.get(me_url).status == 200);
}

BOOST_AUTO_TEST_CASE(end_with_their_makers_right_to_make_them) {
  auto second = support::hire(a, service, "admin"), third = support::hire(a, service, "admin");
  const auto by_second = link_for(a.staff, second), by_third = link_for(a.other, third);
  BOOST_REQUIRE(a.admin.client.patch(second.url(), R"({"role":"staff"})").status == 200);
  BOOST_REQUIRE(a.admin.client.remove(third.url()).status == 204);
  check_is_dead(by_second);
  check_is_dead(by_third);
  BOOST_REQUIRE(a.admin.client.patch(second.url(), R"({"role":"admin"})").status == 200);
  check_is_dead(by_second);
}

BOOST_AUTO_TEST_CASE(end_with_a_new_password_of_their_maker_whose_session_somebody_may_have_had) {
  const auto token = link_for(a.staff, a.admin);
  BOOST_REQUIRE(
      a.admin.client
          .patch(a.admin.url(), fmt::format(R"({{"password":"{}","current_password":"{}"}})",
                                            new_password, password))
          .status == 200);
  check_is_dead(token);
}

BOOST_AUTO_TEST_CASE(of_a_suspended_company_open_nothing) {
  const auto token = link_for(a.staff, a.admin);
  raw.execute("UPDATE companies SET suspended_at = NOW(6) WHERE company_id = " +
              support::literal(a.id));
  check_is_dead(token);
  raw.execute("UPDATE companies SET suspended_at = NULL WHERE company_id = " +
              support::literal(a.id));
  BOOST_TEST(!can_log_in(a.staff, new_password));
}

BOOST_AUTO_TEST_CASE(end_with_the_password_that_they_replace_and_with_the_person) {
  const auto for_staff = link_for(a.staff, a.admin), for_other = link_for(a.other, a.admin);
  BOOST_REQUIRE(
      a.staff.client
          .patch(a.staff.url(), fmt::format(R"({{"password":"{}","current_password":"{}"}})",
                                            new_password, password))
          .status == 200);
  BOOST_REQUIRE(a.admin.client.remove(a.other.url()).status == 204);
  check_is_dead(for_staff);
  check_is_dead(for_other);
}

// Else the admin who made it could follow into a further company.
BOOST_AUTO_TEST_CASE(make_the_password_count_as_given_by_an_admin) {
  auto second = support::hire(a, service, "admin");
  BOOST_REQUIRE(choose(link_for(a.admin, second)).status == 200);
  a.admin.client.log_in(a.admin.username, new_password);
  BOOST_TEST(a.admin.client.post(accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token))
                 .status == 400);
}

BOOST_AUTO_TEST_CASE(are_audited_when_made_and_when_used) {
  BOOST_REQUIRE(choose(link_for(a.staff, a.admin)).status == 200);
  const auto made = events(a, "user.link"), used = events(a, "user.password");
  BOOST_TEST(made.starts_with(a.admin.username + "|"), made);
  BOOST_TEST(used.starts_with("|NULL|by a link|"), used);
}

BOOST_AUTO_TEST_CASE(that_nobody_has_are_not_tried_for_ever) {
  Client guesser(service);
  guesser.remote_address = "203.0.113.77";
  int status = 0;
  for (int i = 0; i < 101; i++)
    status = guesser.post(choose_url, R"({"token":"x","password":"Bade-9175-Decaf!"})").status;
  BOOST_TEST(status == 429);
  BOOST_TEST(choose(link_for(a.staff, a.admin)).status == 200);
}

BOOST_AUTO_TEST_CASE(are_opened_on_a_page_without_scripts) {
  Client browser(service);
  browser.headers["accept"] = "text/html";
  const auto page = browser.get(choose_url);
  BOOST_TEST(page.body.find("name=\"token\"") != std::string::npos);
  BOOST_TEST(page.body.find("name=\"password\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
