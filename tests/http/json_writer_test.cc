// tests/http/json_writer_test.cc — writing JSON, compact or for people.
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "http/json.h"

namespace {

using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(json_writer)

std::string written(int indent) {
  http::JsonWriter json(indent);
  json.begin_object();
  json.key("a");
  json.begin_list();
  json.integer(-9'223'372'036'854'775'807 - 1);
  json.boolean(true);
  json.null();
  json.end_list();
  json.key("b");
  json.begin_object();
  json.end_object();
  json.key("c");
  json.string("");
  json.end_object();
  return json.take();
}

BOOST_AUTO_TEST_CASE(escapes_every_control_character_wherever_it_stands_in_a_long_text) {
  for (char c = 0; c < 0x20; c++)
    for (std::size_t at = 0; at < 48; at++) {
      std::string text(48, 'a');
      text[at] = c;
      http::JsonWriter json;
      json.string(text);
      const auto written = json.take();
      BOOST_REQUIRE(std::none_of(written.begin(), written.end(),
                                 [](char each) { return each >= 0 && each < 0x20; }));
      BOOST_REQUIRE(http::parse_json(written).text == text);
    }
}

BOOST_AUTO_TEST_CASE(is_compact_by_default) {
  BOOST_TEST(written(0) == R"({"a":[-9223372036854775808,true,null],"b":{},"c":""})");
}

BOOST_AUTO_TEST_CASE(is_pretty_with_an_indent) {
  BOOST_TEST(written(2) == "{\n  \"a\": [\n    -9223372036854775808,\n    true,\n    null\n  ],\n"
                           "  \"b\": {},\n  \"c\": \"\"\n}");
}

BOOST_AUTO_TEST_CASE(escapes_quotes_backslashes_and_control_characters_only) {
  http::JsonWriter json;
  json.string("\"\\\n\x01\0\x7f</é\U0001f600"s);
  BOOST_TEST(json.take() == "\"\\\"\\\\\\n\\u0001\\u0000\x7f</é\U0001f600\"");
}

BOOST_AUTO_TEST_CASE(can_be_used_again_after_take) {
  for (const int indent : {0, 4}) {
    http::JsonWriter json(indent);
    json.string("a");
    BOOST_TEST(json.take() == "\"a\"");
    json.begin_list();
    json.end_list();
    BOOST_TEST(json.take() == "[]");
    auto moved = std::move(json);
    moved.integer(1);
    BOOST_TEST(moved.take() == "1");
  }
}

BOOST_AUTO_TEST_CASE(tells_how_long_the_text_is_so_far) {
  for (const int indent : {0, 4}) {
    http::JsonWriter json(indent);
    json.begin_list();
    json.string("a");
    const auto so_far = json.size();
    json.end_list();
    const auto text = json.take();
    BOOST_TEST(text.substr(0, so_far).ends_with("\"a\""));
  }
}

BOOST_AUTO_TEST_CASE(reads_what_it_wrote) {
  const auto value = http::parse_json(written(3));
  BOOST_TEST(value.find("a")->items[0].text == "-9223372036854775808");
  BOOST_TEST(value.find("b")->members.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
