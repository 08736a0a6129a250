// tests/server/override_test.cc — forms of pages as the requests that they stand for.
#include "server/override.h"

#include <boost/test/unit_test.hpp>
#include <optional>

#include "http/form.h"

namespace {

using http::Method;
using http::Request;

Request form(std::string body, std::string type = "application/x-www-form-urlencoded") {
  Request request;
  request.method = Method::post;
  request.method_name = "POST";
  request.path = "/api/v1/customers/";
  request.content_type = std::move(type);
  request.body = std::move(body);
  return request;
}

// The fields of a form whose boundary is "x".
Request multipart(std::initializer_list<std::pair<std::string, std::string>> fields) {
  std::string body;
  for (const auto& [name, value] : fields)
    body += "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  return form(body + "--x--\r\n", "multipart/form-data; boundary=x");
}

// What a request stands for; nullopt: it is no such form.
std::optional<server::Override> read(Request& request) {
  if (http::has_form(request)) http::read_form(request);
  return server::override_request(request);
}

Request meant(Request request) {
  BOOST_TEST_REQUIRE(read(request).has_value());
  return request;
}

bool asks_first(Request request) { return read(request).value().asks_first; }

}  // namespace

BOOST_AUTO_TEST_SUITE(override)

BOOST_AUTO_TEST_CASE(takes_the_method_that_a_form_names) {
  for (const auto* name : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    const auto request = meant(form(std::string("_method=") + name));
    BOOST_TEST((request.method == http::method_of(name)));
    BOOST_TEST(request.method_name == name);
    BOOST_TEST(request.path == "/api/v1/customers/");
  }
  BOOST_TEST((meant(multipart({{"_method", "DELETE"}})).method == Method::delete_));
}

BOOST_AUTO_TEST_CASE(takes_no_method_that_is_safe_to_ask_for_with_a_link_or_unknown) {
  for (const auto* name : {"GET", "HEAD", "put", "TRACE", "PURGE", ""}) {
    const auto request = meant(form(std::string("_method=") + name));
    BOOST_TEST((request.method == Method::other), name << " is taken");
    BOOST_TEST(request.method_name == "?");
  }
}

BOOST_AUTO_TEST_CASE(leaves_alone_what_is_no_such_form) {
  const auto is_left = [](Request request) { return !read(request); };
  BOOST_TEST(is_left(form("name=a&email=b%40c.example")));
  BOOST_TEST(is_left(form("")));
  BOOST_TEST(is_left(form(R"({"_method":"PUT"})", "application/json")));
  BOOST_TEST(is_left(form("_method=PUT", "text/plain")));
  for (const auto method : {Method::get, Method::put, Method::patch, Method::delete_}) {
    auto request = form("_method=PUT");
    request.method = method;
    BOOST_TEST(is_left(request));
  }
  auto cut_off = form("_method=PUT"), too_large = cut_off;
  cut_off.body_is_short = too_large.body_is_too_large = true;
  BOOST_TEST(is_left(cut_off));
  BOOST_TEST(is_left(too_large));
}

BOOST_AUTO_TEST_CASE(takes_a_body_that_was_typed_with_its_media_type) {
  const auto plain = meant(form("_content=%7B%22name%22%3A%22A+%26+B%22%7D"));
  BOOST_TEST((plain.method == Method::post));
  BOOST_TEST(plain.content_type == "application/json");
  BOOST_TEST(plain.body == R"({"name":"A & B"})");
  const auto typed = meant(multipart({{"_method", "PUT"},
                                      {"_content_type", "application/x-www-form-urlencoded"},
                                      {"_content", "name=a"}}));
  BOOST_TEST((typed.method == Method::put));
  BOOST_TEST(typed.media_type() == "application/x-www-form-urlencoded");
  BOOST_TEST(typed.body == "name=a");
}

BOOST_AUTO_TEST_CASE(counts_fields_as_headers_where_these_did_not_come) {
  const std::string fields = "_method=PUT&csrfmiddlewaretoken=t&x_company=c&idempotency_key=k";
  const auto request = meant(form(fields));
  BOOST_TEST(request.header("x-csrftoken").value() == "t");
  BOOST_TEST(request.header("x-company").value() == "c");
  BOOST_TEST(request.header("idempotency-key").value() == "k");

  auto with_headers = form(fields);
  with_headers.headers = {{"x-csrftoken", "T"}, {"x-company", "C"}, {"idempotency-key", "K"}};
  BOOST_TEST((meant(with_headers).headers == with_headers.headers));

  const auto empty = meant(form("_method=PUT&csrfmiddlewaretoken=&x_company=&idempotency_key="));
  BOOST_TEST(empty.headers.empty());
}

BOOST_AUTO_TEST_CASE(gives_line_breaks_back_as_they_were_before_a_browser_sent_them) {
  const auto request = meant(form("_method=PUT&notes=a%0D%0A%0D%0Ab%0Dc%0A"));
  BOOST_TEST(request.form_field("notes").value() == "a\n\nb\rc\n");
}

BOOST_AUTO_TEST_CASE(knows_whether_it_asks_first) {
  BOOST_TEST(!asks_first(form("_method=DELETE")));
  BOOST_TEST(asks_first(form("_method=DELETE&_confirm=ask")));
  BOOST_TEST(!asks_first(form("_method=DELETE&_confirm=yes")));
}

BOOST_AUTO_TEST_SUITE_END()
