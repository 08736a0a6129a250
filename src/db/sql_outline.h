// db/sql_outline.h — what a statement does, read from its tokens: whether it reads or writes, what
// it locks, which tables it names, and what the columns are called that it selects.
//
// It reads any grammar, and checks none: of a tenant statement db/sql_check.h has done that.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "db/sql_tokens.h"

namespace db {
namespace check {

// A part of a text.
struct Piece {
  std::uint16_t at = 0, size = 0;

  constexpr std::string_view of(std::string_view text) const { return text.substr(at, size); }
  constexpr std::size_t end() const { return std::size_t{at} + size; }
};

// One expression that a SELECT yields.
struct Column {
  Piece expression;
  std::string_view name;  // after AS, or of a plain column; empty: computed, and called nothing
  bool opens = false;     // the first one of a SELECT
};

class Outline {
 public:
  bool reads = false;                // yields rows
  bool locks = false;                // rows, or a name, from then on
  std::array<Piece, 8> tables = {};  // their names; those beyond the last are empty

  constexpr explicit Outline(std::string_view sql) : sql_(sql), tokens_(sql) {
    reads = tokens_.is("select") || tokens_.is("(");
    if (tokens_.take("update")) table();
    while (!tokens_.at_end()) {
      const auto word = take();
      if (same(word, "select")) columns();
      if (one_of(word, {"from", "join", "into"})) table();
    }
  }

  // Of all SELECTs of a UNION ALL, one after the other.
  constexpr std::span<const Column> columns_selected() const {
    return std::span(columns_).first(column_count_);
  }

 private:
  constexpr std::string_view take() {
    const auto word = tokens_.take();
    if (one_of(word, {"for", "lock", "get_lock"})) locks = true;
    return word;
  }

  constexpr void table() {
    if (table_count_ == tables.size()) refuse("more than eight tables");
    tables[table_count_++] = piece(tokens_.peek());
  }

  constexpr void columns() {
    bool opens = true;
    tokens_.take("distinct");
    do {
      if (column_count_ == columns_.size()) refuse("more than 64 columns are selected");
      columns_[column_count_] = column();
      columns_[column_count_++].opens = opens;
      opens = false;
    } while (tokens_.take(","));
  }

  constexpr Column column() {
    const auto first = tokens_.peek();
    auto last = first;
    std::size_t count = 0, depth = 0;
    for (; !tokens_.at_end(); count++) {
      const bool ends = tokens_.is(",") || tokens_.is(")") || tokens_.is("as") ||
                        tokens_.is("from") || tokens_.is("union");
      if (depth == 0 && ends) break;
      last = take();
      if (last == "(") depth++;
      if (last == ")") depth--;
    }
    const auto at = piece(first).at;
    Column column{{at, static_cast<std::uint16_t>(piece(last).end() - at)}, {}};
    if (tokens_.take("as"))
      column.name = tokens_.take();
    else if (count == 1 && is_name(first))
      column.name = unqualified(first);
    return column;
  }

  // Where a token stands.
  constexpr Piece piece(std::string_view token) const {
    return {static_cast<std::uint16_t>(token.data() - sql_.data()),
            static_cast<std::uint16_t>(token.size())};
  }

  std::string_view sql_;
  Tokens tokens_;
  std::array<Column, 64> columns_ = {};
  std::size_t column_count_ = 0, table_count_ = 0;
};

}  // namespace check
}  // namespace db
