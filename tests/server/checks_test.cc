// tests/server/checks_test.cc — what is wrong with a request before its handler sees it.
#include "server/checks.h"

#include <boost/test/unit_test.hpp>

#include "base/error.h"

namespace {

using http::Request;

// What a check says; "accepted" when it says nothing.
std::string said(auto check) {
  try {
    check();
    return "accepted";
  } catch (const base::Error& error) {
    return std::to_string(static_cast<int>(error.code)) + " " + error.message;
  }
}

std::string transport(const Request& request, bool https = false) {
  return said([&] { server::check_transport(request, https); });
}

std::string transport(http::Pairs headers, bool https = false) {
  Request request;
  request.headers = std::move(headers);
  return transport(request, https);
}

// "json", "html", or why there is neither.
std::string format(std::string query, std::string accept) {
  Request request;
  request.query = std::move(query);
  if (!accept.empty()) request.headers = {{"accept", std::move(accept)}};
  std::string chosen;
  const auto problem = said([&] {
    chosen =
        server::choose_format(request, rest::version_1) == http::Format::json ? "json" : "html";
  });
  return chosen.empty() ? problem : chosen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checks)

BOOST_AUTO_TEST_CASE(a_body_that_is_short_or_too_large_is_refused_whatever_else_it_is) {
  Request request;
  BOOST_TEST(transport(request) == "accepted");
  request.body_is_too_large = true;
  BOOST_TEST(transport(request) == "413 Request body is too large.");
  request.body_is_short = true;
  BOOST_TEST(transport(request) == "400 The request body is incomplete.");
}

BOOST_AUTO_TEST_CASE(a_header_that_says_who_asks_or_for_what_comes_once) {
  for (const std::string name : {"cookie", "authorization", "idempotency-key", "x-company"}) {
    BOOST_TEST(transport({{name, "a"}}) == "accepted");
    BOOST_TEST(transport({{name, "a"}, {name, "a"}}) ==
               "400 The header " + name + " may come only once.");
  }
  BOOST_TEST(transport({{"accept", "a"}, {"accept", "b"}}) == "accepted");
}

BOOST_AUTO_TEST_CASE(two_headers_that_a_server_before_us_joined_are_two) {
  for (const std::string name : {"idempotency-key", "x-company"})
    BOOST_TEST(transport({{name, "a, b"}}) == "400 The header " + name + " may come only once.");
  BOOST_TEST(transport({{"cookie", "sessionid=a; sessionid=b"}}) ==
             "400 The cookie sessionid may come only once.");
}

BOOST_AUTO_TEST_CASE(cookies_of_ours_come_once_by_the_name_that_they_have_here) {
  const http::Pairs plain{{"cookie", "csrftoken=a; csrftoken=a"}},
      bound{{"cookie", "__Host-csrftoken=a; __Host-csrftoken=a"}};
  BOOST_TEST(transport(plain) == "400 The cookie csrftoken may come only once.");
  BOOST_TEST(transport(plain, true) == "accepted");
  BOOST_TEST(transport(bound, true) == "400 The cookie __Host-csrftoken may come only once.");
  BOOST_TEST(transport(bound) == "accepted");
  BOOST_TEST(transport({{"cookie", "other=a; other=b; Sessionid=c; sessionid=d"}}) == "accepted");
}

BOOST_AUTO_TEST_CASE(the_query_chooses_the_representation_before_accept_does) {
  BOOST_TEST(format("", "") == "json");
  BOOST_TEST(format("", "text/html") == "html");
  BOOST_TEST(format("format=json", "text/html, */*") == "json");
  BOOST_TEST(format("format=api", "application/json, */*") == "html");
  BOOST_TEST(format("format=json&format=api", "") == "html");
}

BOOST_AUTO_TEST_CASE(a_format_that_is_unknown_is_404_and_one_that_is_not_accepted_406) {
  for (const auto* unknown : {"format=", "format=xml", "format=JSON", "format=json%00"})
    BOOST_TEST(format(unknown, "") == "404 Not found.");
  BOOST_TEST(format("", "image/png") == "406 Could not satisfy the request Accept header.");
  BOOST_TEST(format("format=json", "text/html") ==
             "406 Could not satisfy the request Accept header.");
}

BOOST_AUTO_TEST_SUITE_END()
