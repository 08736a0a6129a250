// server/side_process.cc — see side_process.h.
#include "server/side_process.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <exception>

#include "base/log.h"

namespace server {

void SideProcess::start(const char* name, const std::function<void()>& work) {
  if (is_there()) return;
  const auto master = getpid();
  const auto pid = fork();
  if (pid > 0) pid_ = pid;
  if (pid != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != master) _exit(0);  // it died before prctl
  prctl(PR_SET_NAME, name);
  for (const int ignored : {SIGPIPE, SIGINT, SIGHUP}) std::signal(ignored, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  try {  // nothing goes up into the master, whose stack this is
    work();
  } catch (const std::exception& error) {
    base::log_event(base::Severity::error, error.what());
  }
  _exit(0);
}

bool SideProcess::reap(pid_t ended) {
  if (!is_there() || ended != pid_) return false;
  pid_ = 0;
  return true;
}

void SideProcess::stop() const {
  if (is_there()) kill(pid_, SIGTERM);
}

}  // namespace server
