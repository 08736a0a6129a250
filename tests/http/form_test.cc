// tests/http/form_test.cc — bodies of every media type, and the field of the CSRF check.
#include "http/form.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "base/error.h"

namespace {

constexpr const char* urlencoded = "application/x-www-form-urlencoded";
constexpr const char* multipart = "multipart/form-data; boundary=B";

http::Request request_of(std::string content_type, std::string body) {
  http::Request request;
  request.method = http::Method::post;
  request.content_type = std::move(content_type);
  request.body = std::move(body);
  if (http::has_form(request)) http::read_form(request);
  return request;
}

// The field t of a form; "none" where it has none.
std::string field_of(std::string content_type, std::string body) {
  const auto request = request_of(std::move(content_type), std::move(body));
  return std::string(request.form_field("t").value_or("none"));
}

http::Value form_of(std::string body) {
  const auto read = http::read_body(request_of(urlencoded, std::move(body)));
  BOOST_TEST(read.from_form);
  return read.value;
}

// "400 sentence"; "read" when the body is accepted.
std::string refusal(std::string content_type, std::string body) {
  try {
    http::read_body(request_of(std::move(content_type), std::move(body)));
    return "read";
  } catch (const base::Error& error) {
    return std::to_string(static_cast<int>(error.code)) + " " + error.message;
  }
}

BOOST_AUTO_TEST_SUITE(body)

BOOST_AUTO_TEST_CASE(an_empty_body_is_an_empty_object_whatever_its_type) {
  for (const auto* type : {"", "application/json", "text/plain", urlencoded, multipart}) {
    const auto read = http::read_body(request_of(type, ""));
    BOOST_TEST(read.value.type_name() == "dict");
    BOOST_TEST(read.value.members.empty());
  }
}

BOOST_AUTO_TEST_CASE(reads_json) {
  const auto read =
      http::read_body(request_of("Application/JSON; charset=utf-8", R"({"a": {"b": 1}})"));
  BOOST_TEST(!read.from_form);
  BOOST_TEST(read.value.find("a")->find("b")->type_name() == "int");
  BOOST_TEST(refusal("application/json", "{") ==
             "400 JSON parse error - Expecting property name enclosed in double quotes: char 1");
}

BOOST_AUTO_TEST_CASE(refuses_other_media_types_by_their_name) {
  BOOST_TEST(refusal("text/plain", "x") == "415 Unsupported media type \"text/plain\" in request.");
  BOOST_TEST(refusal("", "x") == "415 Unsupported media type \"\" in request.");
  BOOST_TEST(refusal("Text/XML; charset=x", "x") ==
             "415 Unsupported media type \"Text/XML; charset=x\" in request.");
  BOOST_TEST(refusal("application/jsonx", "{}").starts_with("415"));
  BOOST_TEST(refusal("multipart/mixed; boundary=B", "--B--").starts_with("415"));
  BOOST_TEST(refusal("text/\xff", "x") == "415 Unsupported media type \"?\" in request.");
}

BOOST_AUTO_TEST_CASE(all_leaves_of_a_form_are_strings) {
  const auto form = form_of("a=1&b=&c=true&d");
  BOOST_TEST(form.members.size() == 4U);
  for (const auto& [name, value] : form.members) BOOST_TEST(value.type_name() == "str", name);
  BOOST_TEST(form.find("a")->text == "1");
  BOOST_TEST(form.find("d")->text == "");
}

BOOST_AUTO_TEST_CASE(the_last_of_equal_names_wins) {
  BOOST_TEST(form_of("a=1&a=2").find("a")->text == "2");
  BOOST_TEST(form_of("a.b=1&a.b=2").find("a")->find("b")->text == "2");
  BOOST_TEST(form_of("a=1&a=2").members.size() == 1U);
}

BOOST_AUTO_TEST_CASE(dots_make_objects) {
  const auto form = form_of("company.name=Acme&user.username=ann&company.address=x%2Cy");
  BOOST_TEST(form.members.size() == 2U);
  BOOST_TEST(form.find("company")->find("name")->text == "Acme");
  BOOST_TEST(form.find("company")->find("address")->text == "x,y");
  BOOST_TEST(form.find("user")->find("username")->text == "ann");
}

BOOST_AUTO_TEST_CASE(an_object_wins_over_a_text_of_the_same_name) {
  for (const auto* body : {"company=x&company.name=Acme", "company.name=Acme&company=x"}) {
    const auto form = form_of(body);
    BOOST_TEST(form.find("company")->find("name")->text == "Acme");
    BOOST_TEST(form.members.size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(dots_at_an_end_are_part_of_the_name) {
  BOOST_TEST(form_of(".a=1").find(".a")->text == "1");
  BOOST_TEST(form_of("a.=1").find("a.")->text == "1");
  BOOST_TEST(form_of(".=1").find(".")->text == "1");
  BOOST_TEST(form_of("a.b.c=1").find("a")->find("b.c")->text == "1");
}

BOOST_AUTO_TEST_CASE(refuses_text_that_is_not_utf8) {
  const std::string sentence = "400 The form holds text that is not well-formed UTF-8.";
  BOOST_TEST(refusal(urlencoded, "a=%FF") == sentence);
  BOOST_TEST(refusal(urlencoded, "%C3=1") == sentence);
  BOOST_TEST(refusal(urlencoded, "a=\xff") == sentence);
  BOOST_TEST(refusal(multipart, "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff"
                                "\r\n--B--") == sentence);
  BOOST_TEST(refusal(urlencoded, "a=%C3%A9") == "read");
}

BOOST_AUTO_TEST_CASE(refuses_more_than_1000_fields) {
  std::string body = "a";
  for (int i = 1; i < 1000; i++) body += "&a" + std::to_string(i);
  BOOST_TEST(form_of(body).members.size() == 1000U);
  BOOST_TEST(refusal(urlencoded, body + "&b") == "400 The form has too many fields.");
}

BOOST_AUTO_TEST_CASE(finds_each_of_many_names_again) {
  std::string body = "last=0";
  for (int i = 0; i < 400; i++) body += fmt::format("&a{0}=1&o.a{0}=2", i);
  const auto form = form_of(body + "&o.a7=3&a7=4&last=5");
  BOOST_TEST(form.members.size() == 402U);
  BOOST_TEST(form.find("o")->members.size() == 400U);
  BOOST_TEST(form.find("o")->find("a7")->text == "3");
  BOOST_TEST(form.find("a7")->text == "4");
  BOOST_TEST(form.find("last")->text == "5");
}

BOOST_AUTO_TEST_CASE(refuses_more_than_1000_keys_of_json) {
  std::string keys = "\"a\":0";
  for (int i = 1; i < 999; i++) keys += fmt::format(",\"a{}\":0", i);
  BOOST_TEST(refusal("application/json", "{" + keys + ",\"last\":0}") == "read");
  const std::string sentence = "400 JSON parse error - Too many keys";
  BOOST_TEST(
      refusal("application/json", "{" + keys + ",\"x\":0,\"last\":0}").starts_with(sentence));
  // Wherever they are, kept or not.
  BOOST_TEST(refusal("application/json", "{" + keys + ",\"x\":{\"y\":0}}").starts_with(sentence));
  std::string objects = "[{\"a\":0}";
  for (int i = 1; i < 1001; i++) objects += ",{\"a\":0}";
  BOOST_TEST(refusal("application/json", objects + "]").starts_with(sentence));
}

BOOST_AUTO_TEST_CASE(keeps_1000_items_of_the_lists_in_json_and_checks_them_all) {
  std::string items = "0";
  for (int i = 1; i < 5'000; i++) items += i % 2 ? ",[0,[]]" : ",{}";
  const auto read = http::read_body(
      request_of("application/json", R"({"list":[)" + items + R"(],"after":{"a":[1,2],"b":3}})"));
  BOOST_TEST(read.value.find("list")->items.size() < 1001U);
  BOOST_TEST(read.value.find("after")->find("b")->text == "3");
  BOOST_TEST(refusal("application/json", "[" + items + ",{\"a\":0,\"a\":0}]")
                 .starts_with("400 JSON parse error - Duplicate key"));
  BOOST_TEST(refusal("application/json", "[" + items + ",x]")
                 .starts_with("400 JSON parse error - Expecting value"));
}

BOOST_AUTO_TEST_CASE(reads_multipart) {
  const auto read = http::read_body(request_of(
      multipart,
      "--B\r\nContent-Disposition: form-data; name=\"company.name\"\r\n\r\nAc\r\nme\r\n--B--\r\n"));
  BOOST_TEST(read.from_form);
  BOOST_TEST(read.value.find("company")->find("name")->text == "Ac\r\nme");
}

BOOST_AUTO_TEST_CASE(a_single_field_is_found_in_forms_only) {
  BOOST_TEST(field_of(urlencoded, "t=1&t=2") == "2");
  BOOST_TEST(field_of(multipart,
                      "--B\r\nContent-Disposition: form-data; name=t\r\n\r\n3\r\n--B--") == "3");
  BOOST_TEST(field_of(urlencoded, "u=1") == "none");
  BOOST_TEST(field_of("application/json", "{\"t\": 1}") == "none");
  BOOST_TEST(field_of("text/plain", "t=1") == "none");
  BOOST_TEST(field_of("", "") == "none");
}

BOOST_AUTO_TEST_CASE(a_single_field_of_a_malformed_form_is_absent) {
  BOOST_TEST(field_of(multipart, "--B\r\nt=1") == "none");
  BOOST_TEST(field_of("multipart/form-data", "x") == "none");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
