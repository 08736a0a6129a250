// tests/support/dying.h — a process that is killed at a chosen step of what it does.
#pragma once
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdint>
#include <limits>

#include "support/process.h"

namespace support {

// Runs work() in a process of its own, which is killed after so many instructions of it. Answers
// how many it had done: fewer, where it came to its end before.
template <class Work>
int die_after(int instructions, Work work) {
  const auto pid = start_process([&] {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
    work();
  });
  int status = 0, done = 0;
  waitpid(pid, &status, 0);
  for (; done < instructions && WIFSTOPPED(status); done++) {
    ptrace(PTRACE_SINGLESTEP, pid, nullptr, nullptr);
    waitpid(pid, &status, 0);
  }
  if (WIFSTOPPED(status)) {
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
  }
  return done;
}

// Calls check() after each of 100 deaths of the work, evenly spread over its instructions.
template <class Work, class Check>
void die_everywhere(Work work, Check check) {
  constexpr int deaths = 100;
  const int all = die_after(std::numeric_limits<int>::max(), work);
  check();
  for (int i = 0; i < deaths; i++) {
    die_after(static_cast<int>(std::int64_t{all} * i / deaths), work);
    check();
  }
}

}  // namespace support
