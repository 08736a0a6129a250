// rest/rule.h — what a field of a body may hold, and how forms show it.
//
//   static constexpr auto fields() {
//     return std::tuple{rest::field("name", &NewCustomer::name, {.max_length = 100}),
//                       rest::field("notes", &NewCustomer::notes, {.required = false})};
//   }
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/fields.h"
#include "base/text.h"

namespace rest {

// The longest text that a client may send, unless its rule says otherwise: 64 KiB.
inline constexpr std::size_t most_text_bytes = 65536;

struct Rule {
  bool required = true;        // absent is refused, except in a PATCH
  bool blank = false;          // "" is allowed
  bool trim = true;            // white space at both ends is dropped before anything is checked
  bool secret = false;         // a password: never shown again
  const char* type = nullptr;  // as OPTIONS and forms name it; default: from the member's type
  std::size_t max_length = 0;  // in code points; 0 is no limit
  std::size_t max_bytes = most_text_bytes;  // of UTF-8, once trimmed
  const char* choices = nullptr;            // the words allowed, separated by blanks
  std::int64_t least = 0, most = 0;         // of a number
  const char* offers = nullptr;  // what a form's select box offers: "memberships", "people"
  const char* label = nullptr;   // default: the name, capitalised, with blanks
  const char* help = nullptr;
  const char* example = nullptr;  // what the API's description shows; default: by its type
  int since = 1;                  // the first version of the API that has the field
  // Brings a value into its normal form and reports what is wrong with it.
  void (*check)(std::string& value, std::string_view field, base::Problems& problems) = nullptr;

  // More bytes than max_length can come from are refused before anything is made of them.
  constexpr std::size_t most_bytes() const {
    return max_length == 0 ? max_bytes
                           : std::min(max_bytes, max_length * base::most_bytes_a_code_point);
  }
};

// A field with a rule.
template <class T, class Member>
struct RuledField {
  std::string_view name;
  Member T::*member;
  Rule rule;

  using Type = Member;
  static constexpr base::Kind kind = base::Kind::column;
};

template <class T, class Member>
constexpr RuledField<T, Member> field(std::string_view name, Member T::*member, Rule rule) {
  return {name, member, rule};
}

// The rule of a field of either kind.
template <class F>
constexpr Rule rule_of(const F& field) {
  if constexpr (requires { field.rule; })
    return field.rule;
  else
    return {};
}

}  // namespace rest
