// tests/http/json_test.cc — reading JSON strictly.
#include "http/json.h"

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "base/error.h"

namespace {

using Type = http::Value::Type;
using namespace std::string_literals;

// Why a text is refused; "accepted" when it is not.
std::string refusal(std::string_view text) {
  try {
    http::parse_json(text);
    return "accepted";
  } catch (const base::Error& error) {
    BOOST_TEST((error.code == base::Code::invalid));
    const std::string start = "JSON parse error - ";
    BOOST_TEST(error.message.starts_with(start), error.message);
    return error.message.substr(std::min(start.size(), error.message.size()));
  }
}

// The type of a number and its text.
std::string number(std::string_view text) {
  const auto value = http::parse_json(text);
  return std::string(value.type_name()) + " " + value.text;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(reads_every_type) {
  const auto value = http::parse_json(
      " {\"a\": null, \"b\": [true, false, 7, -0.5, \"x\"],\t\"c\": {\"d\": \"\"}}\r\n");
  BOOST_TEST(value.type_name() == "dict");
  BOOST_TEST(value.members.size() == 3U);
  BOOST_TEST(value.find("a")->type_name() == "NoneType");
  const auto& items = value.find("b")->items;
  BOOST_REQUIRE(items.size() == 5U);
  BOOST_TEST(value.find("b")->type_name() == "list");
  BOOST_TEST((items[0].type == Type::boolean && items[0].boolean));
  BOOST_TEST((items[1].type == Type::boolean && !items[1].boolean));
  BOOST_TEST(items[1].type_name() == "bool");
  BOOST_TEST(items[2].type_name() == "int");
  BOOST_TEST(items[3].type_name() == "float");
  BOOST_TEST(items[4].type_name() == "str");
  BOOST_TEST(value.find("c")->find("d")->text == "");
  BOOST_TEST(value.find("z") == nullptr);
  BOOST_TEST(items[4].find("z") == nullptr);
}

BOOST_AUTO_TEST_CASE(keeps_the_order_of_members_and_items) {
  const auto value = http::parse_json(R"({"b": [[1, 2], {"y": 3, "x": 4}], "a": 5})");
  BOOST_TEST(value.members[0].first == "b");
  BOOST_TEST(value.members[1].first == "a");
  BOOST_TEST(value.members[1].second.text == "5");
  const auto& list = value.members[0].second.items;
  BOOST_TEST(list[0].items[1].text == "2");
  BOOST_TEST(list[1].members[0].first == "y");
  BOOST_TEST(list[1].members[1].second.text == "4");
}

BOOST_AUTO_TEST_CASE(reads_escapes) {
  const auto value = http::parse_json(R"("\"\\\/\b\f\n\r\t\u0000\u00e9\ud83d\ude00")");
  BOOST_TEST(value.text == "\"\\/\b\f\n\r\t\0\u00e9\U0001f600"s);
}

BOOST_AUTO_TEST_CASE(leaves_numbers_within_strings_alone) {
  const auto value = http::parse_json(R"({"12": "-3.50e7 \" 4 \\", "b": 1.50})");
  BOOST_TEST(value.members[0].first == "12");
  BOOST_TEST(value.members[0].second.text == "-3.50e7 \" 4 \\");
  BOOST_TEST(value.members[1].second.text == "1.5");
}

BOOST_AUTO_TEST_CASE(numbers_print_as_in_python) {
  BOOST_TEST(number("12") == "int 12");
  BOOST_TEST(number("-0") == "int 0");
  BOOST_TEST(number("-7") == "int -7");
  BOOST_TEST(number("123456789012345678901234567890") == "int 123456789012345678901234567890");
  BOOST_TEST(number("1.50") == "float 1.5");
  BOOST_TEST(number("-0.0") == "float -0.0");
  BOOST_TEST(number("1e3") == "float 1000.0");
  BOOST_TEST(number("1E+3") == "float 1000.0");
  BOOST_TEST(number("9999999999999998.0") == "float 9999999999999998.0");
  BOOST_TEST(number("1e15") == "float 1000000000000000.0");
  BOOST_TEST(number("1e16") == "float 1e+16");
  BOOST_TEST(number("1e22") == "float 1e+22");
  BOOST_TEST(number("1.0e-4") == "float 0.0001");
  BOOST_TEST(number("0.00001") == "float 1e-05");
  BOOST_TEST(number("5e-324") == "float 5e-324");
  BOOST_TEST(number("0.1") == "float 0.1");
}

BOOST_AUTO_TEST_CASE(numbers_beyond_a_double_are_infinite_or_zero) {
  BOOST_TEST(number("1e400") == "float inf");
  BOOST_TEST(number("-1e400") == "float -inf");
  BOOST_TEST(number("1e99999999999999999999999") == "float inf");
  BOOST_TEST(number("1.7976931348623159e308") == "float inf");
  BOOST_TEST(number("1e-400") == "float 0.0");
  BOOST_TEST(number("-1e-99999999999999999999999") == "float -0.0");
  BOOST_TEST(number("0e99999999999999999999999") == "float 0.0");
  BOOST_TEST(number("1" + std::string(5000, '0') + "e-5000") == "float 1.0");
  BOOST_TEST(number("1" + std::string(5000, '0') + "e-1") == "float inf");
  BOOST_TEST(number("0." + std::string(5000, '0') + "1e9") == "float 0.0");
}

// CVE-2024-38517: RapidJSON itself aborts or crashes on these.
BOOST_AUTO_TEST_CASE(number_bombs_are_numbers) {
  BOOST_TEST(http::parse_json("[0.000000000000000000001e-2147483639]").items[0].text == "0.0");
  BOOST_TEST(http::parse_json("[1.5e-2147483639]").items[0].text == "0.0");
  BOOST_TEST(number("0." + std::string(400, '0') + "1e-2147483639") == "float 0.0");
}

BOOST_AUTO_TEST_CASE(refuses_integers_too_long_to_convert) {
  BOOST_TEST(number(std::string(4300, '1')) == "int " + std::string(4300, '1'));
  BOOST_TEST(refusal("[" + std::string(4301, '1') + "]") == "Too many digits: char 1");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_number) {
  for (const auto* text : {"-", "01", "-01", "1.", "1.e5", ".5", "1e", "1e+", "+1", "0x1", "1-2",
                           "1 2", "--1", "1.5.3", "1e5e5", "NaN", "Infinity", "-Infinity", "-NaN"})
    BOOST_TEST(refusal(text) != "accepted", text);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_json) {
  BOOST_TEST(refusal("") == "Expecting value: char 0");
  BOOST_TEST(refusal("  ") == "Expecting value: char 2");
  BOOST_TEST(refusal("{a: 1}") == "Expecting property name enclosed in double quotes: char 1");
  BOOST_TEST(refusal("{\"a\" 1}") == "Expecting ':' delimiter: char 5");
  BOOST_TEST(refusal("{\"a\": }") == "Expecting value: char 6");
  BOOST_TEST(refusal("{\"a\": 1 \"b\": 2}") == "Expecting ',' delimiter: char 8");
  BOOST_TEST(refusal("[1 2]") == "Expecting ',' delimiter: char 3");
  BOOST_TEST(refusal("\"a") == "Unterminated string: char 2");
  for (const auto* text :
       {"[1,]", "{\"a\":1,}", "[", "{", "]", "[}", "{\"a\":1]", "'a'", "True", "nul", "[//\n]",
        "\"\\x41\"", "\"\\u12\"", "\"\t\"", "\"\n\"", "{1: 2}", "{null: 2}", ",", "{\"a\"}"})
    BOOST_TEST(refusal(text) != "accepted", text);
}

BOOST_AUTO_TEST_CASE(never_repeats_the_input) {
  for (const auto* text :
       {"{secret}", "{\"secret\": 1, \"secret\": 2}", "[\"secret\\ud800\"]", "secret", "\"secret"})
    BOOST_TEST(refusal(text).find("secret") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(refuses_duplicate_keys) {
  BOOST_TEST(refusal(R"({"a": 1, "a": 2})") == "Duplicate key: char 15");
  BOOST_TEST(refusal(R"({"a": 1, "b": 2, "\u0061": 3})") == "Duplicate key: char 28");
  BOOST_TEST(refusal(R"([{"x": {"a": 1, "b": {}, "a": 1}}])") == "Duplicate key: char 31");
  BOOST_TEST(refusal(R"({"a": {"a": {"a": 1}}, "b": [{"a": 1}, {"a": 1}]})") == "accepted");
}

BOOST_AUTO_TEST_CASE(a_body_full_of_keys_takes_no_quadratic_time) {
  std::string body = "{";
  for (int i = 0; i < 80'000; i++) body += "\"" + std::to_string(i) + "\":1,";
  BOOST_TEST(refusal(body + "\"x\":1}") == "accepted");
  BOOST_TEST(refusal(body + "\"7\":1}").starts_with("Duplicate key"));
}

BOOST_AUTO_TEST_CASE(refuses_bytes_after_the_value) {
  BOOST_TEST(refusal("{\"a\":1} x") == "Extra data: char 8");
  BOOST_TEST(refusal("{} {}") == "Extra data: char 3");
  BOOST_TEST(refusal("{\"a\":1}\0rest"s) == "Extra data: char 7");
  BOOST_TEST(refusal("{\"a\":1}\0"s) == "Extra data: char 7");
  BOOST_TEST(refusal("1\0"s) == "Extra data: char 1");
}

BOOST_AUTO_TEST_CASE(refuses_a_nul_anywhere) {
  BOOST_TEST(refusal("\0{}"s) != "accepted");
  BOOST_TEST(refusal("{\0}"s) != "accepted");
  BOOST_TEST(refusal("\"a\0b\""s) != "accepted");
  BOOST_TEST(refusal("{\"a\":\0 1}"s) != "accepted");
}

BOOST_AUTO_TEST_CASE(refuses_a_byte_order_mark) {
  BOOST_TEST(refusal("\xef\xbb\xbf{}") == "Unexpected byte order mark: char 0");
  BOOST_TEST(refusal("\xff\xfe{\0}\0"s) != "accepted");
  BOOST_TEST(http::parse_json("\"\xef\xbb\xbf\"").text == "\xef\xbb\xbf");
}

BOOST_AUTO_TEST_CASE(refuses_malformed_utf8) {
  for (const auto* text : {"\"\xff\xfe\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xed\xb0\x80\"",
                           "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"", "\"\x80\"", "{\"\xff\": 1}"})
    BOOST_TEST(refusal(text) == "Not well-formed UTF-8");
}

BOOST_AUTO_TEST_CASE(refuses_lone_surrogates) {
  for (const auto* text :
       {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud800\ud800")", R"("\ud800x")",
        R"("\udc00\ud800")", R"({"a": "x\udfffx"})", R"({"\udc00": 1})", R"(["\udbff\\"])"})
    BOOST_TEST(refusal(text).starts_with("Lone surrogate"), text);
}

BOOST_AUTO_TEST_CASE(nests_32_deep_and_no_deeper) {
  BOOST_TEST(refusal(nested(32)) == "accepted");
  BOOST_TEST(refusal(nested(33)) == "Nested too deeply: char 32");
  BOOST_TEST(refusal(nested(200'000)) == "Nested too deeply: char 32");
  BOOST_TEST(refusal(std::string(200'000, '[')) == "Nested too deeply: char 32");
  std::string objects;
  for (int i = 0; i < 33; i++) objects += "{\"a\":";
  BOOST_TEST(refusal(objects).starts_with("Nested too deeply"));
  // Width is no depth.
  BOOST_TEST(refusal("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                     "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]") == "accepted");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
