// db/recent_changes.cc — see recent_changes.h. Tests: tests/db/changes_test.cc.
#include "db/recent_changes.h"

#include <algorithm>

#include "db/unscoped.h"

namespace db {
namespace {

constexpr std::int64_t rows_at_a_time = 1000, second = 1'000'000;
// Who has just begun tells also the messages that whoever read before may not have come to.
constexpr std::int64_t news_seconds = 3;

}  // namespace

// Whoever was away reads what was written meanwhile, too.
std::int64_t RecentChanges::seconds_to_read(std::int64_t now) const {
  if (read_at_ == 0) return most_seconds;
  return std::min(most_seconds, overlap_seconds_ + (now - read_at_) / second + 1);
}

bool RecentChanges::read(const std::function<bool(const Change&)>& tell) {
  forget_told();
  const auto now = clock_(), seconds = seconds_to_read(now);
  bool all_told = true;
  base::Time date = base::Time::lowest();
  base::Uuid id = base::Uuid::lowest();
  for (;;) {
    const auto rows = db_.all({}, Exempt::recent_changes, seconds, date, date, id, rows_at_a_time);
    for (const auto& row : rows) {
      auto change = row.change;
      change.company_id = row.company_id;
      const bool is_old_news =
          read_at_ == 0 && !change.is_ending() && row.age_seconds > news_seconds;
      if (told_.contains(change.id)) continue;
      const bool is_told = is_old_news || tell(change);
      if (is_told) told_.emplace(change.id, now);
      all_told = all_told && is_told;
    }
    if (std::ssize(rows) < rows_at_a_time) break;
    date = rows.back().date;
    id = rows.back().change.id;
  }
  if (all_told) read_at_ = now;
  return all_told;
}

void RecentChanges::begin_anew() {
  read_at_ = 0;
  told_.clear();
}

bool RecentChanges::forget() {
  return db_.run({}, Exempt::forget_changes, 2 * most_seconds, rows_at_a_time) == rows_at_a_time;
}

// What is read reaches back to so long before the last time, and a row is no later than it was
// told.
void RecentChanges::forget_told() {
  constexpr std::int64_t margin_seconds = 10;
  const auto before = read_at_ - (overlap_seconds_ + margin_seconds) * second;
  std::erase_if(told_, [&](const auto& each) { return each.second < before; });
}

}  // namespace db
