// server/change_reader.cc — see change_reader.h.
#include "server/change_reader.h"

#include <time.h>

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

// A beat says that all was told up to now: none without an answer of the database, or while
// somebody's queue is full.
void tell_on(const base::Config& config) {
  constexpr int most_batches = 20;
  struct sigaction action {};
  action.sa_handler = stop_reading;
  sigaction(SIGTERM, &action, nullptr);
  const base::DatagramSender sender(config.changes_socket());
  db::Connection db(config);
  // A row is written just before its COMMIT, which lasts as long as its request may, or a minute
  // longer where the worker is killed and the database does not hear of that at once.
  db::RecentChanges changes(db, config.request_timeout_seconds + config.read_timeout_seconds + 60);
  bool is_away = false;  // said once, not each second
  while (stopping == 0) {
    const auto start = base::boottime_micros();
    try {
      const auto tell = [&](const db::Change& change) { return sender.send(db::encode(change)); };
      if (changes.read(tell)) tell({.what = db::Change::What::beat});
      for (int i = 0; i < most_batches && changes.forget(); i++) continue;
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
  if (process_.is_there() || (started_at_ != 0 && now - started_at_ < second)) return;
  started_at_ = now;
  process_.start("change reader", [&] { tell_on(config); });
}

}  // namespace server
