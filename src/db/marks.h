// db/marks.h — what tells a pool's processes that somebody's rights are being changed, so that none
// goes by what it remembers of them (auth/known_callers.h).
//
// Companies share 4,096 slots, and what names no company has one more, which is everybody's. A
// worker marks the slot before it sends the first statement that can change a right, and after the
// end of the transaction counts the slot's generation up and then takes its mark away. So whoever
//
//   1. finds no mark, and notes the generations;
//   2. reads a row;
//   3. finds no mark, and the same generations;
//   4. and finds both so again whenever the row is used,
//
// uses no row that was changed by a transaction whose end was known to anybody before step 4 began.
//
// A mark whose transaction may still come to its end by itself is left behind: of a worker that
// died, or had no answer to a COMMIT. The master takes it away when the database says that the
// connection is gone, or else after 30 s.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/shared_mutex.h"
#include "base/uuid.h"

namespace db {

// A connection as its server knows it.
struct SessionId {
  std::uint64_t server = 0;  // a digest of which server it is, and of the account
  std::uint64_t number = 0;  // 0: none that is known

  bool operator==(const SessionId&) const = default;
};

// Lives in memory that the pool's processes share. Each worker has a row of its own, by its number.
class Marks {
 public:
  static constexpr int most_rows = 1024;
  static constexpr std::size_t slots = 4096;
  static constexpr std::size_t everybody = slots;  // the slot of what names no company

  // Maps the memory; by the master, before it forks. Throws std::bad_alloc.
  static Marks& make();
  // There is a row for each of so many workers from now on; by the master, before it forks them.
  void make_rows(int count);

  static std::size_t slot_of(const base::Uuid& company_id);

  // ---- for whoever wants to use what is remembered ----

  struct Generations {
    std::uint64_t company = 0, everybody = 0;
    bool operator==(const Generations&) const = default;
  };
  // nullopt: the company is under a mark.
  std::optional<Generations> look(const base::Uuid& company_id) const;

  // ---- for the worker of the row ----

  // The worker has this connection now. To be told before anything is sent that needs a mark.
  void note_session(int row, const SessionId& session);
  void set(int row, std::size_t slot);
  // Counts up the generations of all slots that the row marks, and takes the marks away.
  void lift(int row);
  // Leaves the row's marks behind; also for the master, once the row's worker is dead.
  void leave(int row);

  // ---- for the master ----

  // A row's marks that were left behind.
  struct Left {
    int row = 0;
    std::uint64_t version = 0;  // another one when more were left since
    SessionId session;          // whose end is waited for; none: it is several, or not known
  };
  std::vector<Left> left() const;
  // For the process that asked the database: the session has ended.
  void note_end(const Left& left);
  // Takes away what waits for nothing any more. `now` is base::boottime_micros().
  void take_away_left(std::int64_t now);

 private:
  static constexpr std::size_t words = slots / 64 + 1;

  struct Bits {
    std::atomic<bool> any{false};  // what readers look at first: a bit may be set
    std::array<std::atomic<std::uint64_t>, words> word{};

    bool has(std::size_t slot) const;
    void set(std::size_t slot);
  };
  struct alignas(64) Row {
    Bits own;
    std::atomic<std::uint64_t> server{0}, number{0};  // the worker's session
    alignas(64) Bits left;
    std::atomic<std::uint64_t> version{0}, ended{0};
    std::atomic<std::uint64_t> left_server{0}, left_number{0};
    std::atomic<std::int64_t> left_since{0};
    base::SharedMutex mutex;  // of what is left
  };

  Marks() = default;
  Row& row(int number) { return memory()[number]; }
  const Row& row(int number) const { return const_cast<Marks*>(this)->memory()[number]; }
  Row* memory() { return reinterpret_cast<Row*>(this + 1); }
  bool is_marked(std::size_t slot) const;
  void lift(Bits& bits);

  alignas(64) std::atomic<int> rows_{0};
  std::array<std::atomic<std::uint64_t>, slots + 1> generations_{};
};

// One connection's side of it. A command has no pool around it: then only the time is noted.
class Marker {
 public:
  Marker() = default;
  // Lent for the lifetime; the row is this process's alone.
  Marker(Marks& marks, int row) : marks_(&marks), row_(row) {}

  bool in_pool() const { return marks_ != nullptr; }
  void note_session(const SessionId& session);
  // Before a statement that can change a right; nullptr: it names no company.
  void set(const base::Uuid* company_id);
  // The transaction, or the statement by itself, has ended, and nothing more will come of it.
  void lift();
  // Nobody knows how it ended.
  void leave();

  // When the last of these was (base::boottime_micros()); 0: never.
  std::int64_t changed_at() const { return changed_at_; }

 private:
  Marks* marks_ = nullptr;
  int row_ = 0;
  bool is_set_ = false;
  std::int64_t changed_at_ = 0;
};

}  // namespace db
