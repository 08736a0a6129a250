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
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/fields.h"
#include "base/literal.h"
#include "db/sql_check.h"
#include "db/statement.h"

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

// How long a text may be, with one blank for each run of them. A Row that is read by longer ones
// says so.
template <class Row>
consteval std::size_t most_bytes_of() {
  if constexpr (std::is_void_v<Row>)
    return 288;
  else if constexpr (requires { Row::most_statement_bytes; })
    return Row::most_statement_bytes;
  else
    return 464;
}
template <class Row>
inline constexpr std::size_t most_bytes = most_bytes_of<Row>();

// A statement over one company's rows. Row is what it yields, void if it writes. Args fill the
// placeholders other than the company's, in text order. A SELECT's columns are called as Row's
// fields are, in their order; what is computed says AS. The members are const, so that a checked
// statement cannot be pointed at other text afterwards.
template <class Row, class... Args>
struct Scoped : Statement {
  const Slots slots;  // the placeholders that bind the company; slots[0] is the first

  template <std::size_t N>
  consteval Scoped(const char (&text)[N]) : Scoped(check::text_for<most_bytes<Row>, Row>(text)) {}
  template <std::size_t N>
  consteval Scoped(const base::Literal<N>& text)
      : Scoped(check::text_for<most_bytes<Row>, Row>(text.view())) {}

 private:
  using Text = check::Text<most_bytes<Row>>;

  consteval Scoped(const Text& text) : Scoped(text, check::Parser(text.view())) {}
  consteval Scoped(const Text& text, const check::Parser& parsed)
      : Statement(text_.bytes, text.view()), slots(parsed.slots), text_(text) {
    if (parsed.placeholders() != slots.size() + (placeholders_of<Args>() + ... + 0))
      refuse("placeholders do not match company + Args");
    if (reads == std::is_void_v<Row>) refuse("Row is void for writes, and only for writes");
    if (!reads && !writes_in_order<Args...>(parsed))
      refuse("a struct is written to columns of its fields' names, in their order");
  }

  const Text text_;
};

// A statement that runs without a company. Only struct Exempt (db/unscoped.h) can make one, so that
// file is the complete list; only Connection can read one, and runs it for Runner alone. Its text
// has the alphabet of Scoped, but any grammar; a SELECT's columns are called as Row's fields are,
// too.
template <class Runner, class Row, class... Args>
class Unscoped : Statement {
  friend struct Exempt;
  friend class Connection;
  using Text = check::Text<most_bytes<Row>>;

  template <std::size_t N>
  consteval Unscoped(const char* why, const char (&text)[N])
      : Unscoped(why, check::text_for<most_bytes<Row>, Row>(text)) {}
  consteval Unscoped(const char* why, const Text& text)
      : Statement(text_.bytes, text.view()), text_(text) {
    if (std::string_view(why).size() < 20) refuse("say why this statement has no company");
    if (check::Tokens(text.view()).placeholders() != (placeholders_of<Args>() + ... + 0))
      refuse("placeholders do not match Args");
    if (reads == std::is_void_v<Row>) refuse("Row is void for writes, and only for writes");
  }

  const Text text_;
};

}  // namespace db
