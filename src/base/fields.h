// base/fields.h — a struct names its members once; everything else visits that list.
//
//   struct Customer {
//     base::Uuid id;
//     std::string name;
//     FIELDS(Customer, id, name)
//   };
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

// One member of T, by the name that it has outside. What there is more to say of it (rest/rule.h)
// has a type of its own with the same members.
template <class T, class Member, Kind K = Kind::column>
struct Field {
  std::string_view name;
  Member T::*member;

  using Type = Member;
  static constexpr Kind kind = K;
};

template <class T, class Member>
constexpr Field<T, Member> field(std::string_view name, Member T::*member) {
  return {name, member};
}
template <class T, Literal Path>
constexpr Field<T, SelfLink<Path>, Kind::self> field(std::string_view name,
                                                     SelfLink<Path> T::*member) {
  return {name, member};
}
template <class T, class Member>
constexpr Field<T, Member, Kind::hidden> hidden(std::string_view name, Member T::*member) {
  return {name, member};
}
template <class T, class Member>
constexpr Field<T, Member, Kind::computed> computed(std::string_view name, Member T::*member) {
  return {name, member};
}

// Of the type of a field, or a reference to it: the member's type, and whether a column has it.
template <class F>
using MemberOf = typename std::remove_cvref_t<F>::Type;
template <class F>
inline constexpr bool is_stored =
    std::remove_cvref_t<F>::kind == Kind::column || std::remove_cvref_t<F>::kind == Kind::hidden;

template <class T>
concept HasFields = requires {
  T::fields();
};

// The name of a struct, without its namespaces: "Customer".
template <class T>
constexpr std::string_view struct_name() {
  std::string_view name = __PRETTY_FUNCTION__;  // "… [with T = app::{anonymous}::Customer; …]"
  name.remove_prefix(name.find("T = ") + 4);
  name = name.substr(0, name.find_first_of(";]"));
  return name.substr(name.rfind(':') + 1);
}

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
