// tests/app/logins_test.cc — when a login ends: its session, or its web tokens with their family.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "base/crypto.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Client;
using support::me_url;
using support::password;
using support::sessions_url;
using support::switch_url;
using support::text_at;

constexpr const char* token_url = "/api/v1/auth/token/";
constexpr const char* logout_url = "/api/v1/auth/logout/";
constexpr const char* new_password = "Bade-9175-Decaf!";

// The admin of A, who is in B as well, and all that they are logged in with.
struct Logins : support::TwoCompanies {
  support::RawSql raw{support::config()};
  support::Person& ann = a.admin;

  Logins() {
    settings.remember_callers = false;  // rows are changed behind the program's back
    BOOST_REQUIRE(
        ann.client.post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token))
            .status == 201);
  }

  struct WebLogin {
    Client client;
    std::string access, refresh;
  };
  WebLogin web_login(const support::Company& company) {
    const auto pair = Client(service).post(
        token_url, fmt::format(R"({{"username":"{}","password":"{}","company":"{}"}})",
                               ann.username, password, company.id.text()));
    WebLogin login{Client(service), text_at(pair, "access"), text_at(pair, "refresh")};
    login.client.headers["authorization"] = "Bearer " + login.access;
    return login;
  }
  Client browser(const support::Company& company) {
    Client client(service);
    client.log_in(ann.username, password);
    BOOST_REQUIRE(client.post(switch_url, to(company)).status == 200);
    return client;
  }
  Client script(Client& by) {
    Client client(service);
    const auto made = by.post(support::api_tokens_url, R"({"name":"s","access":"write"})");
    client.headers["authorization"] = "Bearer " + text_at(made, "token");
    return client;
  }
  static std::string to(const support::Company& company) {
    return fmt::format(R"({{"company":"{}"}})", company.id.text());
  }
  int refreshed(const WebLogin& login) {
    return Client(service)
        .post("/api/v1/auth/token/refresh/", fmt::format(R"({{"refresh":"{}"}})", login.refresh))
        .status;
  }
  int verified(const std::string& token) {
    return Client(service)
        .post("/api/v1/auth/token/verify/", fmt::format(R"({{"token":"{}"}})", token))
        .status;
  }
  static bool lives(Client& client) { return client.get(me_url).status == 200; }
  // What is stored of a client's session cookie.
  static std::string hash_of(const Client& client) {
    const auto bytes = base::from_base64url(client.cookies.at("sessionid"));
    return base::hex(base::view(base::sha256(std::string_view(*bytes).substr(17))));
  }
  static std::string end_of(Client& client) {
    for (const auto& session : http::parse_json(client.get(sessions_url).body).items)
      if (session.find("current")->boolean) return session.find("expires_at")->text;
    return "";
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(logins, Logins)

BOOST_AUTO_TEST_CASE(end_when_the_first_session_would_have_whatever_follows_it) {
  const auto end = end_of(ann.client);
  ann.client.post(switch_url, to(b));
  BOOST_TEST(end_of(ann.client) == end);
  ann.client.post(switch_url, to(a));
  BOOST_TEST(end_of(ann.client) == end);
  ann.client.patch(ann.url(), fmt::format(R"({{"password":"{}","current_password":"{}"}})",
                                          new_password, password));
  BOOST_TEST(end_of(ann.client) == end);
}

BOOST_AUTO_TEST_CASE(end_when_the_first_refresh_token_would_have) {
  const auto login = web_login(a);
  raw.execute("UPDATE token_families SET expires_at = NOW(6) + INTERVAL 100 SECOND WHERE"
              " company_id = " +
              support::literal(a.id));
  const auto next = Client(service).post("/api/v1/auth/token/refresh/",
                                         fmt::format(R"({{"refresh":"{}"}})", login.refresh));
  for (const auto* name : {"access", "refresh"}) {
    const auto token = text_at(next, name);
    const auto dot = token.find('.') + 1;
    const auto claims =
        http::parse_json(*base::from_base64url(token.substr(dot, token.rfind('.') - dot)));
    const auto left = std::stoll(claims.find("exp")->text) - std::stoll(claims.find("iat")->text);
    BOOST_TEST(left <= 100);
    BOOST_TEST(left > 90);
  }
}

BOOST_AUTO_TEST_CASE(that_one_logs_out_of_are_a_session_or_a_family_and_no_other) {
  auto first = web_login(a), second = web_login(a);
  auto script_of_ann = script(ann.client);
  BOOST_TEST(first.client.post(logout_url, "").status == 204);
  BOOST_TEST(!lives(first.client));
  BOOST_TEST(refreshed(first) == 401);
  BOOST_TEST(lives(second.client));
  BOOST_TEST(lives(ann.client));
  BOOST_TEST(ann.client.post(logout_url, "").status == 204);
  BOOST_TEST(lives(second.client));
  BOOST_TEST(refreshed(second) == 200);
  BOOST_TEST(lives(script_of_ann));
}

BOOST_AUTO_TEST_CASE(that_one_logs_out_of_end_under_whatever_id_they_go_on) {
  // As where a switch is faster than the logout that was sent before it.
  auto old = ann.client;
  ann.client.post(switch_url, to(b));
  Client faster = ann.client;
  raw.execute(fmt::format(
      "INSERT INTO sessions (company_id, token_hash, id, user_id, user_agent, address, created_at,"
      " last_seen_at, expires_at) SELECT company_id, x'{0}', x'{1}', {2}, '', '', NOW(6), NOW(6),"
      " (SELECT expires_at FROM (SELECT expires_at FROM sessions WHERE company_id = {3} ORDER BY"
      " created_at DESC LIMIT 1) AS s) FROM companies WHERE company_id = {4}",
      hash_of(old), std::string(32, 'a'), support::literal(ann.id), support::literal(b.id),
      support::literal(a.id)));
  BOOST_REQUIRE(lives(old));
  BOOST_TEST(old.post(logout_url, "").status == 204);
  BOOST_TEST(!lives(old));
  BOOST_TEST(!lives(faster));
}

BOOST_AUTO_TEST_CASE(end_together_in_every_company_but_the_one_that_asks) {
  auto here = web_login(a), there = web_login(b);
  auto browser_here = browser(a), browser_there = browser(b);
  auto script_there = script(browser_there);
  BOOST_TEST(ann.client.remove(sessions_url).status == 204);
  BOOST_TEST(lives(ann.client));
  for (auto* client : {&here.client, &there.client, &browser_here, &browser_there})
    BOOST_TEST(!lives(*client));
  BOOST_TEST(refreshed(here) == 401);
  BOOST_TEST(refreshed(there) == 401);
  BOOST_TEST(lives(script_there));
}

BOOST_AUTO_TEST_CASE(by_web_token_can_be_the_one_that_asks) {
  auto asking = web_login(b), other = web_login(b);
  BOOST_TEST(asking.client.remove(sessions_url).status == 204);
  BOOST_TEST(lives(asking.client));
  BOOST_TEST(refreshed(asking) == 200);
  BOOST_TEST(!lives(other.client));
  BOOST_TEST(!lives(ann.client));
}

BOOST_AUTO_TEST_CASE(end_with_a_removal_in_that_company_and_in_no_other) {
  auto here = web_login(a), there = web_login(b);
  auto browser_there = browser(b);
  auto script_here = script(ann.client), script_there = script(browser_there);
  const auto url = std::string(support::users_url) + text_at(browser_there.get(me_url), "user.id");
  BOOST_TEST(b.admin.client.remove(url).status == 204);
  for (auto* client : {&there.client, &browser_there, &script_there}) BOOST_TEST(!lives(*client));
  BOOST_TEST(verified(there.access) == 401);
  for (auto* client : {&here.client, &ann.client, &script_here}) BOOST_TEST(lives(*client));
}

BOOST_AUTO_TEST_CASE(end_with_leaving_in_that_company_and_in_no_other) {
  auto here = web_login(a), there = web_login(b);
  BOOST_TEST(ann.client.remove("/api/v1/auth/memberships/" + b.id.text()).status == 204);
  BOOST_TEST(!lives(there.client));
  BOOST_TEST(lives(here.client));
  BOOST_TEST(lives(ann.client));
}

BOOST_AUTO_TEST_CASE(end_with_a_new_password_everywhere_but_for_the_session_that_changed_it) {
  auto here = web_login(a), there = web_login(b);
  auto browser_there = browser(b);
  auto script_there = script(browser_there);
  BOOST_TEST(ann.client
                 .patch(ann.url(), fmt::format(R"({{"password":"{}","current_password":"{}"}})",
                                               new_password, password))
                 .status == 200);
  BOOST_TEST(lives(ann.client));
  for (auto* client : {&here.client, &there.client, &browser_there, &script_there})
    BOOST_TEST(!lives(*client));
  BOOST_TEST(refreshed(there) == 401);
}

BOOST_AUTO_TEST_CASE(end_with_a_new_password_by_a_web_token_which_ends_too) {
  auto changing = web_login(a);
  BOOST_TEST(changing.client
                 .patch(ann.url(), fmt::format(R"({{"password":"{}","current_password":"{}"}})",
                                               new_password, password))
                 .status == 200);
  BOOST_TEST(!lives(changing.client));
  BOOST_TEST(!lives(ann.client));
}

BOOST_AUTO_TEST_CASE(can_be_left_and_switched_from_where_a_company_is_suspended) {
  auto leaving = web_login(a);
  auto logging_out = browser(a);
  const auto suspend = [&](std::string_view moment) {
    raw.execute(fmt::format("UPDATE companies SET suspended_at = {} WHERE company_id = {}", moment,
                            support::literal(a.id)));
  };
  suspend("NOW(6)");
  BOOST_TEST(ann.client.post(switch_url, to(b)).status == 200);
  BOOST_TEST(text_at(ann.client.get(me_url), "company.id") == b.id.text());
  BOOST_TEST(leaving.client.post(logout_url, "").status == 204);
  BOOST_TEST(logging_out.post(logout_url, "").status == 204);
  suspend("NULL");
  BOOST_TEST(!lives(leaving.client));
  BOOST_TEST(!lives(logging_out));
}

BOOST_AUTO_TEST_CASE(are_asked_of_the_database_by_verify) {
  auto login = web_login(a);
  BOOST_TEST(verified(login.access) == 200);
  login.client.post(logout_url, "");
  BOOST_TEST(verified(login.access) == 401);
  BOOST_TEST(verified(login.refresh) == 401);
}

BOOST_AUTO_TEST_SUITE_END()
