// server/worker.h — one process of the pool: accepts, serves, one request at a time.
#pragma once
#include "base/config.h"
#include "base/scoreboard.h"

namespace server {

// Serves until SIGTERM; a request that is under way then is finished. `listener` is a non-blocking
// listening socket that all workers share. Answers the process's exit status.
int run_worker(const base::Config& config, int listener, base::Scoreboard& board,
               base::WorkerSlot& slot);

}  // namespace server
