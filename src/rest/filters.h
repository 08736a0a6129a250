// rest/filters.h — query parameters that narrow a list.
//
//   struct CustomerFilters {
//     Folded email;
//     Prefix name;
//     FIELDS(CustomerFilters, email, name)
//   };
#pragma once
#include <optional>
#include <string>
#include <tuple>

#include "rest/decode.h"

namespace rest {

// What is compared with a column that is a key (base/fields.h) or in lower case, whichever way it
// is typed: the text itself, what starts with it, what has it somewhere. The last two are a pattern
// for LIKE; nothing in what was typed is a wildcard, and where nothing was given the pattern fits
// everything.
struct Folded {
  std::optional<std::string> value;
};
struct Pattern {
  std::string text = "%";
  bool is_given = false;

  static constexpr auto placeholders() { return std::tuple{&Pattern::text}; }
};
struct Prefix : Pattern {};
struct Containing : Pattern {};

void read(const http::Value& value, const Place& place, Folded& out);
void read(const http::Value& value, const Place& place, Prefix& out);
void read(const http::Value& value, const Place& place, Containing& out);

// Reads a filter of any type, also of one that is declared later.
template <class Filter>
void read_filter(const http::Value& value, const Place& place, Filter& out) {
  read(value, place, out);
}

}  // namespace rest
