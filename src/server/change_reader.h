// server/change_reader.h — a process of the pool that reads each second what changed, also by other
// hosts and by commands, and tells `partywall events` of this host: of each row once, and that it
// is still at it.
#pragma once
#include <sys/types.h>

#include <cstdint>

#include "base/config.h"

namespace server {

class ChangeReader {
 public:
  // Starts the process where there is none; for the master, often. It ends with the master.
  void tend(const base::Config& config);
  // Whether it is the process that has ended.
  bool reap(pid_t ended);
  // Asks it to end; after a reload another one has the new configuration.
  void stop() const;

 private:
  pid_t pid_ = 0;  // 0: none
  std::int64_t started_at_ = 0;
};

}  // namespace server
