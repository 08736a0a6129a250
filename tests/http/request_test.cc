// tests/http/request_test.cc — methods, headers, cookies, queries and percent-encoding.
#include "http/request.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::string_literals;

http::Request with_cookie(std::string text) {
  http::Request request;
  request.headers = {{"cookie", std::move(text)}};
  return request;
}

std::string media_type(std::string content_type) {
  http::Request request;
  request.content_type = std::move(content_type);
  return request.media_type();
}

// "name=value|name=value"
std::string parsed(std::string_view text) {
  std::string result;
  for (const auto& [name, value] : http::parse_urlencoded(text))
    result += (result.empty() ? "" : "|") + name + "=" + value;
  return result;
}

BOOST_AUTO_TEST_SUITE(request)

BOOST_AUTO_TEST_CASE(knows_methods_in_upper_case_only) {
  for (const auto* name : {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
    BOOST_TEST(http::name_of(http::method_of(name)) == name);
  BOOST_TEST((http::method_of("get") == http::Method::other));
  BOOST_TEST((http::method_of("PROPFIND") == http::Method::other));
  BOOST_TEST((http::method_of("") == http::Method::other));
  BOOST_TEST(http::name_of(http::Method::other) == "?");
  BOOST_TEST(http::is_safe(http::Method::options));
  BOOST_TEST(!http::is_safe(http::Method::delete_));
  BOOST_TEST(!http::is_safe(http::Method::other));
}

BOOST_AUTO_TEST_CASE(finds_and_counts_headers) {
  http::Request request;
  request.headers = {{"a", "1"}, {"b", ""}, {"a", "2"}};
  BOOST_TEST(*request.header("a") == "1");
  BOOST_TEST(*request.header("b") == "");
  BOOST_TEST(!request.header("c"));
  BOOST_TEST(request.count("a") == 2U);
  BOOST_TEST(request.count("c") == 0U);
}

BOOST_AUTO_TEST_CASE(finds_cookies_by_their_whole_name) {
  const auto request = with_cookie("xsessionid=1; sessionid=2;csrftoken=a=b; sessionid=3; x; y=");
  BOOST_TEST(*request.cookie("sessionid") == "2");
  BOOST_TEST(*request.cookie("csrftoken") == "a=b");
  BOOST_TEST(*request.cookie("y") == "");
  BOOST_TEST(!request.cookie("x"));
  BOOST_TEST(!request.cookie("session"));
  BOOST_TEST(!request.cookie("SESSIONID"));
  BOOST_TEST(!http::Request{}.cookie("sessionid"));
  BOOST_TEST(request.count_cookie("sessionid") == 2U);
  BOOST_TEST(request.count_cookie("csrftoken") == 1U);
  BOOST_TEST(request.count_cookie("x") == 0U);
}

BOOST_AUTO_TEST_CASE(media_type_is_lower_case_and_bare) {
  BOOST_TEST(media_type("Application/JSON; charset=utf-8") == "application/json");
  BOOST_TEST(media_type(" text/plain ;x") == "text/plain");
  BOOST_TEST(media_type("") == "");
  BOOST_TEST(media_type(";") == "");
}

BOOST_AUTO_TEST_CASE(the_last_query_parameter_wins) {
  http::Request request;
  request.query = "limit=1&x=%C3%A9+1&limit=2&flag&=3";
  BOOST_TEST(*request.parameter("limit") == "2");
  BOOST_TEST(*request.parameter("x") == "é 1");
  BOOST_TEST(*request.parameter("flag") == "");
  BOOST_TEST(*request.parameter("") == "3");
  BOOST_TEST(!request.parameter("LIMIT"));
}

BOOST_AUTO_TEST_CASE(a_query_parameter_is_well_formed_text) {
  http::Request request;
  request.query = "x=a%ffb&y=%c3%a9";
  BOOST_TEST(*request.parameter("x") == "a\ufffdb");
  BOOST_TEST(*request.parameter("y") == "é");
}

BOOST_AUTO_TEST_CASE(a_query_parameter_is_the_last_of_its_name_however_it_is_written) {
  http::Request request;
  request.query = "&&ab=1&%61b=2&%61%62=3&abc=4&b=5&a=&ab%=6";
  BOOST_TEST(*request.parameter("ab") == "3");
  BOOST_TEST(*request.parameter("a") == "");
  BOOST_TEST(*request.parameter("ab%") == "6");
  BOOST_TEST(!request.parameter("abcd"));
  request.query = "a=1&a";
  BOOST_TEST(*request.parameter("a") == "");
}

BOOST_AUTO_TEST_CASE(decodes_percent_escapes) {
  BOOST_TEST(http::decode_percent("a%20b+c", true) == "a b c");
  BOOST_TEST(http::decode_percent("a%20b+c", false) == "a b+c");
  BOOST_TEST(http::decode_percent("%c3%A9%2B", true) == "é+");
  BOOST_TEST(http::decode_percent("%00", true) == "\0"s);
}

BOOST_AUTO_TEST_CASE(malformed_escapes_stay_as_they_are) {
  for (const auto* text : {"%", "%a", "%zz", "%%", "100%", "%-1", "% 1", "%u0041"})
    BOOST_TEST(http::decode_percent(text, true) == text);
  BOOST_TEST(http::decode_percent("%%41", true) == "%A");
  BOOST_TEST(http::decode_percent("%2541", true) == "%41");
}

BOOST_AUTO_TEST_CASE(encodes_all_but_unreserved_characters) {
  BOOST_TEST(http::encode_percent("aZ09-._~") == "aZ09-._~");
  BOOST_TEST(http::encode_percent("a b&c=d/é+\0"s) == "a%20b%26c%3Dd%2F%C3%A9%2B%00");
  std::string all;
  for (int byte = 0; byte < 256; byte++) all += static_cast<char>(byte);
  BOOST_TEST(http::decode_percent(http::encode_percent(all), true) == all);
}

BOOST_AUTO_TEST_CASE(parses_urlencoded_pairs) {
  BOOST_TEST(parsed("a=1&b=2&a=3") == "a=1|b=2|a=3");
  BOOST_TEST(parsed("a=b=c&%61%3D=%26") == "a=b=c|a==&");
  BOOST_TEST(parsed("&&a&=&b=") == "a=|=|b=");
  BOOST_TEST(parsed("a;b=1") == "a;b=1");
  BOOST_TEST(http::parse_urlencoded("").empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
