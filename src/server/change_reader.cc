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

// Tells a change, and waits until `latest` for room in the queue of who hears it, which is short on
// some hosts (net.unix.max_dgram_qlen).
bool tell(const base::DatagramSender& sender, const db::Change& change, std::int64_t latest) {
  constexpr std::int64_t pause = 1000;
  const auto datagram = db::encode(change);
  while (!sender.send(datagram)) {
    const auto now = base::boottime_micros();
    if (stopping != 0 || now >= latest) return false;
    wait_until(now + pause);
  }
  return true;
}

// A beat says that all was told up to now: none without an answer of the database, or where
// somebody's queue stays full.
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
      const auto told = [&](const db::Change& change) {
        return tell(sender, change, start + second / 2);
      };
      if (!sender.is_heard())
        changes.begin_anew();
      else if (changes.read(told))
        told({.what = db::Change::What::beat});
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
