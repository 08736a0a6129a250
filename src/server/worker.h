// server/worker.h — one process of the pool: accepts, serves, one request at a time.
#pragma once
#include "auth/known_callers.h"
#include "base/config.h"
#include "base/scoreboard.h"
#include "db/marks.h"

namespace server {

// What the processes of a pool share.
struct Pool {
  base::Scoreboard& board;
  db::Marks& marks;
  auth::KnownCallers& callers;
};

// Serves until SIGTERM; a request that is under way then is finished. `listener` is a non-blocking
// listening socket that all workers share; `number` is the worker's place among them. Answers the
// process's exit status.
int run_worker(const base::Config& config, int listener, const Pool& pool, int number);

}  // namespace server
