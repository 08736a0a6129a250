// auth/caller_memory.h — what one worker may answer of a caller without asking the database.
#pragma once
#include <cstdint>
#include <optional>

#include "auth/known_callers.h"
#include "base/clock.h"
#include "base/scoreboard.h"
#include "db/marks.h"

namespace auth {

class CallerMemory {
 public:
  // All is lent for the lifetime. `clock` is for tests, which need not wait then.
  CallerMemory(KnownCallers& known, const db::Marks& marks, base::WorkerSlot& slot,
               std::int64_t (*clock)() = base::boottime_micros)
      : known_(known), marks_(marks), slot_(slot), clock_(clock) {}

  // One look for a credential, which the row that is then asked for may answer as well.
  class Search {
   public:
    // `memory` may be nullptr: then nobody is remembered.
    Search(CallerMemory* memory, const Credential& credential);
    // Fills the principal of the credential's company. False: the database is to be asked.
    bool fill(Principal& principal);
    // The database has answered, outside any transaction; the credential ends then by itself. Not
    // kept when that took a second, or a right of the company was changed meanwhile.
    void keep(const Principal& principal, base::Time ends_at);

   private:
    CallerMemory* memory_;
    std::optional<db::Marks::Generations> generations_;  // nullopt: under a mark
    KnownCallers::Entry entry_;
  };

 private:
  KnownCallers& known_;
  const db::Marks& marks_;
  base::WorkerSlot& slot_;
  std::int64_t (*const clock_)();
};

}  // namespace auth
