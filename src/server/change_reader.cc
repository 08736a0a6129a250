// server/change_reader.cc — see change_reader.h.
#include "server/change_reader.h"

#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <csignal>

#include "base/clock.h"
#include "base/datagram.h"
#include "base/error.h"
#include "base/log.h"
#include "db/recent_changes.h"

namespace server {
namespace {

volatile std::sig_atomic_t stopping = 0;

void stop_reading(int) { stopping = 1; }

constexpr std::int64_t second = 1'000'000;

void wait_until(std::int64_t moment) {
  const auto left = moment - base::boottime_micros();
  if (left <= 0) return;
  const timespec pause{left / second, left % second * 1000};
  nanosleep(&pause, nullptr);  // a signal ends it
}

// A beat says that all was read up to now: none without an answer of the database.
void read_on(const base::Config& config) {
  constexpr int rounds_between_deletes = 10;
  const base::DatagramSender sender(config.changes_socket());
  db::Connection db(config);
  // A transaction ends with its request, which is killed when its time is over.
  db::RecentChanges changes(db, config.request_timeout_seconds + config.read_timeout_seconds + 5);
  bool is_away = false;  // said once, not each second
  for (int round = 0; stopping == 0; round++) {
    const auto start = base::boottime_micros();
    try {
      changes.read([&](const auto& change) { return sender.send(db::encode(change)); });
      sender.send(db::encode({}));
      if (round % rounds_between_deletes == 0) changes.forget();
      is_away = false;
    } catch (const base::Error& error) {
      if (!is_away) base::log_cause(error);
      is_away = true;
    }
    wait_until(start + second);
  }
}

}  // namespace

void ChangeReader::tend(const base::Config& config) {
  const auto now = base::boottime_micros();
  if (pid_ != 0 || (started_at_ != 0 && now - started_at_ < second)) return;
  started_at_ = now;
  const auto master = getpid();
  const auto pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_NAME, "change reader");
    if (getppid() != master) _exit(0);  // it died before prctl
    struct sigaction action {};
    action.sa_handler = stop_reading;
    sigaction(SIGTERM, &action, nullptr);
    for (const int ignored : {SIGPIPE, SIGINT, SIGHUP}) std::signal(ignored, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    read_on(config);
    _exit(0);
  }
  if (pid > 0) pid_ = pid;
}

bool ChangeReader::reap(pid_t ended) {
  if (pid_ == 0 || ended != pid_) return false;
  pid_ = 0;
  return true;
}

void ChangeReader::stop() const {
  if (pid_ != 0) kill(pid_, SIGTERM);
}

}  // namespace server
