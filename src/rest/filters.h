// rest/filters.h — query parameters that narrow a list.
//
//   struct CustomerFilters {
//     Folded email;
//     Prefix name;
//     FIELDS(CustomerFilters, email, name)
//   };
//
// A filter that is not given leaves all rows: its statement says (? IS NULL OR email_key = ?), and
// a Prefix's (? IS NULL OR name_key LIKE ?), so each fills two placeholders.
#pragma once
#include <optional>
#include <string>
#include <tuple>

#include "rest/decode.h"

namespace rest {

template <class T>
struct Filter {
  std::optional<T> value;

  static constexpr auto placeholders() { return std::tuple{&Filter::value, &Filter::value}; }
};

// The given text and what starts with it, whichever way it is typed: both are compared with a
// column that is a key (base/fields.h). Nothing in a Prefix is a wildcard.
struct Folded : Filter<std::string> {};
struct Prefix : Filter<std::string> {};

template <class T>
void read(const http::Value& value, const Place& place, Filter<T>& out) {
  auto exact = place.rule;
  exact.trim = false;
  read(value, {place.name, exact, place.routes, place.problems}, out.value);
}
void read(const http::Value& value, const Place& place, Folded& out);
void read(const http::Value& value, const Place& place, Prefix& out);

}  // namespace rest
