// base/standard_output.cc — see standard_output.h.
#include "base/standard_output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <stdexcept>

namespace base {

void guard_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) < 0)  // open() takes the lowest that is free: this one
        [[maybe_unused]]
      const int closed = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void flush_standard_output() {
  std::cout.flush();
  errno = 0;
  const bool failed = std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout;
  if (!failed) return;
  throw std::runtime_error(
      errno == 0 ? "standard output could not be written"
                 : fmt::format("standard output could not be written: {}", std::strerror(errno)));
}

void complain(std::string_view line) {
  const auto text = fmt::format("partywall: {}\n", line);
  std::fputs(text.c_str(), stderr);
}

}  // namespace base
