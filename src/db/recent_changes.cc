// db/recent_changes.cc — see recent_changes.h.
#include "db/recent_changes.h"

#include <algorithm>

#include "db/unscoped.h"

namespace db {
namespace {

constexpr std::int64_t rows_at_a_time = 1000, kept_seconds = 600;

}  // namespace

void RecentChanges::read(const std::function<bool(const Change&)>& tell) {
  forget_told();
  const auto now = base::boottime_micros();
  base::Time date = base::Time::lowest();
  base::Uuid id = base::Uuid::lowest();
  for (;;) {
    const auto rows = db_.all({}, Exempt::recent_changes, std::int64_t{overlap_seconds_}, date,
                              date, id, rows_at_a_time);
    for (const auto& row : rows) {
      auto change = row.change;
      change.company_id = row.company_id;
      if (!told_.contains(change.id) && tell(change)) told_.emplace(change.id, now);
    }
    if (std::ssize(rows) < rows_at_a_time) return;
    date = rows.back().date;
    id = rows.back().change.id;
  }
}

void RecentChanges::forget() {
  db_.run({}, Exempt::forget_changes, std::max(kept_seconds, std::int64_t{2} * overlap_seconds_),
          rows_at_a_time);
}

// What was told is out of what is read by then.
void RecentChanges::forget_told() {
  const auto before = base::boottime_micros() - std::int64_t{2'000'000} * overlap_seconds_;
  std::erase_if(told_, [&](const auto& each) { return each.second < before; });
}

}  // namespace db
