// http/header_value.h — header values of the form `value; name=text; name="text"`.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

// Content-Type, Content-Disposition and one item of Accept all look like this (RFC 9110 section
// 5.6.6).
struct HeaderValue {
  std::string value;                                            // lower case
  std::vector<std::pair<std::string, std::string>> parameters;  // lower-case names, texts unquoted

  // A parameter's text, or nullptr.
  const std::string* find(std::string_view name) const;
};

// nullopt when it is malformed: a parameter without '=', a quote that does not end, a control
// character, a name that comes twice, or more than ten parameters (what we read has three at most).
// Within quotes a backslash escapes a quote and a backslash only, because browsers send it as it
// is before anything else.
std::optional<HeaderValue> parse_header_value(std::string_view text);

}  // namespace http
