// base/no_end.h — what is to be finished before a process ends.
#pragma once
#include <csignal>

namespace base {

// By these somebody ends a process.
inline constexpr int ends[] = {SIGHUP, SIGINT, SIGTERM};

// As long as it lives none of them comes; then the one that waits does. For a process of one
// thread.
class NoEnd {
 public:
  NoEnd() {
    sigset_t none;
    sigemptyset(&none);
    for (const int signal : ends) sigaddset(&none, signal);
    sigprocmask(SIG_BLOCK, &none, &before_);
  }
  ~NoEnd() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  NoEnd(const NoEnd&) = delete;
  NoEnd& operator=(const NoEnd&) = delete;

 private:
  sigset_t before_;
};

}  // namespace base
