// app/paging.h — lists by keyset: no OFFSET, and rows that are added meanwhile shift nothing.
//
// A statement ends with one of the two texts below, whose placeholders a Page fills. They are
// macros because the text of a statement must be a literal when the compiler checks it.
#pragma once
#include <compare>
#include <cstdint>
#include <tuple>

#include "base/clock.h"
#include "base/uuid.h"
#include "db/sql.h"

#define OLDEST_FIRST(time) \
  " AND " time " >= ? AND (" time " > ? OR id > ?) AND " time " < ? ORDER BY " time ", id LIMIT ?"
#define NEWEST_FIRST(time)                                                           \
  " AND " time " <= ? AND (" time " < ? OR id < ?) AND " time " >= ? ORDER BY " time \
  " DESC, id DESC LIMIT ?"
// The two statements of a BothOrders.
#define BOTH_ORDERS(text, time) text OLDEST_FIRST(time), text NEWEST_FIRST(time)

namespace app {

// A place in a list.
struct Position {
  base::Time time;
  base::Uuid id;

  auto operator<=>(const Position&) const = default;
  static constexpr auto placeholders() {
    return std::tuple{&Position::time, &Position::time, &Position::id};
  }
};

// Lists go by the time of creation; a row that has another time overloads this.
template <class Row>
Position position_of(const Row& row) {
  return {row.created_at, row.id};
}

// Which part of a list is asked for.
struct Page {
  bool newest_first = false;
  Position after;         // what follows this place in the list
  base::Time end;         // until here: not included, or newest first the last one
  std::int64_t rows = 0;  // at most; one more than are shown tells whether there is a next page

  static constexpr auto placeholders() { return std::tuple{&Page::after, &Page::end, &Page::rows}; }
};

// The statement of a list that can be had in both orders.
template <class Row, class... Args>
struct BothOrders {
  const db::Scoped<Row, Args...> oldest_first, newest_first;

  const db::Scoped<Row, Args...>& of(const Page& page) const {
    return page.newest_first ? newest_first : oldest_first;
  }
};

}  // namespace app
