// base/fields.h — a struct names its members once; everything else visits that list.
//
//   struct Customer {
//     base::Uuid id;
//     std::string name;
//     FIELDS(Customer, id, name)
//   };
//
// and where members have rules, which apply to what is read from a body:
//
//     static constexpr auto fields() {
//       return std::tuple{base::field("id", &Customer::id),
//                         base::field("name", &Customer::name, {.max_length = 100})};
//     }
//
// The order is the SELECT's, the INSERT's, the JSON's and the page's.
//
// KEYS(Customer, name, email) beside them says that whoever writes the struct writes two more
// columns after its fields', name_key and email_key: the base::search_key (base/text.h) of each
// text, by which it is found and kept unique without case. Nobody can forget to make them.
#pragma once
#include <algorithm>
#include <boost/preprocessor/seq/enum.hpp>
#include <boost/preprocessor/seq/transform.hpp>
#include <boost/preprocessor/stringize.hpp>
#include <boost/preprocessor/variadic/to_seq.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "base/text.h"
#include "base/uuid.h"

// fields() for members without rules, each under its own name.
#define FIELDS(Struct, ...)                                                                \
  static constexpr auto fields() {                                                         \
    return std::tuple{BOOST_PP_SEQ_ENUM(                                                   \
        BOOST_PP_SEQ_TRANSFORM(FIELD_OF, Struct, BOOST_PP_VARIADIC_TO_SEQ(__VA_ARGS__)))}; \
  }
#define FIELD_OF(step, Struct, name) base::field(BOOST_PP_STRINGIZE(name), &Struct::name)
#define KEYS(Struct, ...)                                                                \
  static constexpr auto keys() {                                                         \
    return std::tuple{BOOST_PP_SEQ_ENUM(                                                 \
        BOOST_PP_SEQ_TRANSFORM(KEY_OF, Struct, BOOST_PP_VARIADIC_TO_SEQ(__VA_ARGS__)))}; \
  }
#define KEY_OF(step, Struct, name) base::field(BOOST_PP_STRINGIZE(name) "_key", &Struct::name)

namespace base {

class Problems;

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
  // Brings a value into its normal form and reports what is wrong with it.
  void (*check)(std::string& value, std::string_view field, Problems& problems) = nullptr;

  // More bytes than max_length can come from are refused before anything is made of them.
  constexpr std::size_t most_bytes() const {
    return max_length == 0 ? max_bytes : std::min(max_bytes, max_length * most_bytes_a_code_point);
  }
};

// Where a member comes from and goes to.
enum class Kind {
  column,    // read from the database, shown to clients
  hidden,    // read from the database only: what handlers need, a paging key
  computed,  // shown only; an empty std::optional is left out
  self,      // a SelfLink
};

// The absolute URL of the row that has it as a member: Path and the row's id. It holds nothing, so
// no column is read for it.
template <Literal Path>
struct SelfLink {
  static constexpr std::string_view path = Path.text;
  bool operator==(const SelfLink&) const = default;
};

template <class T, class Member>
struct Field {
  std::string_view name;
  Member T::*member;
  Rule rule;
  Kind kind = Kind::column;

  constexpr bool is_stored() const { return kind == Kind::column || kind == Kind::hidden; }
};

template <class T, class Member>
constexpr Field<T, Member> field(std::string_view name, Member T::*member, Rule rule = {}) {
  return {name, member, rule, Kind::column};
}
template <class T, Literal Path>
constexpr Field<T, SelfLink<Path>> field(std::string_view name, SelfLink<Path> T::*member) {
  return {name, member, {}, Kind::self};
}
template <class T, class Member>
constexpr Field<T, Member> hidden(std::string_view name, Member T::*member) {
  return {name, member, {}, Kind::hidden};
}
template <class T, class Member>
constexpr Field<T, Member> computed(std::string_view name, Member T::*member) {
  return {name, member, {}, Kind::computed};
}

template <class T>
concept HasFields = requires {
  T::fields();
};

// T's fields, made by the compiler and not for each row.
template <HasFields T>
inline constexpr auto fields_of = T::fields();

// Calls visit(field) for each of T's fields, in order.
template <HasFields T, class Visitor>
constexpr void for_each_field(Visitor&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, fields_of<T>);
}

// The same for the keys, of a struct that has some: each field is called as the key is, and its
// member is the text.
template <class T, class Visitor>
constexpr void for_each_key(Visitor&& visit) {
  if constexpr (requires { T::keys(); })
    std::apply([&](const auto&... key) { (visit(key), ...); }, T::keys());
}

// Gives a row what `in` has: each field that is not empty, to the field of the same name.
template <HasFields In, HasFields Row>
void fill(Row& row, const In& in) {
  for_each_field<In>([&](const auto& given) {
    for_each_field<Row>([&](const auto& field) {
      if constexpr (requires { row.*field.member = *(in.*given.member); })
        if (field.name == given.name && in.*given.member) row.*field.member = *(in.*given.member);
    });
  });
}

}  // namespace base
