// tests/app/api_root_test.cc — what the API says of itself, to whoever asks.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

using support::at;
using support::text_at;

namespace {

// Of a URL of this site, which has to be whole.
std::string path_of(const std::string& url) {
  const auto host = support::config().public_urls.front() + "/";
  return url.starts_with(host) ? url.substr(host.size() - 1) : "no URL of this site: " + url;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_root, support::Worker)

BOOST_AUTO_TEST_CASE(lists_the_versions_and_every_collection_without_logging_in) {
  support::Client nobody(service);
  const auto versions = nobody.get("/api/");
  BOOST_TEST(versions.status == 200);
  for (const auto* member : {"url", "openapi", "docs"})
    for (const auto* row : {"items.0.", "items.1."})
      BOOST_TEST(nobody.get(path_of(text_at(versions, std::string(row) + member))).status == 200);
  const auto old = nobody.get("/api/v1/");
  const auto now = nobody.get("/api/v2/");
  for (const auto* route : app::all_routes()) {
    if (route->path.find('{') != std::string_view::npos || route->describes) continue;
    const auto shown = [&](const http::Value& list, const std::string& root) {
      return std::ranges::any_of(list.items, [&](const auto& row) {
        return row.find("name")->text == route->name &&
               row.find("url")->text == root + std::string(route->path.substr(1)) &&
               row.find("summary")->text == route->summary;
      });
    };
    // A path may have other operations in another version, under one name and summary.
    const auto is_in = [&](const rest::Version& version) {
      return std::ranges::any_of(app::all_routes(), [&](const auto* other) {
        return other->path == route->path && other->summary == route->summary &&
               other->is_in(version);
      });
    };
    BOOST_TEST(
        shown(at(now, "items"), text_at(versions, "items.1.url")) == is_in(rest::versions[1]),
        route->name);
    BOOST_TEST(shown(at(old, ""), text_at(versions, "items.0.url")) == is_in(rest::versions[0]),
               route->name);
  }
}

BOOST_AUTO_TEST_CASE(is_said_by_OPTIONS_of_each_route_with_what_every_method_needs) {
  support::TwoCompanies two;
  const auto answer = two.a.admin.client.send("OPTIONS", "/api/v2/customers/", "");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(text_at(answer, "description").starts_with("The customers of your company"));
  BOOST_TEST(text_at(answer, "methods.GET.role") == "staff");
  BOOST_TEST(text_at(answer, "methods.GET.api_token") == "read");
  BOOST_TEST(text_at(answer, "methods.POST.api_token") == "write");
  BOOST_TEST(text_at(answer, "methods.POST.answers") == "201");
  BOOST_TEST(text_at(answer, "parameters.order.choices.1.value") == "-created_at");
  BOOST_TEST(text_at(answer, "parameters.limit.max_value") == "100");
  BOOST_TEST(text_at(answer, "parameters.q.label") == "Q");
  BOOST_TEST(text_at(answer, "limits.body_bytes") == "1048576");
}

BOOST_AUTO_TEST_CASE(says_the_role_and_the_credential_that_it_takes_in_the_end) {
  support::TwoCompanies two;
  auto& client = two.a.admin.client;
  const auto said = [&](const std::string& path, const char* what) {
    return text_at(client.send("OPTIONS", "/api/v2" + path, ""), what);
  };
  BOOST_TEST(said("/customers/" + two.a.customer.text(), "methods.DELETE.role") == "admin");
  BOOST_TEST(said("/accounts/users/" + two.a.staff.id.text(), "methods.DELETE.role") == "admin");
  BOOST_TEST(said("/auth/company/", "methods.POST.credentials.0") == "session");
  BOOST_TEST(client.send("OPTIONS", "/api/v2/auth/company/", "").body.find("bearer") ==
             std::string::npos);
  BOOST_TEST(said("/auth/company/", "methods.POST.api_token") == "none");
}

BOOST_AUTO_TEST_CASE(describes_what_a_PATCH_takes_and_how_one_logs_in) {
  support::Client nobody(service);
  const auto document = http::parse_json(nobody.get("/api/v2/openapi.json").body);
  const auto& paths = *document.find("paths");
  const auto schema = [&](std::string_view path, std::string_view method) -> const http::Value& {
    return *paths.find(path)
                ->find(method)
                ->find("requestBody")
                ->find("content")
                ->find("application/json")
                ->find("schema");
  };
  BOOST_TEST(schema("/customers/{customer_id}", "put").find("required") != nullptr);
  BOOST_TEST(schema("/customers/{customer_id}", "patch").find("required") == nullptr);
  BOOST_TEST(schema("/auth/login/", "post").find("properties")->find("password") != nullptr);
}

BOOST_AUTO_TEST_CASE(answers_what_its_address_says_whatever_is_accepted) {
  support::Client nobody(service);
  for (const auto* accept : {"application/yaml", "text/html", "application/json"}) {
    nobody.headers["accept"] = accept;
    const auto yaml = nobody.get("/api/v2/openapi.yaml");
    BOOST_TEST(yaml.status == 200, accept);
    BOOST_TEST(yaml.content_type == "application/yaml");
    nobody.headers["if-none-match"] = support::header(yaml, "ETag");
    BOOST_TEST(nobody.get("/api/v2/openapi.yaml").status == 304, accept);
    nobody.headers.erase("if-none-match");
    BOOST_TEST(nobody.get("/docs/").content_type == "text/html; charset=utf-8", accept);
  }
  nobody.headers["accept"] = "application/problem+json";
  BOOST_TEST(nobody.get("/api/v2/customers/").status == 401);
}

BOOST_AUTO_TEST_SUITE_END()
