// server/worker.cc — see worker.h.
#include "server/worker.h"

#include <fmt/format.h>
#include <malloc.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "app/routes.h"
#include "auth/caller_memory.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/connection.h"
#include "http/fcgi.h"
#include "server/serve.h"

namespace server {
namespace {

volatile std::sig_atomic_t stopping = 0;

void stop(int) { stopping = 1; }

// epoll_pwait prefers a connection to a signal: SIGTERM stays pending while more of them wait.
bool told_to_stop() {
  sigset_t pending;
  sigpending(&pending);
  return stopping || sigismember(&pending, SIGTERM) == 1;
}

// SIGTERM is blocked but while waiting for work, so it can neither cut a request short nor slip in
// between the check of `stopping` and the wait.
sigset_t install_signals() {
  http::init_fcgi();
  struct sigaction action {};
  action.sa_handler = stop;
  sigaction(SIGTERM, &action, nullptr);
  for (const int ignored : {SIGPIPE, SIGINT, SIGHUP, SIGUSR1}) std::signal(ignored, SIG_IGN);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigset_t waiting;
  sigprocmask(SIG_BLOCK, &blocked, &waiting);
  sigemptyset(&waiting);
  return waiting;
}

// Waits for a connection and accepts it; -1 when interrupted, when another worker was faster, or
// when the time is over. EPOLLEXCLUSIVE wakes one worker for a connection, not all.
class Acceptor {
 public:
  explicit Acceptor(int listener) : listener_(listener), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLEXCLUSIVE;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
  }

  int wait(int millis, const sigset_t& waiting) const {
    epoll_event event{};
    if (epoll_pwait(epoll_, &event, 1, millis, &waiting) < 1) return -1;
    return accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  }

