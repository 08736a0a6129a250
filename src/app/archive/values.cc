// app/archive/values.cc — see values.h.
#include "app/archive/values.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace app::archive {

using Type = http::Value::Type;

namespace {

// The beginning of what is too long to be printed.
std::string beginning(std::string_view name) {
  constexpr std::size_t most = 64;
  return std::string(name.substr(0, most)) + (name.size() > most ? "..." : "");
}

bool is_like_ours(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '/' || c == '.';
}

}  // namespace

std::string printable(std::string_view name) {
  auto text = beginning(name);
  for (auto& c : text)
    if (c < ' ' || c > '~') c = '?';
  return "\"" + text + "\"";
}

std::string named(std::string_view part) {
  const bool is_plain = !part.empty() && std::ranges::all_of(part, is_like_ours);
  return is_plain ? beginning(part) : printable(part);
}

bool read_value(const http::Value& value, base::Uuid& into) {
  const auto id = value.type == Type::string ? base::Uuid::parse(value.text) : std::nullopt;
  if (id) into = *id;
  return id.has_value();
}

bool read_value(const http::Value& value, std::string& into) {
  into = value.text;
  return value.type == Type::string;
}

bool read_value(const http::Value& value, std::int64_t& into) {
  const auto* end = value.text.data() + value.text.size();
  const auto read = std::from_chars(value.text.data(), end, into);
  return value.type == Type::integer && read.ec == std::errc() && read.ptr == end;
}

bool read_value(const http::Value& value, bool& into) {
  into = value.boolean;
  return value.type == Type::boolean;
}

bool read_value(const http::Value& value, base::Time& into) {
  const auto time = value.type == Type::string ? base::Time::parse_iso(value.text) : std::nullopt;
  if (!time || *time < base::Time::lowest() || *time > base::Time::highest()) return false;
  into = *time;
  return time->iso() == value.text;
}

bool read_value(const http::Value& value, auth::Role& into) {
  return value.type == Type::string && from_text(value.text, into);
}

bool fits(const std::string& text, const rest::Rule& rule) {
  if (text.size() > rule.max_bytes || text.find('\0') != text.npos) return false;
  if (text.empty() && !rule.blank) return false;
  return rule.max_length == 0 || base::code_points(text) <= rule.max_length;
}

}  // namespace app::archive
