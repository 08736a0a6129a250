// tests/app/credentials_test.cc — sessions, API tokens, web tokens, and what ends them.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::api_tokens_url;
using support::at;
using support::Client;
using support::me_url;
using support::password;
using support::sessions_url;
using support::text_at;

constexpr const char* token_url = "/api/v1/auth/token/";

struct Credentials : support::TwoCompanies {
  // Rows are changed behind the program's back, which it need not notice within the second.
  Credentials() { settings.remember_callers = false; }
  support::RawSql raw{support::config()};

  std::string login(const support::Person& person, std::string_view secret = password) {
    return fmt::format(R"({{"username":"{}","password":"{}"}})", person.username, secret);
  }
  Client bearing(std::string_view token) {
    Client client(service);
    client.headers["authorization"] = fmt::format("Bearer {}", token);
    return client;
  }
  std::string api_token(std::string_view access) {
    const auto made = a.staff.client.post(
        api_tokens_url, fmt::format(R"({{"name":"script","access":"{}"}})", access));
    return text_at(made, "token");
  }
  http::Response refresh(std::string_view token) {
    return Client(service).post("/api/v1/auth/token/refresh/",
                                fmt::format(R"({{"refresh":"{}"}})", token));
  }
  // Three ways in, all of the staff of A.
  std::vector<Client> ways_in() {
    Client session(service);
    session.log_in(a.staff.username, password);
    const auto pair = Client(service).post(token_url, login(a.staff));
    return {session, bearing(text_at(pair, "access")), bearing(api_token("write"))};
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(credentials, Credentials)

BOOST_AUTO_TEST_CASE(all_end_with_a_removal_on_the_next_request) {
  auto ways = ways_in();
  for (auto& client : ways) BOOST_TEST(client.get(me_url).status == 200);
  BOOST_TEST(a.admin.client.remove(a.staff.url()).status == 204);
  for (auto& client : ways) BOOST_TEST(client.get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(all_end_with_a_new_password_on_the_next_request) {
  auto ways = ways_in();
  const auto pair = Client(service).post(token_url, login(a.staff));
  BOOST_TEST(a.admin.client.patch(a.staff.url(), R"({"password":"Bade-9175-Decaf!"})").status ==
             200);
  for (auto& client : ways) BOOST_TEST(client.get(me_url).status == 401);
  BOOST_TEST(refresh(text_at(pair, "refresh")).status == 401);
}

BOOST_AUTO_TEST_CASE(have_the_role_of_the_moment) {
  auto ways = ways_in();
  for (auto& client : ways)
    BOOST_TEST(client.patch(support::company_url, R"({"name":"x"})").status == 403);
  a.admin.client.patch(a.staff.url(), R"({"role":"admin"})");
  for (auto& client : ways)
    BOOST_TEST(client.patch(support::company_url, R"({"name":"x"})").status == 200);
  a.admin.client.patch(a.staff.url(), R"({"role":"staff"})");
  for (auto& client : ways)
    BOOST_TEST(client.patch(support::company_url, R"({"name":"x"})").status == 403);
}

BOOST_AUTO_TEST_CASE(of_a_script_may_be_only_to_read) {
  auto reader = bearing(api_token("read"));
  BOOST_TEST(reader.get(me_url).status == 200);
  BOOST_TEST(reader.patch(a.staff.url(), R"({"username":"x"})").status == 403);
  auto writer = bearing(api_token("write"));
  BOOST_TEST(writer.patch(a.staff.url(), "{}").status == 200);
  // No token makes another token.
  BOOST_TEST(writer.post(api_tokens_url, R"({"name":"n","access":"read"})").status == 403);
}

BOOST_AUTO_TEST_CASE(of_a_script_are_listed_without_the_secret_and_can_be_revoked) {
  const auto token = api_token("read");
  bearing(token).get(me_url);
  const auto list = a.staff.client.get(api_tokens_url);
  BOOST_TEST(list.body.find(token) == std::string::npos);
  const auto last = http::Value(http::parse_json(list.body).items.back());
  BOOST_TEST((last.find("last_used_at")->type == http::Value::Type::string));
  const auto url = std::string(api_tokens_url) + last.find("id")->text;
  BOOST_TEST(a.other.client.remove(url).status == 404);
  BOOST_TEST(a.staff.client.remove(url).status == 204);
  BOOST_TEST(bearing(token).get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(of_a_script_expire) {
  const auto token = api_token("read");
  raw.execute("UPDATE api_tokens SET expires_at = NOW(6) WHERE company_id = " +
              support::literal(a.id));
  BOOST_TEST(bearing(token).get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(of_browsers_are_listed_and_ended) {
  Client second(service);
  second.headers["user-agent"] = "Second Browser";
  second.log_in(a.staff.username, password);
  const auto list = http::parse_json(a.staff.client.get(sessions_url).body);
  BOOST_TEST(list.items.size() == 2U);
  BOOST_TEST(list.items[0].find("current")->boolean);
  BOOST_TEST(list.items[1].find("user_agent")->text == "Second Browser");
  BOOST_TEST(!list.items[1].find("token_hash"));
  const auto url = std::string(sessions_url) + list.items[1].find("id")->text;
  BOOST_TEST(a.other.client.remove(url).status == 404);
  BOOST_TEST(a.staff.client.remove(url).status == 204);
  BOOST_TEST(second.get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(of_all_other_browsers_end_together) {
  Client second(service);
  second.log_in(a.staff.username, password);
  BOOST_TEST(a.staff.client.remove(sessions_url).status == 204);
  BOOST_TEST(second.get(me_url).status == 401);
  BOOST_TEST(a.staff.client.get(me_url).status == 200);
}

BOOST_AUTO_TEST_CASE(of_browsers_end_by_age_and_by_idleness) {
  const auto set = [&](std::string_view column, std::string_view moment) {
    raw.execute(fmt::format("UPDATE sessions SET {} = {} WHERE company_id = {}", column, moment,
                            support::literal(a.id)));
  };
  set("last_seen_at", "NOW(6) - INTERVAL 2 DAY");
  BOOST_TEST(a.staff.client.get(me_url).status == 200);
  set("last_seen_at", "NOW(6) - INTERVAL 4 DAY");
  BOOST_TEST(a.staff.client.get(me_url).status == 401);
  set("last_seen_at", "NOW(6)");
  set("expires_at", "NOW(6)");
  BOOST_TEST(a.staff.client.get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(of_a_refresh_family_end_when_one_is_used_again_later) {
  const auto first = text_at(Client(service).post(token_url, login(a.staff)), "refresh");
  const auto second = text_at(refresh(first), "refresh");
  // At once: a client that lost the answer. The family lives.
  BOOST_TEST(refresh(first).status == 401);
  BOOST_TEST(Client(service)
                 .post("/api/v1/auth/token/verify/", fmt::format(R"({{"token":"{}"}})", second))
                 .status == 200);
  // Later: a thief. The family ends.
  raw.execute(
      "UPDATE refresh_tokens SET used_at = used_at - INTERVAL 1 MINUTE WHERE company_id = " +
      support::literal(a.id));
  BOOST_TEST(refresh(first).status == 401);
  BOOST_TEST(refresh(second).status == 401);
}

BOOST_AUTO_TEST_CASE(of_a_refresh_family_end_when_one_is_used_again_after_its_successor) {
  const auto first = text_at(Client(service).post(token_url, login(a.staff)), "refresh");
  const auto second = text_at(refresh(first), "refresh");
  const auto third = text_at(refresh(second), "refresh");
  // Whoever used the second one has the answer that the first one got: this is somebody else.
  BOOST_TEST(refresh(first).status == 401);
  BOOST_TEST(refresh(third).status == 401);
}

BOOST_AUTO_TEST_CASE(of_a_forged_web_token_are_refused) {
  const auto pair = Client(service).post(token_url, login(a.staff));
  const auto token = text_at(pair, "access");
  const auto dot = token.find('.');
  const auto none = base::base64url(R"({"alg":"none","typ":"JWT"})");
  const auto body = token.substr(dot, token.rfind('.') - dot);
  for (const auto& forged :
       {none + body + ".", none + token.substr(dot), token.substr(0, dot) + body + "."})
    BOOST_TEST(bearing(forged).get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(of_a_web_token_can_be_for_any_company_of_the_person_and_no_other) {
  const auto in = [&](const support::Company& company) {
    return fmt::format(R"({{"username":"{}","password":"{}","company":"{}"}})", a.admin.username,
                       password, company.id.text());
  };
  BOOST_TEST(Client(service).post(token_url, in(b)).status == 400);
  a.admin.client.post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token));
  const auto pair = Client(service).post(token_url, in(b));
  BOOST_TEST(text_at(bearing(text_at(pair, "access")).get(me_url), "company.id") == b.id.text());
}

BOOST_AUTO_TEST_CASE(are_throttled_for_one_name_and_not_for_others_behind_the_address) {
  const auto url = "/api/v1/auth/login/";
  Client attacker(service);
  http::Response refused;
  for (int i = 0; i < 5; i++) {
    refused = attacker.post(url, login(a.staff, "wrong"));
    BOOST_TEST(refused.status == 401);
  }
  for (const auto* secret : {"wrong", password.data()}) {
    const auto late = attacker.post(url, login(a.staff, secret));
    BOOST_TEST(late.status == 429);
    BOOST_TEST(std::stoi(support::header(late, "Retry-After")) <= 300);
  }
  // Another worker, another connection: the count is in the database.
  support::Worker other_worker;
  BOOST_TEST(Client(other_worker.service).post(url, login(a.staff)).status == 429);
  BOOST_TEST(Client(service).post(url, login(a.other)).status == 200);
  raw.execute("UPDATE throttles SET started_at = started_at - INTERVAL 6 MINUTE");
  BOOST_TEST(Client(service).post(url, login(a.staff)).status == 200);
}

BOOST_AUTO_TEST_CASE(wrong_for_a_name_or_for_a_password_are_answered_with_the_same_bytes) {
  Client client(service);
  const auto url = "/api/v1/auth/login/";
  const auto name =
      client.post(url, R"({"username":"nobody_at_all","password":"Faced-0483-Bead!"})");
  const auto secret = client.post(url, login(a.staff, "wrong"));
  BOOST_TEST(name.status == 401);
  BOOST_TEST(name.body == secret.body);
  const auto count = [](const auto& headers) {
    return std::distance(headers.begin(), headers.end());
  };
  BOOST_TEST(count(name.headers) == count(secret.headers));
}

BOOST_AUTO_TEST_CASE(come_with_a_scheme_of_any_case) {
  const auto pair = Client(service).post(token_url, login(a.staff));
  for (const auto& token : {text_at(pair, "access"), api_token("read")})
    for (const auto* scheme : {"Bearer", "bearer", "BEARER", "bEaReR"}) {
      Client client(service);
      client.headers["authorization"] = fmt::format("{} {}", scheme, token);
      BOOST_TEST(client.get(me_url).status == 200, scheme);
      client.headers["authorization"] = fmt::format("{} {}x", scheme, token);
      BOOST_TEST(client.get(me_url).status == 401, scheme);
    }
  for (const auto* scheme : {"bearer", "BEARER"}) {
    Client client(service);
    client.headers["authorization"] = scheme;
    BOOST_TEST(text_at(client.get(me_url), "code") == "bad_authorization_header");
  }
  for (const auto* scheme : {"Basic", "basic", "BASIC"}) {
    Client client(service);
    client.headers["authorization"] = fmt::format("{} {}", scheme, "bm9ib2R5Om5vdGhpbmc=");
    BOOST_TEST(text_at(client.get(me_url), "detail") == "Invalid username/password.");
  }
}

BOOST_AUTO_TEST_CASE(that_have_ended_leave_a_cookie_that_asks_for_no_csrf_token) {
  Client ended(service);
  ended.log_in(a.staff.username, password);
  const auto dead = ended.cookies["sessionid"];
  ended.post("/api/v1/auth/logout/", "");
  const auto with_cookie = [&](const std::string& value) {
    Client client(service);
    client.cookies["sessionid"] = value;
    return client.post("/api/v1/auth/login/", login(a.staff));
  };
  for (const auto& value : {dead, std::string("ended"), std::string()})
    BOOST_TEST(with_cookie(value).status == 200, value);
  BOOST_TEST(with_cookie(a.staff.client.cookies["sessionid"]).status == 403);
  // The other doors that are open to everybody.
  for (const auto* url : {"/api/v1/auth/logout/", "/api/v1/auth/invitation/"}) {
    Client client(service);
    client.cookies["sessionid"] = dead;
    BOOST_TEST(
        client.post(url, fmt::format(R"({{"token":"{}"}})", a.invitation_token)).status < 300, url);
  }
}

BOOST_AUTO_TEST_SUITE_END()
