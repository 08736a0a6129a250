// tests/http/response_test.cc — status lines and cookies.
#include "http/response.h"

#include <boost/test/unit_test.hpp>

namespace {

BOOST_AUTO_TEST_SUITE(response)

std::string cookie_header(const http::Cookie& cookie, bool https) {
  http::Headers headers;
  http::set_cookie(headers, cookie, https);
  const auto* set = headers.find("Set-Cookie");
  BOOST_REQUIRE(set != nullptr);
  return *set;
}

BOOST_AUTO_TEST_CASE(names_the_status) {
  BOOST_TEST(http::status_line(200) == "200 OK");
  BOOST_TEST(http::status_line(404) == "404 Not Found");
  BOOST_TEST(http::status_line(415) == "415 Unsupported Media Type");
  BOOST_TEST(http::status_line(500) == "500 Internal Server Error");
}

BOOST_AUTO_TEST_CASE(a_cookie_is_host_bound_and_secure_on_https_only) {
  const http::Cookie cookie{"sessionid", "abc", 3600, true};
  const auto plain = cookie_header(cookie, false);
  BOOST_TEST(plain.starts_with("sessionid=abc; Path=/; Max-Age=3600; Expires="));
  BOOST_TEST(plain.ends_with(" GMT; SameSite=Lax; HttpOnly"));
  const auto secure = cookie_header(cookie, true);
  BOOST_TEST(secure.starts_with("__Host-sessionid=abc; Path=/; "));
  BOOST_TEST(secure.ends_with("; SameSite=Lax; HttpOnly; Secure"));
  BOOST_TEST(secure.find("Domain") == std::string::npos);
  BOOST_TEST(http::cookie_name("csrftoken", true) == "__Host-csrftoken");
  BOOST_TEST(http::cookie_name("csrftoken", false) == "csrftoken");
}

BOOST_AUTO_TEST_CASE(a_cookie_that_scripts_read_is_not_http_only) {
  BOOST_TEST(cookie_header({"csrftoken", "x", 60, false}, true).find("HttpOnly") ==
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_deleted_cookie_expired_long_ago) {
  BOOST_TEST(cookie_header({"sessionid", "", 0, true}, false)
                 .starts_with("sessionid=; Path=/; Max-Age=0; "
                              "Expires=Thu, 01 Jan 1970 00:00:00 GMT;"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
