// tests/http/negotiate_test.cc — JSON or HTML, by Accept and ?format=.
#include "http/negotiate.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace {

using http::Format;

std::string chosen(std::string_view accept, std::optional<Format> only = std::nullopt) {
  const auto format = http::negotiate(accept, only);
  if (!format) return "406";
  return *format == Format::json ? "json" : "html";
}

BOOST_AUTO_TEST_SUITE(negotiation)

BOOST_AUTO_TEST_CASE(json_without_accept) {
  BOOST_TEST(chosen("") == "json");
  BOOST_TEST(chosen("  ") == "json");
}

BOOST_AUTO_TEST_CASE(json_where_both_fit_alike) {
  BOOST_TEST(chosen("*/*") == "json");
  BOOST_TEST(chosen("text/*, application/*") == "json");
  BOOST_TEST(chosen("text/html, application/json") == "json");
}

BOOST_AUTO_TEST_CASE(the_most_specific_range_decides) {
  BOOST_TEST(chosen("*/*, text/*") == "html");
  BOOST_TEST(chosen("application/*, text/html") == "html");
  BOOST_TEST(chosen("application/json, text/html; level=1") == "html");
  BOOST_TEST(chosen("text/html; level=1, application/json; indent=4") == "json");
  BOOST_TEST(chosen("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8") == "html");
  BOOST_TEST(chosen("image/png; level=1, text/html, */*") == "html");
}

BOOST_AUTO_TEST_CASE(q_is_ignored) {
  BOOST_TEST(chosen("text/html;q=0.1, application/json;q=0.9") == "json");
  BOOST_TEST(chosen("text/html;q=0.9, application/json;q=0.1") == "json");
  BOOST_TEST(chosen("text/html;q=0.1, application/json") == "json");
  BOOST_TEST(chosen("text/html;q=0") == "html");
  BOOST_TEST(chosen("application/json;Q=1, text/html;q=1") == "json");
}

BOOST_AUTO_TEST_CASE(types_are_compared_without_case) {
  BOOST_TEST(chosen("Text/HTML") == "html");
  BOOST_TEST(chosen("APPLICATION/JSON") == "json");
}

BOOST_AUTO_TEST_CASE(nothing_fits) {
  BOOST_TEST(chosen("application/xml") == "406");
  BOOST_TEST(chosen("image/*") == "406");
  BOOST_TEST(chosen("text/plain, application/jsonx") == "406");
  BOOST_TEST(chosen(",") == "406");
}

BOOST_AUTO_TEST_CASE(a_format_parameter_narrows_the_choice) {
  BOOST_TEST(chosen("*/*", Format::json) == "json");
  BOOST_TEST(chosen("*/*", Format::html) == "html");
  BOOST_TEST(chosen("text/html", Format::json) == "406");
  BOOST_TEST(chosen("text/html, */*", Format::json) == "json");
  BOOST_TEST(chosen("application/json", Format::html) == "406");
  BOOST_TEST(chosen("", Format::html) == "html");
}

BOOST_AUTO_TEST_CASE(malformed_ranges_fit_nothing) {
  BOOST_TEST(chosen("json") == "406");
  BOOST_TEST(chosen("*") == "406");
  BOOST_TEST(chosen("application/json; x=\"") == "406");
  BOOST_TEST(chosen("application/json; =1") == "406");
  BOOST_TEST(chosen("application/json; x") == "406");
  BOOST_TEST(chosen("application/json; x=a b") == "406");
  BOOST_TEST(chosen("text/html; level, application/json") == "json");
  BOOST_TEST(chosen("application/json\xff") == "406");
  BOOST_TEST(chosen("application/json; x=\x01") == "406");
  BOOST_TEST(chosen("application/json; x=\"\x7f\"") == "406");
  BOOST_TEST(chosen("application/json;") == "json");
  BOOST_TEST(chosen(" , application/json ;; q=1") == "json");
}

BOOST_AUTO_TEST_CASE(a_comma_within_quotes_separates_nothing) {
  BOOST_TEST(chosen("application/xml; x=\",text/html,\"") == "406");
  BOOST_TEST(chosen("application/json; x=\"\\\",\"; y=1, image/png") == "json");
}

BOOST_AUTO_TEST_CASE(a_range_with_more_than_ten_parameters_is_none) {
  std::string range = "application/json";
  for (int i = 0; i < 10; i++) range += ";p" + std::to_string(i) + "=1";
  BOOST_TEST(chosen(range) == "json");
  BOOST_TEST(chosen(range + ";p=1") == "406");
  BOOST_TEST(chosen(range + ";p=1, text/html") == "html");
}

BOOST_AUTO_TEST_CASE(problems_count_as_JSON_where_there_are_any) {
  BOOST_TEST((http::negotiate("application/problem+json", {}) == http::Format::json));
  BOOST_TEST(!http::negotiate("application/problem+json", {}, false));
}

BOOST_AUTO_TEST_CASE(a_browser_prefers_html) {
  BOOST_TEST(http::prefers_html("text/html,application/xhtml+xml,*/*;q=0.8"));
  BOOST_TEST(!http::prefers_html("*/*"));
  BOOST_TEST(!http::prefers_html(""));
  BOOST_TEST(!http::prefers_html("image/png"));
  BOOST_TEST(!http::prefers_html("application/json, text/html"));
}

BOOST_AUTO_TEST_CASE(indent_is_from_0_to_8) {
  BOOST_TEST(http::json_indent("application/json") == 0);
  BOOST_TEST(http::json_indent("application/json; indent=4") == 4);
  BOOST_TEST(http::json_indent("application/json; Indent=\"2\"") == 2);
  BOOST_TEST(http::json_indent("application/json; indent=100") == 8);
  BOOST_TEST(http::json_indent("application/json; indent=99999999999999999999") == 8);
  BOOST_TEST(http::json_indent("application/json; indent=-3") == 0);
  BOOST_TEST(http::json_indent("application/json; indent=-99999999999999999999") == 0);
  BOOST_TEST(http::json_indent("application/json; indent=four") == 0);
  BOOST_TEST(http::json_indent("application/json; indent=4x") == 0);
  BOOST_TEST(http::json_indent("application/json; indent=") == 0);
  BOOST_TEST(http::json_indent("") == 0);
}

BOOST_AUTO_TEST_CASE(indent_is_that_of_the_range_that_fits) {
  BOOST_TEST(http::json_indent("*/*; indent=3") == 3);
  BOOST_TEST(http::json_indent("text/html; indent=5, application/json; indent=2") == 2);
  BOOST_TEST(http::json_indent("application/json, application/json; indent=2") == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
