// db/announcer.cc — see announcer.h. Tests: tests/db/changes_test.cc.
#include "db/announcer.h"

#include <algorithm>

#include "base/clock.h"

namespace db {

using base::Uuid;

std::vector<Change> Announcer::make_rows() {
  for (const auto& company : unsaid_) {
    const bool is_said = std::ranges::any_of(changes_, [&](const auto& change) {
      return change.company_id == company && change.is_ending();
    });
    if (!is_said) note({.what = Change::What::company, .company_id = company});
  }
  std::vector<Change> rows;
  for (auto& change : changes_) {
    if (!change.is_ending() && !rows_for_messages_) continue;
    change.id = Uuid::make(base::Time::now());
    rows.push_back(change);
  }
  std::ranges::stable_sort(rows, {}, [](const auto& change) { return change.company_id; });
  return rows;
}

int Announcer::send() {
  int dropped = 0;
  if (sender_)
    for (const auto& change : changes_) dropped += sender_->send(encode(change)) ? 0 : 1;
  begin();
  return dropped;
}

}  // namespace db
