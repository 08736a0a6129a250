// db/sql.h — SQL text, checked by the compiler before it can reach MySQL.
//
// A Scoped statement reads or writes the rows of exactly one company:
//
//   SELECT, UPDATE, DELETE   … WHERE company_id = ? [AND …]
//   INSERT                   INTO t (company_id, …) VALUES (?, …)
//   JOIN b                   … ON b.company_id = a.company_id [AND …]
//   "either … or"            (SELECT …) UNION ALL (SELECT …)
//
// db/sql_check.h has the grammar; what is not in it does not compile, and the compiler prints why:
// subqueries, OR outside parentheses, comma joins, quotes, comments and so on. Text made at run
// time is no constant expression, so it does not compile either.
#pragma once
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/fields.h"
#include "db/sql_check.h"

namespace db {

// An argument fills one placeholder. A struct fills one for each of its fields that is stored, in
// their order, and then one for each of its keys; or, where it has placeholders(), one for each
// member that this names:
//
//   static constexpr auto placeholders() { return std::tuple{&Page::after, &Page::rows}; }
template <class Arg>
concept HasPlaceholders = requires {
  Arg::placeholders();
};

template <class Arg>
consteval std::size_t placeholders_of() {
  if constexpr (HasPlaceholders<Arg>) {
    return std::apply(
        [](const auto... members) {
          return (placeholders_of<std::remove_cvref_t<decltype(std::declval<Arg>().*members)>>() +
                  ... + 0);
        },
        Arg::placeholders());
  } else if constexpr (base::HasFields<Arg>) {
    std::size_t count = 0;
    base::for_each_field<Arg>([&](const auto& field) {
      using F = decltype(field);
      if constexpr (base::is_stored<F>) count += placeholders_of<base::MemberOf<F>>();
    });
    base::for_each_key<Arg>([&](const auto&) { count++; });
    return count;
  } else {
    return 1;
  }
}

// Whether the first columns that a statement writes are those of the struct that is its first
// argument: in an order of their own, two of one type would change places unseen.
template <class First = void, class...>
consteval bool writes_in_order(const check::Parser& parsed) {
  bool same = true;
  std::size_t column = 0;
  if constexpr (base::HasFields<First>) {
    base::for_each_field<First>([&](const auto& field) {
      if (base::is_stored<decltype(field)>) same = same && parsed.written(column++) == field.name;
    });
    base::for_each_key<First>(
        [&](const auto& key) { same = same && parsed.written(column++) == key.name; });
  }
  return same;
}

// A statement over one company's rows. Row is what it yields, void if it writes. Args fill the
// placeholders other than the company's, in text order. The members are const, so that a checked
// statement cannot be pointed at other text afterwards.
template <class Row, class... Args>
struct Scoped {
  const char* const sql;
  const Slots slots;  // the placeholders that bind the company; slots[0] is the first

  consteval Scoped(const char* text) : Scoped(text, check::Parser(text)) {}
  constexpr ~Scoped() {}  // not trivial, so std::bit_cast cannot make one of other text

 private:
  consteval Scoped(const char* text, const check::Parser& parsed) : sql(text), slots(parsed.slots) {
    if (parsed.placeholders() != slots.size() + (placeholders_of<Args>() + ... + 0))
      refuse("placeholders do not match company + Args");
    if (parsed.reads == std::is_void_v<Row>) refuse("Row is void for writes, and only for writes");
    if (!parsed.reads && !writes_in_order<Args...>(parsed))
      refuse("a struct is written to columns of its fields' names, in their order");
  }
};

// A statement that runs without a company. Only struct Exempt (db/unscoped.h) can make one, so that
// file is the complete list; only Connection can read one. Its text has the alphabet of Scoped, but
// any grammar.
template <class Row, class... Args>
class Unscoped {
 public:
  constexpr ~Unscoped() {}  // not trivial, so std::bit_cast cannot make one

 private:
  friend struct Exempt;
  friend class Connection;

  consteval Unscoped(const char* why, const char* sql) : sql_(sql) {
    if (std::string_view(why).size() < 20) refuse("say why this statement has no company");
    if (check::Tokens(sql).placeholders() != (placeholders_of<Args>() + ... + 0))
      refuse("placeholders do not match Args");
  }

  const char* sql_;
};

}  // namespace db
