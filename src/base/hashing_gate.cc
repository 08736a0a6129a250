// base/hashing_gate.cc — see hashing_gate.h.
#include "base/hashing_gate.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "base/scoreboard.h"

namespace base {
namespace {

using State = GatePlace::State;

constexpr std::int64_t longest_wait_micros = 2'000'000;

// Whoever waits holds a worker.
int places(int workers) { return std::max(HashingGate::count(workers), workers / 2); }

// The processor time of this thread: how long a hash takes otherwise is not for its asker to
// answer.
std::int64_t worked_micros() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * std::int64_t{1'000'000} + time.tv_nsec / 1000;
}

}  // namespace

struct HashingGate::Queue {
  int hashing = 0, waiting = 0;
  GatePlace* first = nullptr;
  GatePlace* last = nullptr;
  std::optional<Rank> least;  // of all of them
};

int HashingGate::count(int workers) {
  const auto most = std::min(static_cast<int>(std::thread::hardware_concurrency()), workers);
  return std::max(1, most / 2);
}

HashingGate::Rank HashingGate::rank(const Asker& asker, std::int64_t since) const {
  constexpr std::int64_t allowed = 1'000'000;
  return {.address_is_over = addresses_.ahead(asker.address) > allowed,
          .name_is_over = names_.ahead(asker.name) > allowed,
          .is_stranger = !asker.known,
          .address_due_at = addresses_.due_at(asker.address),
          .name_due_at = names_.due_at(asker.name),
          .since = since};
}

HashingGate::Queue HashingGate::look(Scoreboard& board) const {
  Queue queue;
  Rank first, last;
  for (std::size_t i = 0; i < board.slots().size(); i++) {
    auto& place = board.slot(static_cast<int>(i)).gate_place;
    const bool waits = place.state == State::waiting;
    if (!waits && place.state != State::hashing) continue;
    const auto ranks = rank(place.asker, place.since);
    if (!queue.least || ranks < *queue.least) queue.least = ranks;
    if (!waits) {
      queue.hashing++;
      continue;
    }
    queue.waiting++;
    if (!queue.first || ranks < first) first = ranks, queue.first = &place;
    if (!queue.last || ranks > last) last = ranks, queue.last = &place;
  }
  return queue;
}

bool HashingGate::admits(const Scoreboard& board, const Queue& queue, const Rank& rank) const {
  const auto taken = queue.hashing + queue.waiting;
  if (taken < count(board.workers())) return true;
  const bool had_most = rank.name_is_over || (rank.address_is_over && rank.is_stranger);
  if (had_most && board.idle() == 0 && queue.least < rank) return false;
  if (taken < places(board.workers())) return true;
  return queue.last && rank < this->rank(queue.last->asker, queue.last->since);
}

bool HashingGate::has_place(Scoreboard& board, Asker asker) {
  asker.known = true;
  const std::lock_guard held(mutex_);
  return admits(board, look(board), rank(asker, monotonic_micros()));
}

// A place among those that wait; the last one of them gives way where all are taken.
bool HashingGate::enter(Scoreboard& board, WorkerSlot& slot, const Asker& asker) {
  const auto now = monotonic_micros();
  const std::lock_guard held(mutex_);
  const auto queue = look(board);
  if (!admits(board, queue, rank(asker, now))) return false;
  if (queue.last && queue.hashing + queue.waiting >= places(board.workers()))
    queue.last->state = State::displaced;
  slot.gate_place.asker = asker;
  slot.gate_place.since = now;
  slot.gate_place.state = State::waiting;
  return true;
}

// Whether the turn of this worker, which waits, has come.
bool HashingGate::begin(Scoreboard& board, WorkerSlot& slot) {
  const std::lock_guard held(mutex_);
  const auto queue = look(board);
  if (queue.first != &slot.gate_place || queue.hashing >= count(board.workers())) return false;
  slot.gate_place.worked = worked_micros();
  slot.gate_place.state = State::hashing;
  return true;
}

// It looks again each millisecond. A hash takes 30, and no worker that dies can leave another one
// asleep.
bool HashingGate::take(Scoreboard& board, WorkerSlot& slot, const Asker& asker) {
  if (!enter(board, slot, asker)) return false;
  const auto deadline = monotonic_micros() + longest_wait_micros;
  while (!begin(board, slot)) {
    if (slot.gate_place.state == State::displaced || monotonic_micros() > deadline) {
      slot.gate_place.state = State::none;
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

void HashingGate::give_back(const Scoreboard& board, WorkerSlot& slot) {
  constexpr int shares = 4;
  const std::lock_guard held(mutex_);
  auto& place = slot.gate_place;
  const auto due = (worked_micros() - place.worked) * shares / count(board.workers());
  addresses_.add(place.asker.address, due);
  names_.add(place.asker.name, due);
  place.state = State::none;
}

}  // namespace base
