// server/metrics.h — the pool's counters as Prometheus reads them.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "base/scoreboard.h"
#include "events/board.h"

namespace server {

// The counters in Prometheus' text exposition format 0.0.4. `routes` names the routes by their
// place; what is left out is the length of the queue where it is not known, and what streams there
// are where nothing holds them (nullptr).
std::string metrics_text(const base::Scoreboard& board, std::span<const std::string> routes,
                         const events::Board* events_board, std::optional<int> queue,
                         bool is_database_up);

}  // namespace server
