// rest/filters.cc — see filters.h.
#include "rest/filters.h"

#include "base/text.h"

namespace rest {

namespace {

// A filter's text as it is compared; nullopt: none, or a malformed one, which is reported.
std::optional<std::string> read_key(const http::Value& value, const Place& place) {
  auto exact = place.rule;
  exact.trim = false;
  std::optional<std::string> given;
  read(value, {place.name, exact, place.routes, place.version, place.problems}, given);
  if (given) given = base::search_key(*given);
  return given;
}

void read_pattern(const http::Value& value, const Place& place, Pattern& out) {
  const auto key = read_key(value, place);
  if (!key) return;
  std::string text;
  for (const char c : *key) {
    if (c == '%' || c == '_' || c == '\\') text += '\\';
    text += c;
  }
  out = {text + '%', true};
}

}  // namespace

void read(const http::Value& value, const Place& place, Folded& out) {
  out.value = read_key(value, place);
}

void read(const http::Value& value, const Place& place, Prefix& out) {
  read_pattern(value, place, out);
}

// Of nothing but blanks nothing is looked for.
void read(const http::Value& value, const Place& place, Containing& out) {
  if (base::trim(value.text).empty()) return;
  read_pattern(value, place, out);
  if (out.is_given) out.text = '%' + out.text;
}

}  // namespace rest
