// http/header_value.cc — see header_value.h.
#include "http/header_value.h"

#include <algorithm>

#include "base/text.h"

namespace http {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::size_t most_parameters = 10;

std::string_view trim(std::string_view text) {
  const auto start = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(start, text.find_last_not_of(blanks) + 1 - start);
}

bool is_control(char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }

// Takes the text up to the next ';' off `rest`; the ';' stays.
std::string_view take_plain(std::string_view& rest) {
  const auto plain = rest.substr(0, rest.find(';'));
  rest.remove_prefix(plain.size());
  return trim(plain);
}

// Takes a quoted text off `rest`, which starts after the opening quote.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string text;
  for (std::size_t i = 0; i < rest.size(); i++) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return text;
    }
    const bool escapes =
        rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
    text += rest[escapes ? ++i : i];
  }
  return std::nullopt;
}

// Takes the text of a parameter off `rest`.
std::optional<std::string> take_text(std::string_view& rest) {
  rest = trim(rest);
  if (rest.starts_with('"')) {
    rest.remove_prefix(1);
    auto text = take_quoted(rest);
    // Nothing but blanks between the closing quote and the next ';'.
    if (text && !take_plain(rest).empty()) return std::nullopt;
    return text;
  }
  const auto text = take_plain(rest);
  if (text.find_first_of("\" \t") != text.npos) return std::nullopt;
  return std::string(text);
}

}  // namespace

const std::string* HeaderValue::find(std::string_view name) const {
  for (const auto& [key, text] : parameters)
    if (key == name) return &text;
  return nullptr;
}

std::optional<HeaderValue> parse_header_value(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;
  HeaderValue parsed;
  parsed.value = base::ascii_lower(take_plain(text));
  std::size_t seen = 0;  // parameters, empty ones too
  while (!text.empty()) {
    text.remove_prefix(1);  // the ';'
    const auto end = text.find_first_of(";=");
    const auto name = trim(text.substr(0, end));
    const bool has_text = end != text.npos && text[end] == '=';
    if (!has_text && !name.empty()) return std::nullopt;
    if (has_text && name.empty()) return std::nullopt;
    text.remove_prefix(std::min(has_text ? end + 1 : end, text.size()));
    if (seen++ == most_parameters) return std::nullopt;
    if (!has_text) continue;  // an empty parameter, as in "a/b;"
    auto value = take_text(text);
    auto key = base::ascii_lower(name);
    if (!value || parsed.find(key)) return std::nullopt;
    parsed.parameters.emplace_back(std::move(key), std::move(*value));
  }
  return parsed;
}

}  // namespace http
