// app/paging.h — lists by keyset: no OFFSET, and rows that are added meanwhile shift nothing.
//
// A statement ends with one of the two texts below; each takes the four arguments
// page.after.time, page.after.time, page.after.id, page.rows(). They are macros because the text of
// a statement must be a literal when the compiler checks it.
#pragma once
#include <compare>
#include <cstdint>

#include "base/clock.h"
#include "base/uuid.h"

#define OLDEST_FIRST(time) \
  " AND " time " >= ? AND (" time " > ? OR id > ?) ORDER BY " time ", id LIMIT ?"
#define NEWEST_FIRST(time) \
  " AND " time " <= ? AND (" time " < ? OR id < ?) ORDER BY " time " DESC, id DESC LIMIT ?"

namespace app {

// Where a list goes on: after this row.
struct Position {
  base::Time time;
  base::Uuid id;
  auto operator<=>(const Position&) const = default;
};

// Lists go by the time of creation; a row that has another time overloads this.
template <class Row>
Position position_of(const Row& row) {
  return {row.created_at, row.id};
}

// Which part of a list is asked for: the `limit` rows after `after`.
struct Page {
  std::int64_t limit = 50;
  Position after;
  bool newest_first = false;
  std::int64_t rows() const { return limit + 1; }  // one more tells whether there is a next page
};

}  // namespace app
