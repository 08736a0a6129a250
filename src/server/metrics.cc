// server/metrics.cc — see metrics.h.
#include "server/metrics.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/version.h"

namespace server {
namespace {

using base::WorkerSlot;

double seconds(std::uint64_t micros) { return static_cast<double>(micros) / 1e6; }

// The text, family by family.
class Exposition {
 public:
  void header(std::string_view name, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP partywall_{0} {2}\n# TYPE partywall_{0} {1}\n", name, type, help);
  }
  // `labels` in braces, or "".
  void sample(std::string_view name, std::string_view labels, auto value) {
    text_ += fmt::format("partywall_{}{} {}\n", name, labels, value);
  }
  void counter(std::string_view name, std::string_view help, auto value) {
    header(name, "counter", help);
    sample(name, "", value);
  }
  void gauge(std::string_view name, std::string_view help, auto value) {
    header(name, "gauge", help);
    sample(name, "", value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void requests(Exposition& out, const base::Scoreboard& board, std::span<const std::string> routes) {
  constexpr auto& statuses = base::counted_statuses;
  out.header("requests_total", "counter", "Requests answered, by route and status.");
  for (std::size_t route = 0; route < base::max_routes; route++)
    for (std::size_t status = 0; status <= statuses.size(); status++) {
      std::uint64_t count = 0;
      for (const auto& slot : board.slots()) count += slot.responses[route][status];
      if (count == 0) continue;
      const auto labels = fmt::format(
          "{{route=\"{}\",status=\"{}\"}}", route < routes.size() ? routes[route] : "other",
          status < statuses.size() ? std::to_string(statuses[status]) : "other");
      out.sample("requests_total", labels, count);
    }
}

void durations(Exposition& out, const base::Scoreboard& board) {
  constexpr auto& bounds = base::latency_bounds;
  out.header("request_duration_seconds", "histogram",
             "Time from the request's arrival to its answer.");
  std::uint64_t below = 0;
  for (std::size_t i = 0; i <= bounds.size(); i++) {
    for (const auto& slot : board.slots()) below += slot.latency[i];
    const auto bound = i < bounds.size() ? fmt::format("{}", seconds(bounds[i])) : "+Inf";
    out.sample("request_duration_seconds_bucket", fmt::format("{{le=\"{}\"}}", bound), below);
  }
  out.sample("request_duration_seconds_sum", "", seconds(board.sum(&WorkerSlot::latency_micros)));
  out.sample("request_duration_seconds_count", "", below);
}

// Of `partywall events` on this host.
void streams(Exposition& out, const events::Board* board, std::uint64_t dropped) {
  const bool is_up = board && board->hears(base::boottime_micros());
  out.gauge("events_up", "Whether the process that holds streams hears of changes: 1, else 0.",
            is_up ? 1 : 0);
  out.counter("changes_dropped_total", "Changes that it was not told of at once.", dropped);
  if (!board) return;
  out.gauge("streams", "Streams of events that are held.", board->streams.load());
  for (const auto& [name, what, counter] : events::Board::counters)
    out.counter(fmt::format("{}_total", name), what, (board->*counter).load());
}

}  // namespace

std::string metrics_text(const base::Scoreboard& board, std::span<const std::string> routes,
                         const events::Board* events_board, std::optional<int> queue,
                         bool is_database_up) {
  Exposition out;
  out.header("build_info", "gauge", "1, with the version of the program that runs.");
  out.sample("build_info", fmt::format("{{version=\"{}\"}}", base::version), 1);
  out.gauge("database_up",
            "Whether the database answers, has this program's schema and takes writes: 1, else 0.",
            is_database_up ? 1 : 0);
  requests(out, board, routes);
  durations(out, board);
  out.counter("queue_seconds_total", "Time that requests waited for a worker.",
              seconds(board.sum(&WorkerSlot::queued_micros)));
  out.counter("requests_abandoned_total", "Requests whose client was gone before they began.",
              board.sum(&WorkerSlot::abandoned));
  out.counter("requests_crowded_total",
              "Requests refused because their company held too much of the pool.",
              board.sum(&WorkerSlot::crowded));
  out.counter("password_hashes_total", "Passwords hashed, to keep or to compare.",
              board.sum(&WorkerSlot::hashes));
  out.counter("wrong_passwords_total", "Logins and the like with a wrong name or password.",
              board.sum(&WorkerSlot::wrong_passwords));
  out.counter("callers_known_total", "Reading requests whose caller was remembered.",
              board.sum(&WorkerSlot::callers_known));
  out.counter("callers_asked_total",
              "Reading requests for which the database was asked whose credential it is.",
              board.sum(&WorkerSlot::callers_asked));
  out.counter("database_statements_total", "Statements sent to the database.",
              board.sum(&WorkerSlot::statements));
  out.counter("database_seconds_total", "Time spent waiting for the database.",
              seconds(board.sum(&WorkerSlot::statement_micros)));
  out.counter("database_connects_total", "Connections opened to the database.",
              board.sum(&WorkerSlot::connects));
  out.counter("database_deadlocks_total", "Transactions that lost against another one.",
              board.sum(&WorkerSlot::deadlocks));
  out.counter("worker_restarts_total", "Workers replaced after they died.", board.restarts.load());
  out.gauge("workers", "Workers configured.", board.workers());
  out.gauge("workers_idle", "Workers that wait for a request.", board.idle());
  out.gauge("workers_busy", "Workers with a request under way.", board.busy());
  if (queue) out.gauge("queue_length", "Connections that wait for a worker.", *queue);
  streams(out, events_board, board.sum(&WorkerSlot::dropped));
  return out.take();
}

}  // namespace server
