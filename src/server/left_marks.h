// server/left_marks.h — the master's care for marks that dead workers and lost connections left
// behind (db/marks.h).
#pragma once
#include <cstdint>

#include "base/config.h"
#include "db/marks.h"
#include "server/side_process.h"

namespace server {

class LeftMarks {
 public:
  // Lent for the lifetime.
  explicit LeftMarks(db::Marks& marks) : marks_(marks) {}

  // Takes away what waits for nothing any more. The database is asked by a process of its own, at
  // most twice a second and while there is something to ask for: the master waits for nobody.
  void tend(const base::Config& config);
  // Whether the process that has ended was that one.
  bool reap(pid_t ended) { return asking_.reap(ended); }

 private:
  db::Marks& marks_;
  SideProcess asking_;
  std::int64_t asked_at_ = 0;  // base::boottime_micros()
};

}  // namespace server
