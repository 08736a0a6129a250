// tests/app/api_root_test.cc — what the API says of itself, to whoever asks.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

using support::at;
using support::text_at;

BOOST_FIXTURE_TEST_SUITE(api_root, support::Worker)

BOOST_AUTO_TEST_CASE(lists_the_versions_and_every_collection_without_logging_in) {
  support::Client nobody(service);
  const auto versions = nobody.get("/api/");
  BOOST_TEST(versions.status == 200);
  BOOST_TEST(text_at(versions, "items.0.url").ends_with("/api/v1/"));
  BOOST_TEST(text_at(versions, "items.1.docs").ends_with("/api/v2/docs/"));
  const auto old = nobody.get("/api/v1/");
  const auto now = nobody.get("/api/v2/");
  for (const auto* route : app::all_routes()) {
    if (route->path.find('{') != std::string_view::npos || route->describes) continue;
    const auto shown = [&](const http::Value& list) {
      return std::ranges::any_of(list.items, [&](const auto& row) {
        return row.find("name")->text == route->name &&
               row.find("url")->text.ends_with(route->path) &&
               row.find("summary")->text == route->summary;
      });
    };
    BOOST_TEST(shown(at(now, "items")), route->name);
    BOOST_TEST(shown(at(old, "")) == (route->since == 1), route->name);
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

BOOST_AUTO_TEST_SUITE_END()
