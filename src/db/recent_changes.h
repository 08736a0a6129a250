// db/recent_changes.h — the rows of `changes`, of all companies: read again and again, each
// answered once, and deleted when nobody reads them any more.
#pragma once
#include <cstdint>
#include <functional>
#include <map>

#include "base/clock.h"
#include "base/uuid.h"
#include "db/changes.h"
#include "db/connection.h"

namespace db {

class RecentChanges {
 public:
  // A row may come to be seen so long after its time: as long as a transaction lasts. The
  // connection is lent for the lifetime.
  RecentChanges(Connection& db, int overlap_seconds) : db_(db), overlap_seconds_(overlap_seconds) {}

  // Calls tell(change) for each row that it did not take yet; false: it does not take it now, and
  // gets it with the next call.
  void read(const std::function<bool(const Change&)>& tell);
  // Deletes rows that are some minutes old, a batch of them.
  void forget();

 private:
  void forget_told();

  Connection& db_;
  const int overlap_seconds_;
  std::map<base::Uuid, std::int64_t> told_;  // base::boottime_micros()
};

}  // namespace db
