// tests/support/process.h — what a test does in a process of its own.
#pragma once
#include <unistd.h>

namespace support {

// Runs work() in a child, which ends with it; answers the child's id, to be waited for.
template <class Work>
pid_t start_process(Work work) {
  const auto pid = fork();
  if (pid != 0) return pid;
  work();
  _exit(0);
}

}  // namespace support
