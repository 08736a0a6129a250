// http/request.cc — see request.h.
#include "http/request.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace http {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> method_names = {
    {{Method::get, "GET"},
     {Method::head, "HEAD"},
     {Method::options, "OPTIONS"},
     {Method::post, "POST"},
     {Method::put, "PUT"},
     {Method::patch, "PATCH"},
     {Method::delete_, "DELETE"}}};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Calls visit(part) for each part of `text` between separators.
template <class Visitor>
void split(std::string_view text, char separator, Visitor visit) {
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Calls visit(value) for each cookie of that name.
template <class Visitor>
void for_each_cookie(const Request& request, std::string_view name, Visitor visit) {
  split(request.header("cookie").value_or(""), ';', [&](std::string_view part) {
    part = base::trim(part);
    const auto equals = part.find('=');
    if (equals != part.npos && part.substr(0, equals) == name) visit(part.substr(equals + 1));
  });
}

// Calls visit(name, value) for each "name=value" of "a=1&b=2", as they are written.
template <class Visitor>
void split_pairs(std::string_view text, Visitor visit) {
  split(text, '&', [&](std::string_view part) {
    if (part.empty()) return;
    const auto equals = std::min(part.find('='), part.size());
    visit(part.substr(0, equals), part.substr(std::min(equals + 1, part.size())));
  });
}

}  // namespace

Method method_of(std::string_view name) {
  for (const auto& [method, text] : method_names)
    if (text == name) return method;
  return Method::other;
}

std::string_view name_of(Method method) {
  for (const auto& [each, text] : method_names)
    if (each == method) return text;
  return "?";
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return std::nullopt;
}

std::size_t Request::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(), [&](const auto& header) { return header.first == name; }));
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  std::optional<std::string_view> found;
  for_each_cookie(*this, name, [&](std::string_view value) {
    if (!found) found = value;
  });
  return found;
}

std::size_t Request::count_cookie(std::string_view name) const {
  std::size_t count = 0;
  for_each_cookie(*this, name, [&](std::string_view) { count++; });
  return count;
}

std::optional<std::string_view> Request::form_field(std::string_view name) const {
  std::optional<std::string_view> found;
  if (form)
    for (const auto& [key, value] : form->fields)
      if (key == name) found = value;
  return found;
}

std::string Request::media_type() const {
  const std::string_view type = content_type;
  return base::ascii_lower(base::trim(type.substr(0, type.find(';'))));
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  auto found = find_urlencoded(query, name);
  if (found && !base::valid_utf8(*found)) found = base::well_formed(*found);
  return found;
}

std::string decode_percent(std::string_view text, bool plus_is_blank) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); i++) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      result += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      result += text[i] == '+' && plus_is_blank ? ' ' : text[i];
    }
  }
  return result;
}

std::string encode_percent(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (is_unreserved(c)) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += digits[byte >> 4];
      result += digits[byte & 15];
    }
  }
  return result;
}

Pairs parse_urlencoded(std::string_view text) {
  Pairs pairs;
  split_pairs(text, [&](std::string_view name, std::string_view value) {
    pairs.emplace_back(decode_percent(name, true), decode_percent(value, true));
  });
  return pairs;
}

std::string write_urlencoded(const Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs)
    text += (text.empty() ? "" : "&") + encode_percent(name) + "=" + encode_percent(value);
  return text;
}

std::optional<std::string> find_urlencoded(std::string_view text, std::string_view wanted) {
  std::optional<std::string_view> found;
  split_pairs(text, [&](std::string_view name, std::string_view value) {
    // Each character may be written as it is or as %XX.
    const bool fits = name.size() >= wanted.size() && name.size() <= 3 * wanted.size();
    if (fits && decode_percent(name, true) == wanted) found = value;
  });
  if (!found) return std::nullopt;
  return decode_percent(*found, true);
}

}  // namespace http
