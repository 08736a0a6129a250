// db/batch.h — all rows of a statement, a batch after the other in the order of their ids: for
// commands that look at each.
//
//   constexpr db::Scoped<User, db::Batch> select_batch{
//       "SELECT id, username FROM users WHERE company_id = ?" + db::in_batches("id")};
//   db::for_each_row([&](auto& batch) { return db.all(select_batch, tenant, batch); }, work);
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>

#include "base/literal.h"
#include "base/uuid.h"

namespace db {

// How such a statement ends; `column` is that of the ids.
template <std::size_t N>
constexpr auto in_batches(const char (&column)[N]) {
  const base::Literal id = column;
  return " AND (? IS NULL OR " + id + " > ?) ORDER BY " + id + " LIMIT ?";
}

// What fills the placeholders of the text above.
struct Batch {
  std::optional<base::Uuid> after;  // empty: from the first row on, whatever its id is
  std::int64_t rows = 1000;

  static constexpr auto placeholders() {
    return std::tuple{&Batch::after, &Batch::after, &Batch::rows};
  }
};

// Calls work(row) for each row; read(batch) answers the rows of one batch. `batch` is the first.
template <class Read, class Work>
void for_each_row(Read read, Work work, Batch batch = {}) {
  for (bool more = true; more;) {
    const auto rows = read(batch);
    for (const auto& row : rows) work(row);
    more = static_cast<std::int64_t>(rows.size()) == batch.rows;
    if (more) batch.after = rows.back().id;
  }
}

}  // namespace db
