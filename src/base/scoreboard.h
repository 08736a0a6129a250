// base/scoreboard.h — what a pool of processes shares: a slot per worker, with its state and its
// counters, which whoever shows them sums up. A worker writes its own slot only; its replacement
// goes on where it stopped.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>

#include "base/fairness.h"
#include "base/hashing_gate.h"

namespace base {

using Counter = std::atomic<std::uint64_t>;

// Upper bounds of the latency buckets, in microseconds; the last bucket has none.
constexpr std::array<std::uint64_t, 9> latency_bounds = {1000,   2500,   5000,    10000,  25000,
                                                         100000, 500000, 1000000, 5000000};

// The statuses that are counted each by itself; a last counter has the others.
constexpr std::array counted_statuses = {200, 201, 204, 301, 302, 303, 304, 308, 400, 401, 403,
                                         404, 405, 406, 409, 412, 413, 415, 422, 429, 500, 503};

// Routes by their place among rest::names_of; the last one stands for what is no route.
constexpr std::size_t max_routes = 96;
constexpr std::size_t no_route = max_routes - 1;

struct WorkerSlot {
  std::atomic<std::int32_t> pid{0};         // 0: nobody has the slot
  std::atomic<bool> ready{false};           // the worker is accepting
  std::atomic<bool> connected{false};       // it has reached the database
  std::atomic<std::int64_t> busy_since{0};  // monotonic microseconds; 0: idle
  std::atomic<std::uint64_t> company{0};    // whose request is under way (a tag); 0: nobody's
  GatePlace gate_place;                     // where its password is hashed, or waits for its turn

  std::array<std::array<Counter, counted_statuses.size() + 1>, max_routes> responses{};
  std::array<Counter, latency_bounds.size() + 1> latency{};
  Counter latency_micros{0};
  Counter queued_micros{0};  // that requests waited for a worker
  Counter statements{0};
  Counter statement_micros{0};
  Counter connects{0};
  Counter deadlocks{0};
  Counter dropped{0};  // datagrams of changes that nobody took
  Counter hashes{0};   // of passwords, to keep or to compare
  Counter wrong_passwords{0};
  Counter abandoned{0};      // requests whose client was gone before they began
  Counter callers_known{0};  // GETs whose caller was remembered
  Counter callers_asked{0};  // and those for which the database was asked who it is
  Counter crowded{0};        // requests refused because their company held too much of the pool

  // The worker has ended, whatever it was at. The counters stay.
  void vacate();
};

// Lives in memory that forked processes share. Made by the master before it forks.
class alignas(WorkerSlot) Scoreboard {
 public:
  static constexpr int max_workers = 1024;

  // Maps the shared memory: a new file at `path`, so that `partywall status` finds it, or nameless
  // memory where no file can be made or none is wanted (""). Throws std::bad_alloc, and
  // std::runtime_error where the file has no room. Never unmapped: it lives as long as the program.
  static Scoreboard& make(int workers, const std::string& path = "");
  // Maps the file of a running pool, to look at it. Throws std::runtime_error when there is none,
  // or one that another version of this program wrote.
  static const Scoreboard& open(const std::string& path);

  // How many there are to be; a reload may change it. The counters of those that go stay. Throws
  // std::runtime_error where the file has no room for them.
  int workers() const { return workers_; }
  void resize(int workers);
  WorkerSlot& slot(int worker) { return first()[worker]; }
  // The slots that were ever used.
  std::span<const WorkerSlot> slots() const {
    return {first(), static_cast<std::size_t>(slots_used_.load())};
  }
  // Whether a worker accepts that has reached the database.
  bool any_connected() const;
  // How many workers have a request, have none.
  int busy() const;
  int idle() const;
  // Whether the database had no room lately. Ten seconds after that a load balancer is told to try
  // it: one that hears 503 sends no more writes, which would show that there is room again.
  bool was_full_lately() const;
  // The sum of one of a slot's counters.
  std::uint64_t sum(Counter WorkerSlot::*counter) const;

  Fairness fairness;
  HashingGate hashing_gate;
  Counter restarts{0};  // workers replaced after they died
  std::atomic<std::int32_t> master{0};
  std::atomic<std::int64_t> started_at{0};  // microseconds since 1970
  // When the database last had no room for a write (monotonic microseconds); 0: it took one since.
  std::atomic<std::int64_t> full_at{0};
  // The schema was seen to be this program's. A newer one that comes later, while other hosts are
  // upgraded, is no reason to stop.
  std::atomic<bool> schema_seen{false};
  // Every host keeps the counts of unread messages (app/conversations.h); once set, it stays. Until
  // then the database is asked from time to time: when it was last (monotonic microseconds).
  std::atomic<bool> counts_are_kept{false};
  std::atomic<std::int64_t> counts_asked_at{0};

 private:
  Scoreboard(int workers, int file) : file_(file) { resize(workers); }

  // The slots lie behind the board. Memory that no slot is made in is not touched and costs
  // nothing.
  static constexpr std::size_t bytes(int workers = max_workers);
  WorkerSlot* first() { return reinterpret_cast<WorkerSlot*>(this + 1); }
  const WorkerSlot* first() const { return reinterpret_cast<const WorkerSlot*>(this + 1); }

  const int file_;  // the descriptor in the process that made it; -1: nameless memory
  std::atomic<int> workers_{0};
  std::atomic<int> slots_used_{0};  // the most workers that there ever were
};

constexpr std::size_t Scoreboard::bytes(int workers) {
  return sizeof(Scoreboard) + static_cast<std::size_t>(workers) * sizeof(WorkerSlot);
}

// Counts an answer.
void count_response(WorkerSlot& slot, std::size_t route, int status);

}  // namespace base
