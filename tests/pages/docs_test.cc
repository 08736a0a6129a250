// tests/pages/docs_test.cc — the reference for people has what the one for programs has.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "http/json.h"
#include "rest/problem.h"
#include "support/two_companies.h"

BOOST_FIXTURE_TEST_SUITE(docs, support::Worker)

BOOST_AUTO_TEST_CASE(show_every_operation_of_their_version_to_whoever_asks) {
  support::Client nobody(service);
  for (const auto* version : {"v1", "v2"}) {
    const auto page = nobody.get(fmt::format("/api/{}/docs/", version));
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.content_type == "text/html; charset=utf-8");
    const auto document =
        http::parse_json(nobody.get(fmt::format("/api/{}/openapi.json", version)).body);
    int operations = 0;
    for (const auto& [path, methods] : document.find("paths")->members)
      for (const auto& [method, operation] : methods.members) {
        const auto* id = operation.find("operationId");
        if (!id) continue;  // the parameters that all methods have
        BOOST_TEST(
            page.body.find(fmt::format("<article id=\"{}\">", id->text)) != std::string::npos,
            id->text);
        operations++;
      }
    BOOST_TEST(operations > 40);
  }
  BOOST_TEST(nobody.get("/docs/").body.find("<h1>The API, version 2</h1>") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(say_what_each_code_of_an_error_means) {
  support::Client nobody(service);
  const auto page = nobody.get("/docs/").body;
  std::vector<std::string> codes = {
      "token_not_valid",  "user_not_found",    "bad_authorization_header", "csrf_failed",
      "untrusted_origin", "company_suspended", "company_erasing",          "company_moved"};
  for (const int status :
       {400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 421, 422, 429, 500, 503})
    codes.emplace_back(rest::code_of(static_cast<base::Code>(status)));
  for (const auto& code : codes)
    BOOST_TEST(page.find(fmt::format("id=\"error-{}\"", code)) != std::string::npos, code);
}

BOOST_AUTO_TEST_SUITE_END()
