// server/status.h — the pool as `partywall status` shows it, from outside.
#pragma once
#include <string>

#include "base/config.h"

namespace server {

// Where a pool keeps its counters: beside its socket.
std::string board_path(const base::Config& config);

// The pool, its workers and whether its database is up, for people or as JSON. Throws
// std::runtime_error when no pool of this version runs with this configuration.
std::string describe_pool(const base::Config& config, bool as_json);

}  // namespace server
