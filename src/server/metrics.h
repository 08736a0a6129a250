// server/metrics.h — the pool's counters as Prometheus reads them.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "base/scoreboard.h"

namespace server {

// The counters in Prometheus' text exposition format 0.0.4. `routes` names the routes by their
// place; the length of the queue is left out where it is not known.
std::string metrics_text(const base::Scoreboard& board, std::span<const std::string> routes,
                         std::optional<int> queue, bool is_database_up);

}  // namespace server
