// server/side_process.h — a process of the pool that serves nobody: forked by the master, one at a
// time, and gone with it at the latest.
#pragma once
#include <sys/types.h>

#include <functional>

namespace server {

class SideProcess {
 public:
  // Runs `work` in a process of this name (as `ps` shows it, up to 15 bytes), which ends with that;
  // nothing happens where there is one. SIGTERM ends it, and so does the master's end.
  void start(const char* name, const std::function<void()>& work);
  bool is_there() const { return pid_ != 0; }
  // Whether it is the process that has ended.
  bool reap(pid_t ended);
  // Asks it to end.
  void stop() const;

 private:
  pid_t pid_ = 0;  // 0: none
};

}  // namespace server
