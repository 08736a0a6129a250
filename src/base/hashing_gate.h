// base/hashing_gate.h — whose turn it is to hash a password, among the processes of a pool.
#pragma once
#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "base/debts.h"
#include "base/shared_mutex.h"

namespace base {

class Scoreboard;
struct WorkerSlot;

// For whom a password is hashed. The numbers are digests and not 0: who has the same number as
// somebody else by chance shares their turns, nothing else.
struct Asker {
  std::uint64_t address = 0;
  std::uint64_t name = 0;  // at this address
  bool known = false;      // the person of this name came in from this address lately
};

// A worker's place among those that hash or wait for it. Made and read under the lock of the gate,
// but for its state.
struct GatePlace {
  enum class State : std::uint8_t { none, waiting, hashing, displaced };
  std::atomic<State> state{State::none};
  Asker asker;
  std::int64_t since = 0;   // when it came, in monotonic microseconds
  std::int64_t worked = 0;  // what its thread had worked when it began to hash, in microseconds
};

// A hash takes 30 ms of a core, and a flood of logins must leave workers and cores for others. So
// half of the cores hash at a time, and at most half of the workers hash or wait, for two seconds
// at most. A quarter of the hashing is due to each address, and of that to each name at an address.
// Who has had more than a second in advance comes last, and while no worker is idle waits only for
// those who come later still; among the others, first whom the address is known of, then who had
// the least lately. Where all places are taken the last in this order gives way.
// Lives in memory that the pool's processes share.
class HashingGate {
 public:
  // How many hash at a time.
  static int count(int workers);

  // Whether there would be a place for this asker now, were they known.
  bool has_place(Scoreboard& board, Asker asker);
  // Waits until it is this worker's turn. False: there is no place, or somebody else needed it.
  bool take(Scoreboard& board, WorkerSlot& slot, const Asker& asker);
  // The turn is over; the processor time that it took is written down.
  void give_back(const Scoreboard& board, WorkerSlot& slot);

 private:
  // The smaller, the sooner.
  struct Rank {
    bool address_is_over = false, name_is_over = false, is_stranger = false;
    std::int64_t address_due_at = 0, name_due_at = 0, since = 0;
    auto operator<=>(const Rank&) const = default;
  };
  // How many hash and wait, and the first and last of those that wait, if any do.
  struct Queue;

  Rank rank(const Asker& asker, std::int64_t since) const;
  Queue look(Scoreboard& board) const;
  bool admits(const Scoreboard& board, const Queue& queue, const Rank& rank) const;
  bool enter(Scoreboard& board, WorkerSlot& slot, const Asker& asker);
  bool begin(Scoreboard& board, WorkerSlot& slot);

  SharedMutex mutex_;
  Debts addresses_, names_;
};

}  // namespace base