 private:
  int listener_;
  int epoll_;
};

// A peer that says nothing must not hold a worker: it gets half the time after which the master
// takes the worker for stuck. False: it has not even begun, which nginx does at once.
bool limit_silence(int connection, int request_timeout_seconds) {
  constexpr int longest_before_first_byte = 2000;
  const int millis = request_timeout_seconds * 500;
  const timeval limit{millis / 1000, millis % 1000 * 1000};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  pollfd peer{connection, POLLIN, 0};
  return poll(&peer, 1, std::min(millis, longest_before_first_byte)) == 1;
}

// How long a request waited for a worker. nginx may run on another host, whose clock is not quite
// ours: nobody waits longer than nginx does (fastcgi_read_timeout).
std::int64_t queued_micros(const http::Request& request) {
  constexpr std::int64_t longest = 60'000'000;
  if (request.sent_at_millis == 0) return 0;
  const auto waited = base::Time::now().micros - request.sent_at_millis * 1000;
  return waited > 0 && waited < longest ? waited : 0;
}

// Whether nginx has hung up, as it does when its client has. It sends nothing after a request, so
// what is there to read can only be the end.
bool is_gone(int connection) {
  char byte = 0;
  return recv(connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void count(base::WorkerSlot& slot, const Answer& answer, std::int64_t micros,
           const db::Connection::Usage& usage) {
  const auto latency = static_cast<std::uint64_t>(micros);
  const auto bucket =
      std::lower_bound(base::latency_bounds.begin(), base::latency_bounds.end(), latency) -
      base::latency_bounds.begin();
  base::count_response(slot, answer.route_number, answer.response.status);
  slot.latency[static_cast<std::size_t>(bucket)]++;
  slot.latency_micros += latency;
  slot.statements += static_cast<std::uint64_t>(usage.statements);
  slot.statement_micros += static_cast<std::uint64_t>(usage.micros);
  slot.connects += static_cast<std::uint64_t>(usage.connects);
  slot.deadlocks += static_cast<std::uint64_t>(usage.deadlocks);
  slot.dropped += static_cast<std::uint64_t>(usage.dropped);
}

// A request that took long is a warning, and says so: `journalctl -p warning` is the slow log.
void log_request(const base::Config& config, const http::Request& request, const Answer& answer,
                 std::int64_t queued, std::int64_t micros, const db::Connection::Usage& usage) {
  const auto millis = [](std::int64_t each) {
    return fmt::format("{:.3f}", static_cast<double>(each) / 1000);
  };
  const int status = answer.response.status;
  const bool slow = micros >= config.slow_request_millis * std::int64_t{1000};
  base::LogValues values = {{"request", request.id},
                            {"method", request.method_name},
                            {"route", std::string(answer.route)},
                            {"status", std::to_string(status)},
                            {"ms", millis(micros)},
                            {"queue_ms", millis(queued)},
                            {"db_ms", millis(usage.micros)},
                            {"statements", std::to_string(usage.statements)},
                            {"company", answer.company},
                            {"user", answer.user}};
  if (slow) values.emplace_back("slow", "yes");
  if (status == 401 || status == 403 || status == 429)  // for whoever keeps such addresses out
    values.emplace_back("address", request.remote_address);
  const bool is_ordinary = status < 400 && !slow;
  const auto log = is_ordinary ? base::log_when_idle : base::log_values;
  log(status >= 500 ? base::Severity::error
      : slow        ? base::Severity::warning
                    : base::Severity::info,
      std::move(values));
}

void serve_one(const base::Config& config, int connection, Service& service, db::Connection& db,
               base::Scoreboard& board, base::WorkerSlot& slot) {
  const auto start = base::monotonic_micros();
  slot.busy_since = start;
  const bool speaks = limit_silence(connection, config.request_timeout_seconds);
  http::Exchange exchange(connection);
  const auto request = speaks ? exchange.receive(config.max_body_bytes) : std::nullopt;
  if (!request)
    return base::log_event(base::Severity::warning, "a connection brought no complete request");
  if (is_gone(connection)) {  // while it waited for a worker
    slot.abandoned++;
    return base::log_event(base::Severity::info,
                           fmt::format("nobody waits any more for request {}", request->id));
  }
  const auto queued = queued_micros(*request);
  slot.queued_micros += static_cast<std::uint64_t>(queued);
  const auto answer = service.answer(*request, queued);
  exchange.send(*request, answer.response);
  const auto micros = base::monotonic_micros() - start;
  const auto usage = db.take_usage();
  count(slot, answer, micros, usage);
  if (usage.full != 0 || usage.writes != 0)
    board.full_at = usage.full != 0 ? base::monotonic_micros() : 0;
  log_request(config, *request, answer, queued, micros, usage);
}

// Opens the connection before a request needs it. A database that is away is no reason not to
// serve: it is asked again later.
bool reach(Service& service, db::Connection& db, base::WorkerSlot& slot) try {
  service.check_database();
  slot.connects += static_cast<std::uint64_t>(db.take_usage().connects);
  return true;
} catch (const base::Error& error) {
  base::log_cause(error);
  slot.connects += static_cast<std::uint64_t>(db.take_usage().connects);
  return false;
}

}  // namespace

int run_worker(const base::Config& config, int listener, const Pool& pool, int number) {
  auto& board = pool.board;
  auto& slot = board.slot(number);
  // Large blocks (a body, a password hash's 19 MiB) go back to the system at once; glibc would
  // otherwise raise its threshold after the first one and keep them.
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  mallopt(M_TRIM_THRESHOLD, 512 * 1024);
  const auto waiting = install_signals();
  db::Announcer announcer(config.changes_socket(), config.several_hosts);
  db::Connection db(config, {pool.marks, number}, &announcer);
  auth::CallerMemory memory(pool.callers, pool.marks, slot);
  Service service(config, db, board, slot, app::all_routes(), &memory);
  const Acceptor acceptor(listener);
  slot.connected = reach(service, db, slot);
  slot.ready = true;
  // One worker is enough to notice that the database has come; the others connect when they need
  // it.
  const bool asks_again = &slot == &board.slot(0);
  if (config.log_in_batches) base::log_in_batches();
  while (!told_to_stop()) {
    const int pause = asks_again && !slot.connected ? 1000 : -1;
    const bool keeps_log = base::keeps_log();
    const int connection = acceptor.wait(keeps_log ? 0 : pause, waiting);
    if (connection >= 0)
      serve_one(config, connection, service, db, board, slot);
    else if (keeps_log)
      base::write_kept_log();
    else if (pause > 0)
      slot.connected = reach(service, db, slot);
    board.fairness.release(board, slot);
  }
  base::write_kept_log();
  return 0;
}

}  // namespace server
