// db/statement.h — what every checked statement has: its text, as its rows want it asked for, and
// what the compiler has learned of it.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/clock.h"
#include "base/fields.h"
#include "db/rights.h"
#include "db/sql_outline.h"

namespace db {

// Its text never changes and never moves: a statement is a constant of a namespace or a class, and
// not of a function, which the compiler sees to.
class Statement {
 public:
  const char* const sql;
  const bool reads;           // yields rows; the others write, each to one table
  const bool locks;           // what it reads is kept from others until the transaction ends
  const bool changes_rights;  // it can end or change what somebody may do (db/rights.h)
  const bool ends_streams;    // it can end what a stream of events stands on

  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  constexpr ~Statement() {}  // not trivial, so std::bit_cast cannot make one of other text

  // Whether it reads or writes that table.
  constexpr bool names(std::string_view table) const {
    return std::ranges::any_of(tables_, [&](auto each) { return each.of(sql) == table; });
  }

 protected:
  // `text` is what `sql` will hold: a derived class has it by then.
  constexpr Statement(const char* sql, std::string_view text)
      : Statement(sql, text, check::Outline(text)) {}

 private:
  constexpr Statement(const char* sql, std::string_view text, const check::Outline& outline)
      : sql(sql),
        reads(outline.reads),
        locks(outline.locks),
        changes_rights(check::changes_rights(text)),
        ends_streams(check::ends_streams(text)),
        tables_(outline.tables) {}

  const std::array<check::Piece, 8> tables_;
};

namespace check {

// Room for a statement's text, which ends with a NUL.
template <std::size_t Most>
struct Text {
  char bytes[Most + 1] = {};
  std::size_t size = 0;

  constexpr std::string_view view() const { return {bytes, size}; }
  // One blank for as many as come, and for line breaks: no text of ours has any of its own.
  constexpr void add(std::string_view more) {
    for (const char c : more) {
      const bool is_blank = c == ' ' || c == '\n';
      if (is_blank && (size == 0 || bytes[size - 1] == ' ')) continue;
      if (size == Most) refuse("a statement is longer than db/sql.h has room for");
      bytes[size++] = is_blank ? ' ' : c;
    }
  }
};

// A column as a struct wants it.
struct Wanted {
  std::string_view name;
  bool is_time = false;
};

// Calls visit(Wanted) for each column that Row is read from. A field that is a struct itself has
// those of its fields.
template <class Row, class Visitor>
constexpr void for_each_wanted(Visitor visit) {
  base::for_each_field<Row>([&]<class F>(const F& field) {
    using Member = base::MemberOf<F>;
    if constexpr (!base::is_stored<F>)
      return;
    else if constexpr (base::HasFields<Member>)
      for_each_wanted<Member>(visit);
    else
      visit({field.name, std::is_same_v<Member, base::Time> ||
                             std::is_same_v<Member, std::optional<base::Time>>});
  });
}

// A SELECT's text as it is sent: it yields what is wanted, in that order, and times as text. The
// server prints them at a fraction of what it costs Connector/C++ to do so.
template <std::size_t Most>
constexpr Text<Most> as_wanted(std::string_view given, std::span<const Wanted> wanted) {
  const Outline outline(given);
  Text<Most> text;
  std::size_t copied = 0, i = wanted.size();
  for (const auto& column : outline.columns_selected()) {
    if (column.opens && i != wanted.size()) refuse("a SELECT has fewer columns than its struct");
    if (column.opens) i = 0;
    if (i == wanted.size()) refuse("a SELECT has more columns than its struct");
    if (column.name.empty()) refuse("what is computed says AS which field it is");
    if (column.name != wanted[i].name)
      refuse("a struct is read from columns of its fields' names, in their order");
    if (wanted[i++].is_time) {
      text.add(given.substr(copied, column.expression.at - copied));
      text.add("CONCAT(");
      text.add(column.expression.of(given));
      text.add(")");
      copied = column.expression.end();
    }
  }
  if (outline.reads && i != wanted.size()) refuse("a SELECT has fewer columns than its struct");
  text.add(given.substr(copied));
  return text;
}

// The text as it is sent, for rows of this type. A type without fields, or void, asks for nothing.
template <std::size_t Most, class Row>
constexpr Text<Most> text_for(std::string_view given) {
  if constexpr (base::HasFields<Row>) {
    std::array<Wanted, 32> wanted = {};
    std::size_t count = 0;
    for_each_wanted<Row>([&](Wanted each) { wanted[count++] = each; });
    return as_wanted<Most>(given, std::span(wanted).first(count));
  } else {
    Text<Most> text;
    text.add(given);
    return text;
  }
}

}  // namespace check
}  // namespace db
