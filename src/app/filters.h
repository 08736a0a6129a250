// app/filters.h — query parameters that narrow a list.
//
//   struct CustomerFilters {
//     Filter<std::string> email;
//     Prefix name;
//     FIELDS(CustomerFilters, email, name)
//   };
//
// A filter that is not given leaves all rows: its statement says (? IS NULL OR email = ?), and a
// Prefix's (? IS NULL OR name LIKE ?), so each fills two placeholders.
#pragma once
#include <optional>
#include <string>
#include <tuple>

#include "app/input.h"

namespace app {

template <class T>
struct Filter {
  std::optional<T> value;

  static constexpr auto placeholders() { return std::tuple{&Filter::value, &Filter::value}; }
};

// What starts with the given text, in lower case; nothing in it is a wildcard.
struct Prefix : Filter<std::string> {};

template <class T>
void read(const http::Value& value, const base::Rule& rule, const std::string& field,
          base::Problems& problems, Filter<T>& out) {
  auto exact = rule;
  exact.trim = false;
  read(value, exact, field, problems, out.value);
}
void read(const http::Value& value, const base::Rule& rule, const std::string& field,
          base::Problems& problems, Prefix& out);

}  // namespace app
