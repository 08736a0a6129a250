// server/master.h — keeps the pool of workers alive.
#pragma once
#include "base/config.h"

namespace server {

// Opens the socket, forks the workers and replaces the ones that die, until SIGTERM or SIGINT; then
// the workers finish what is under way. SIGHUP replaces the workers one by one, and no request
// fails. Answers the process's exit status. Throws std::runtime_error when it cannot start.
int run_master(const std::string& config_path, const base::Config& config);

}  // namespace server
