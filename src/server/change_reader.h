// server/change_reader.h — a process of the pool that reads each second what changed, also by other
// hosts and by commands, and tells `partywall events` of this host: of each row once, and that it
// is still at it.
#pragma once
#include <cstdint>

#include "base/config.h"
#include "server/side_process.h"

namespace server {

class ChangeReader {
 public:
  // Starts the process where there is none, at most once a second; for the master, often.
  void tend(const base::Config& config);
  bool reap(pid_t ended) { return process_.reap(ended); }
  // Asks it to end; after a reload another one has the new configuration.
  void stop() const { process_.stop(); }

 private:
  SideProcess process_;
  std::int64_t started_at_ = 0;  // base::boottime_micros(); 0: never
};

}  // namespace server
