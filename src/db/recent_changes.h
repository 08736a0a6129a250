// db/recent_changes.h — the rows of `changes`, of all companies: read again and again, each told
// once, and deleted when nobody reads them any more.
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
  // Who has just begun reads so far back: as long as a stream of events may live.
  static constexpr std::int64_t most_seconds = 600;

  // A row may be seen so long after its time, which is that of its INSERT. The connection is lent
  // for the lifetime. All of it throws base::Error, and none of it belongs into a transaction.
  // `clock` is for tests, which need not wait then.
  RecentChanges(Connection& db, std::int64_t overlap_seconds,
                std::int64_t (*clock)() = base::boottime_micros)
      : db_(db), overlap_seconds_(overlap_seconds), clock_(clock) {}

  // Calls tell(change) for each row that was not told yet, also of the time in which nobody asked
  // (the first time of endings, and of the last seconds alone of what is none). False: it cannot be
  // told now, and is with the next call. Answers whether all were told.
  bool read(const std::function<bool(const Change&)>& tell);
  // Forgets what was told: whoever hears it next knows nothing of it.
  void begin_anew();
  // Deletes rows that nobody reads any more, a batch of them; whether there may be more.
  bool forget();

 private:
  std::int64_t seconds_to_read(std::int64_t now) const;
  void forget_told();

  Connection& db_;
  const std::int64_t overlap_seconds_;
  std::int64_t (*const clock_)();
  // Both are the clock's.
  std::int64_t read_at_ = 0;  // when all were last told; 0: never
  std::map<base::Uuid, std::int64_t> told_;
};

}  // namespace db
