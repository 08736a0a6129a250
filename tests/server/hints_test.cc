// tests/server/hints_test.cc — scripts are met halfway: what an error's sentence does not say.
#include "server/hints.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

namespace {

using support::text_at;

struct Hints : support::TwoCompanies {
  support::Client& client = a.admin.client;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hints, Hints)

BOOST_AUTO_TEST_CASE(name_the_header_that_curl_did_not_send) {
  for (const auto* url : {"/api/v1/customers/", "/api/v2/customers/"}) {
    auto request = client.request("POST", url);
    request.content_type = "application/x-www-form-urlencoded";
    request.body = R"({"name":"C","email":"c@c.example"})";
    const auto answer = client.send(request);
    BOOST_TEST(answer.status == 400, url);
    BOOST_TEST(text_at(answer, "hint") ==
                   "The body looks like JSON: send the header Content-Type: application/json.",
               url);
    request.content_type = "text/plain";
    BOOST_TEST(text_at(client.send(request), "hint").find("application/json") != std::string::npos);
  }
  // Its one name is the beginning of what was sent: nothing of it is told.
  for (const auto* url : {"/api/v1/auth/token/", "/api/v2/auth/token/", "/api/v2/auth/login/"}) {
    auto request = client.request("POST", url);
    request.content_type = "application/x-www-form-urlencoded";
    request.body = R"({"username":"kim","password":"Faced-0483-Bead"})";
    const auto answer = client.send(request);
    BOOST_TEST(answer.status == 400, url);
    BOOST_TEST(text_at(answer, "hint").find("Content-Type") != std::string::npos, url);
    BOOST_TEST(answer.body.find("Bead") == std::string::npos, answer.body);
  }
  // Version 1's form is answered by a page, as it was.
  support::Client nobody(service);
  auto form = nobody.request("POST", "/api/v1/auth/login/");
  form.content_type = "application/x-www-form-urlencoded";
  form.body = R"({"username":"kim","password":"Faced-0483-Bead"})";
  BOOST_TEST(nobody.send(form).status == 403);
  BOOST_TEST(nobody.send(form).body.find("Content-Type: application/json") != std::string::npos);
  // What is wrong with JSON itself has none.
  BOOST_TEST(client.post("/api/v1/customers/", "{}").body.find("hint") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(stand_with_a_refusal_where_nothing_is_required) {
  const auto url = fmt::format("/customers/{}", a.customer.text());
  const auto before = client.get("/api/v1" + url).body;
  auto request = client.request("PATCH", "/api/v2" + url);
  request.content_type = "application/x-www-form-urlencoded";
  request.body = R"({"notes":"new"})";
  const auto refused = client.send(request);
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(text_at(refused, "errors.0.field") == "Content-Type");
  BOOST_TEST(client.get("/api/v1" + url).body == before);
  request.path = "/api/v1" + url;
  BOOST_TEST(support::header(client.send(request), "X-Ignored") == "1; first=\"?\"");
}

BOOST_AUTO_TEST_CASE(say_which_scheme_a_token_comes_with_and_what_a_session_needs) {
  support::Client script(service);
  script.headers["authorization"] = "Token 0123456789";
  BOOST_TEST(text_at(script.get(support::me_url), "hint") ==
             "Send a token as Authorization: Bearer, or a name and a password as Basic.");
  auto request = client.request("POST", "/api/v1/customers/");
  std::erase_if(request.headers, [](const auto& each) { return each.first == "x-csrftoken"; });
  const auto answer = client.send(request);
  BOOST_TEST(answer.status == 403);
  BOOST_TEST(text_at(answer, "hint").find("X-CSRFToken") != std::string::npos);
  BOOST_TEST(text_at(answer, "code") == "csrf_failed");
  request.headers.emplace_back("origin", "https://evil.example");
  BOOST_TEST(text_at(client.send(request), "code") == "untrusted_origin");
  BOOST_TEST(text_at(client.send(request), "hint").find("X-CSRFToken") == std::string::npos);
  BOOST_TEST(text_at(support::Client(service).get("/api/v2/auth/me"), "hint").find("auth/token/") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(say_how_long_to_wait) {
  base::Error error(base::Code::too_many_requests, "Too many tries.");
  error.retry_after_seconds = 37;
  BOOST_TEST(server::with_hint(error, {}).hint == "Try again in 37 s.");
  BOOST_TEST(server::with_hint({base::Code::unavailable, "Away."}, {}).hint == "Try again in 1 s.");
}

BOOST_AUTO_TEST_CASE(stand_beside_an_interval_where_clients_ask_for_news) {
  for (const auto* url : {"/api/v1/auth/me", "/api/v2/user-messages/"})
    BOOST_TEST(support::header(client.get(url), "X-Poll-Interval") == "3", url);
  BOOST_TEST(support::header(client.get("/api/v1/customers/"), "X-Poll-Interval").empty());
}

BOOST_AUTO_TEST_SUITE_END()
