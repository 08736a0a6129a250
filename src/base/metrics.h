// base/metrics.h — counters that a pool of processes shares: a slot per worker, summed by whoever
// answers /metrics. A worker writes its own slot only; its replacement goes on where it stopped.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace base {

using Counter = std::atomic<std::uint64_t>;

// Upper bounds of the latency buckets, in microseconds; the last bucket has none.
constexpr std::array<std::uint64_t, 9> latency_bounds = {1000,   2500,   5000,    10000,  25000,
                                                         100000, 500000, 1000000, 5000000};

struct WorkerSlot {
  std::atomic<std::int32_t> pid{0};
  std::atomic<bool> ready{false};           // the worker is accepting
  std::atomic<bool> connected{false};       // it has reached the database
  std::atomic<std::int64_t> busy_since{0};  // monotonic microseconds; 0: idle
  std::atomic<bool> hashing{false};         // a password is being hashed

  std::array<Counter, 6> responses{};  // by the first digit of the status; [0] is not used
  std::array<Counter, latency_bounds.size() + 1> latency{};
  Counter latency_micros{0};
  Counter statements{0};
  Counter statement_micros{0};
  Counter connects{0};
  Counter deadlocks{0};
};

// Lives in memory that forked processes share. Made by the master before it forks.
class Board {
 public:
  static constexpr int max_workers = 1024;

  // Maps the shared memory; throws std::bad_alloc. Never unmapped: it lives as long as the program.
  static Board& make(int workers);

  // How many there are to be; a reload may change it. The counters of those that go stay.
  int workers() const { return workers_; }
  void resize(int workers);
  WorkerSlot& slot(int worker) { return slots_[static_cast<std::size_t>(worker)]; }
  // Whether a worker accepts that has reached the database.
  bool any_connected() const;
  // How many workers are hashing a password right now.
  int hashing() const;
  Counter restarts{0};  // workers replaced after they died
  // The schema was seen to be this program's. A newer one that comes later, while other hosts are
  // upgraded, is no reason to stop.
  std::atomic<bool> schema_seen{false};

  // Prometheus text exposition format 0.0.4.
  std::string prometheus() const;

 private:
  explicit Board(int workers) : workers_(workers), slots_used_(workers) {}

  std::atomic<int> workers_;
  std::atomic<int> slots_used_;  // the most workers that there ever were
  std::array<WorkerSlot, max_workers> slots_{};
};

}  // namespace base
