// server/master.h — keeps the pool of workers alive.
#pragma once
#include <string>

#include "base/config.h"

namespace server {

// Opens the socket or takes the one that systemd hands over, forks the workers and replaces the
// ones that die, until SIGTERM or SIGINT; then the workers finish what is under way. SIGHUP reads
// the configuration again and replaces the workers one by one, and no request fails; a
// configuration that is broken changes nothing, and the log says why. systemd is told of all this
// (Type=notify). Answers the process's exit status. Throws std::runtime_error when it cannot start.
int run_master(const std::string& config_path, const base::Config& config);

}  // namespace server
