// tests/server/headers_test.cc — what answers say of themselves: who may keep them, what they may
// load, and that a browser forgets what it kept for a session that was ended.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

namespace {

using support::Client;
using support::header;
using support::me_url;
using support::password;
using support::text_at;

constexpr const char* login_url = "/api/v1/auth/login/";
constexpr const char* logout_url = "/api/v1/auth/logout/";
constexpr const char* token_url = "/api/v1/auth/token/";

struct Headers : support::TwoCompanies {
  Client nobody{service};

  std::string credentials(const support::Person& person) {
    return fmt::format(R"({{"username":"{}","password":"{}"}})", person.username, password);
  }
  http::Response page(Client client, std::string_view url) {
    client.headers["accept"] = "text/html";
    return client.get(url);
  }
  std::string own_session() {
    auto& client = a.staff.client;
    const auto sessions = client.get(support::sessions_url);
    for (int i = 0;; i++)
      if (support::at(sessions, fmt::format("{}.current", i)).boolean)
        return std::string(support::sessions_url) + text_at(sessions, fmt::format("{}.id", i));
  }
};

std::string kept(const http::Response& response) { return header(response, "Cache-Control"); }
std::string forgets(const http::Response& response) { return header(response, "Clear-Site-Data"); }

constexpr const char* storage = "\"storage\"";  // the quotes are part of it

}  // namespace

BOOST_FIXTURE_TEST_SUITE(headers, Headers)

BOOST_AUTO_TEST_CASE(pages_are_kept_nowhere_whatever_they_show) {
  for (const auto* url : {"/api/v1/user-messages/", "/api/v1/auth/me", "/api/v1/customers/",
                          login_url, logout_url, "/api/v1/nothing", "/api/v1/accounts/users"})
    for (auto* client : {&a.staff.client, &nobody}) {
      const auto answer = page(*client, url);
      BOOST_TEST(kept(answer) == "no-store",
                 url << " is " << answer.status << ": " << kept(answer));
    }
}

BOOST_AUTO_TEST_CASE(answers_that_hold_a_token_a_secret_or_a_cookie_are_kept_nowhere) {
  const auto login = nobody.post(login_url, credentials(a.staff));
  const auto pair = nobody.post(token_url, credentials(a.staff));
  const auto refreshed =
      nobody.post("/api/v1/auth/token/refresh/",
                  fmt::format(R"({{"refresh":"{}"}})", text_at(pair, "refresh")));
  const auto token =
      a.staff.client.post(support::api_tokens_url, R"({"name":"x","access":"read"})");
  const auto invitation = a.admin.client.post(support::invitations_url, "{}");
  const auto switched =
      a.admin.client.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", a.id.text()));
  for (const auto* answer : {&login, &pair, &refreshed, &token, &invitation, &switched}) {
    BOOST_TEST(answer->status / 100 == 2);
    BOOST_TEST(kept(*answer) == "no-store", answer->body);
  }
}

BOOST_AUTO_TEST_CASE(other_json_is_asked_for_again_with_its_tag) {
  for (const auto url : {me_url, support::messages_url, support::api_tokens_url}) {
    const auto answer = a.staff.client.get(url);
    BOOST_TEST(kept(answer) == "private, no-cache");
    a.staff.client.headers["if-none-match"] = header(answer, "ETag");
    const auto again = a.staff.client.get(url);
    BOOST_TEST(again.status == 304);
    BOOST_TEST(kept(again) == "private, no-cache");
  }
}

BOOST_AUTO_TEST_CASE(errors_too_say_who_may_keep_them) {
  BOOST_TEST(kept(nobody.get(me_url)) == "private, no-cache");
  BOOST_TEST(kept(nobody.get("/api/v1/nothing")) == "private, no-cache");
  BOOST_TEST(kept(a.staff.client.remove(support::company_url)) == "private, no-cache");
  BOOST_TEST(kept(nobody.post(token_url, R"({"username":"x"})")) == "private, no-cache");
}

BOOST_AUTO_TEST_CASE(what_is_no_page_may_load_nothing_and_stand_in_no_frame) {
  for (const auto* url :
       {"/api/v1/auth/me", "/api/v1/nothing", "/api/v1/accounts/users", "/readyz"})
    for (auto* client : {&a.staff.client, &nobody})
      BOOST_TEST(header(client->get(url), "Content-Security-Policy") ==
                 "default-src 'none'; frame-ancestors 'none'");
  const auto answer = page(a.staff.client, me_url);
  int policies = 0;
  for (const auto& [name, value] : answer.headers) policies += name == "Content-Security-Policy";
  BOOST_TEST(policies == 1);
  BOOST_TEST(header(answer, "Content-Security-Policy").find("style-src 'sha256-") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(logging_out_has_the_browser_forget_what_it_kept) {
  auto by_page = a.other.client;
  by_page.headers["accept"] = "text/html";
  BOOST_TEST(forgets(a.staff.client.post(logout_url, "")) == storage);
  BOOST_TEST(forgets(by_page.post(logout_url, "")) == storage);
}

BOOST_AUTO_TEST_CASE(ending_ones_own_session_does_too_and_takes_the_cookie) {
  const auto answer = a.staff.client.remove(own_session());
  BOOST_TEST(answer.status == 204);
  BOOST_TEST(forgets(answer) == storage);
  BOOST_TEST(!a.staff.client.cookies.contains("sessionid"));
}

BOOST_AUTO_TEST_CASE(leaving_the_company_that_one_works_in_does_too) {
  const auto answer = a.staff.client.remove("/api/v1/auth/memberships/" + a.id.text());
  BOOST_TEST(answer.status == 204);
  BOOST_TEST(forgets(answer) == storage);
}

BOOST_AUTO_TEST_CASE(
    somebody_else_who_logs_in_over_a_session_does_too_and_the_same_person_does_not) {
  BOOST_TEST(forgets(a.staff.client.post(login_url, credentials(a.staff))) == "");
  BOOST_TEST(forgets(a.staff.client.post(login_url, credentials(a.other))) == storage);
}

// A foreign site's form can send any of these; and what was typed outlives a session that expired.
BOOST_AUTO_TEST_CASE(nothing_else_has_it_forget_anything) {
  auto forged = a.staff.client;
  forged.cookies["csrftoken"] = "";
  forged.headers["x-csrftoken"] = "";
  const auto refused = forged.post(logout_url, "");
  BOOST_TEST(refused.status == 403);
  BOOST_TEST(forgets(refused) == "");
  BOOST_TEST(forgets(nobody.post(logout_url, "")) == "");
  nobody.cookies["sessionid"] = "ended";
  BOOST_TEST(forgets(nobody.post(logout_url, "")) == "");
  nobody.cookies["sessionid"] = "ended";
  BOOST_TEST(forgets(nobody.get(me_url)) == "");
  auto token = Client(service);
  token.headers["authorization"] =
      "Bearer " + text_at(Client(service).post(token_url, credentials(a.staff)), "access");
  BOOST_TEST(forgets(token.post(logout_url, "")) == "");
  BOOST_TEST(forgets(a.staff.client.remove(support::sessions_url)) == "");
  BOOST_TEST(forgets(a.admin.client.post(support::switch_url,
                                         fmt::format(R"({{"company":"{}"}})", a.id.text()))) == "");
}

BOOST_AUTO_TEST_SUITE_END()
