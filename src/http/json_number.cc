// http/json_number.cc — see json_number.h.
#include "http/json_number.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

namespace http {
namespace {

constexpr std::size_t most_digits = 4300;

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') end++;
  return end - at;
}

// Of a number that no double can hold: whether it is too large rather than too close to 0.
bool is_too_large(std::string_view number) {
  const auto e = std::min(number.find_first_of("eE"), number.size());
  std::int64_t exponent = 0;
  if (e < number.size()) {
    const auto text = number.substr(number[e + 1] == '+' ? e + 2 : e + 1);
    const auto error = std::from_chars(text.data(), text.data() + text.size(), exponent).ec;
    if (error != std::errc{}) return !text.starts_with('-');  // exceeds any body's digits by far
  }
  const auto mantissa = number.substr(0, e);
  const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  const auto first = static_cast<std::int64_t>(mantissa.find_first_of("123456789"));
  return point - first + exponent > 0;
}

double double_of(std::string_view number) {
  double value = 0;
  const auto error = std::from_chars(number.data(), number.data() + number.size(), value).ec;
  if (error != std::errc::result_out_of_range) return value;
  value = is_too_large(number) ? std::numeric_limits<double>::infinity() : 0;
  return number.starts_with('-') ? -value : value;
}

// repr(): the shortest digits that read back as the same number; with an exponent below 1e-4 and
// from 1e16 on.
std::string print(double value) {
  if (value == std::numeric_limits<double>::infinity()) return "inf";
  if (value == -std::numeric_limits<double>::infinity()) return "-inf";
  char buffer[32];
  const auto scientific_end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  const std::string scientific(buffer, scientific_end);
  const auto e = scientific.find('e');
  const bool negative_exponent = scientific[e + 1] == '-';
  int exponent = 0;
  std::from_chars(scientific.data() + e + 2, scientific.data() + scientific.size(), exponent);
  if (negative_exponent ? exponent > 4 : exponent >= 16) return scientific;
  const auto fixed_end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
  std::string fixed(buffer, fixed_end);
  if (fixed.find('.') == fixed.npos) fixed += ".0";
  return fixed;
}

}  // namespace

std::size_t scan_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  // Nothing follows a leading 0: of a run of them only the first is looked at.
  const auto whole = text.substr(at).starts_with('0') ? 1 : digits_at(text, at);
  if (whole == 0) return 0;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const auto fraction = digits_at(text, at + 1);
    if (fraction == 0) return 0;
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    at++;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) at++;
    const auto exponent = digits_at(text, at);
    if (exponent == 0) return 0;
    at += exponent;
  }
  return at;
}

bool is_too_long(std::string_view number) {
  return number.find_first_of(".eE") == number.npos &&
         number.size() - (number.starts_with('-') ? 1 : 0) > most_digits;
}

Value number_value(std::string_view number) {
  Value value;
  if (number.find_first_of(".eE") != number.npos) {
    value.type = Value::Type::real;
    value.text = print(double_of(number));
    return value;
  }
  value.type = Value::Type::integer;
  value.text = number == "-0" ? "0" : std::string(number);
  return value;
}

}  // namespace http
