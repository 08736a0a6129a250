// tests/auth/csrf_test.cc — the proof that a page of ours sent a request.
#include "auth/csrf.h"

#include <boost/test/unit_test.hpp>

#include "base/error.h"

#include "http/form.h"
namespace {

using http::Method;
using http::Request;

const std::vector<std::string> plain{"http://a.example", "http://b.example:8080"},
    secure{"https://a.example"};
const std::string token = auth::new_csrf_token(), other_token = auth::new_csrf_token();

// A request that has the cookie, and nothing else.
Request with_cookie(const std::string& cookie = "csrftoken=" + token) {
  Request request;
  request.method = Method::post;
  request.headers = {{"cookie", cookie}};
  return request;
}

Request with_header(const std::string& sent, const std::string& cookie = "csrftoken=" + token) {
  auto request = with_cookie(cookie);
  request.headers.emplace_back("x-csrftoken", sent);
  return request;
}

Request with_field(const std::string& body, Method method = Method::post) {
  auto request = with_cookie();
  request.method = method;
  request.content_type = "application/x-www-form-urlencoded";
  request.body = body;
  http::read_form(request);
  return request;
}

// Why a request is refused; "accepted" when it is not.
std::string refusal(const Request& request, const std::vector<std::string>& public_urls = plain) {
  try {
    auth::check_csrf(request, public_urls);
    return "accepted";
  } catch (const base::Error& error) {
    BOOST_TEST((error.code == base::Code::forbidden));
    return error.message;
  }
}

constexpr const char* no_token = "CSRF Failed: CSRF token missing or incorrect.";
constexpr const char* no_origin =
    "CSRF Failed: Origin checking failed - it is not a trusted origin.";

}  // namespace

BOOST_AUTO_TEST_SUITE(csrf)

BOOST_AUTO_TEST_CASE(the_cookies_token_must_come_back_in_the_header) {
  BOOST_TEST(refusal(with_header(token)) == "accepted");
  BOOST_TEST(refusal(with_cookie()) == no_token);
  BOOST_TEST(refusal(with_header("")) == no_token);
  BOOST_TEST(refusal(with_header(other_token)) == no_token);
  BOOST_TEST(refusal(with_header(token + "A")) == no_token);
  BOOST_TEST(refusal(with_header(token.substr(1))) == no_token);
}

BOOST_AUTO_TEST_CASE(a_token_without_a_cookie_proves_nothing) {
  BOOST_TEST(refusal(with_header(token, "sessionid=x")) == no_token);
  BOOST_TEST(refusal(with_header(token, "csrftoken=")) == no_token);
  BOOST_TEST(refusal(with_header("", "csrftoken=")) == no_token);
}

BOOST_AUTO_TEST_CASE(a_cookie_that_we_cannot_have_set_is_no_token) {
  for (const auto& word : {std::string("x"), std::string(42, 'a'), std::string(44, 'a'),
                           std::string(42, 'a') + "+", std::string(42, 'a') + "="})
    BOOST_TEST(refusal(with_header(word, "csrftoken=" + word)) == no_token, word);
}

BOOST_AUTO_TEST_CASE(of_a_post_a_field_of_the_form_will_do_where_no_header_came) {
  const auto field = "text=a&csrfmiddlewaretoken=" + token;
  BOOST_TEST(refusal(with_field(field)) == "accepted");
  BOOST_TEST(refusal(with_field("csrfmiddlewaretoken=" + other_token)) == no_token);
  for (const auto method : {Method::put, Method::patch, Method::delete_})
    BOOST_TEST(refusal(with_field(field, method)) == no_token);
  auto request = with_field(field);
  request.form.reset();  // as of a body of another type
  BOOST_TEST(refusal(request) == no_token);
  request = with_field(field);
  request.headers.emplace_back("x-csrftoken", other_token);
  BOOST_TEST(refusal(request) == no_token);
}

BOOST_AUTO_TEST_CASE(an_origin_must_be_one_of_ours_in_every_character) {
  for (const auto* ours : {"http://a.example", "http://b.example:8080"}) {
    auto request = with_header(token);
    request.headers.emplace_back("origin", ours);
    BOOST_TEST(refusal(request) == "accepted");
  }
  for (const auto* foreign : {"http://c.example", "https://a.example", "http://a.example:80",
                              "http://a.example/", "http://a.example.evil.example", "null", ""}) {
    auto request = with_header(token);
    request.headers.emplace_back("origin", foreign);
    BOOST_TEST(refusal(request) == no_origin, foreign);
    BOOST_TEST(!auth::is_from_us(request, plain));
  }
  BOOST_TEST(auth::is_from_us(with_cookie(), plain));
}

BOOST_AUTO_TEST_CASE(over_tls_the_cookie_is_the_one_that_is_bound_to_the_host) {
  BOOST_TEST(refusal(with_header(token, "__Host-csrftoken=" + token), secure) == "accepted");
  BOOST_TEST(refusal(with_header(token), secure) == no_token);
  BOOST_TEST(refusal(with_header(token, "__Host-csrftoken=" + token), plain) == no_token);
}

BOOST_AUTO_TEST_CASE(a_new_token_is_random_and_scripts_can_read_its_cookie) {
  BOOST_TEST(token != other_token);
  BOOST_TEST(token.size() == 43U);
  http::Headers headers;
  auth::set_csrf_cookie(headers, token, false);
  BOOST_TEST_REQUIRE(headers.find("Set-Cookie") != nullptr);
  const auto& value = *headers.find("Set-Cookie");
  BOOST_TEST(value.starts_with("csrftoken=" + token + ";"), value);
  BOOST_TEST(value.find("HttpOnly") == std::string::npos, value);
  BOOST_TEST(auth::csrf_token(with_cookie(value.substr(0, value.find(';'))), false) == token);
}

BOOST_AUTO_TEST_SUITE_END()
