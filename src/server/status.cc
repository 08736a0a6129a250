// server/status.cc — see status.h.
#include "server/status.h"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/scoreboard.h"
#include "db/health.h"
#include "events/board.h"
#include "http/json.h"
#include "server/queue.h"

namespace server {
namespace {

std::uint64_t answers_of(const base::WorkerSlot& slot) {
  std::uint64_t count = 0;
  for (const auto& each : slot.latency) count += each;
  return count;
}

std::string_view state_of(const base::WorkerSlot& slot) {
  if (!slot.ready) return "starting";
  return slot.busy_since == 0 ? "idle" : "busy";
}

std::int64_t busy_millis(const base::WorkerSlot& slot) {
  const auto since = slot.busy_since.load();
  return since == 0 ? 0 : (base::monotonic_micros() - since) / 1000;
}

// What is one number for the whole pool, in the order in which it is shown.
std::vector<std::pair<std::string_view, std::int64_t>> numbers(const base::Scoreboard& board,
                                                               const base::Config& config) {
  using base::WorkerSlot;
  std::int64_t answers = 0;
  for (const auto& slot : board.slots()) answers += static_cast<std::int64_t>(answers_of(slot));
  const auto sum = [&](auto counter) { return static_cast<std::int64_t>(board.sum(counter)); };
  return {{"master", board.master.load()},
          {"uptime_seconds", (base::Time::now().micros - board.started_at) / 1'000'000},
          {"workers", board.workers()},
          {"idle", board.idle()},
          {"busy", board.busy()},
          {"queue", queue_length(config.socket).value_or(-1)},
          {"requests", answers},
          {"abandoned", sum(&WorkerSlot::abandoned)},
          {"crowded", sum(&WorkerSlot::crowded)},
          {"wrong_passwords", sum(&WorkerSlot::wrong_passwords)},
          {"restarts", static_cast<std::int64_t>(board.restarts)},
          {"database_connects", sum(&WorkerSlot::connects)},
          {"database_deadlocks", sum(&WorkerSlot::deadlocks)},
          {"statements", sum(&WorkerSlot::statements)},
          {"changes_dropped", sum(&WorkerSlot::dropped)}};
}

// Of what holds the streams of events on this host; none where nothing does.
std::vector<std::pair<std::string_view, std::int64_t>> stream_numbers(const events::Board* board) {
  if (!board) return {};
  std::vector<std::pair<std::string_view, std::int64_t>> numbers = {{"streams", board->streams}};
  for (const auto& [name, what, counter] : events::Board::counters)
    numbers.emplace_back(name, static_cast<std::int64_t>(board->*counter));
  return numbers;
}

std::string_view state_of(const events::Board* board) {
  if (!board) return "missing";
  return board->hears(base::boottime_micros()) ? "up" : "not told of changes";
}

std::string as_text(const base::Scoreboard& board, const base::Config& config,
                    const db::Health& database, const events::Board* events_board) {
  std::string text;
  const auto line = [&](std::string_view name, std::string_view value) {
    text += fmt::format("{:19} {}\n", name, value);
  };
  line("database", to_text(database.state));
  if (!database.problem.empty()) line("database_problem", database.problem);
  for (const auto& [name, value] : numbers(board, config))
    line(name, value < 0 ? "unknown" : std::to_string(value));
  line("events", state_of(events_board));
  for (const auto& [name, value] : stream_numbers(events_board)) line(name, std::to_string(value));
  text += fmt::format("\n{:>7}  {:8}  {:>10}  {:>10}\n", "pid", "state", "requests", "busy ms");
  for (const auto& slot : board.slots()) {
    if (slot.pid == 0) continue;
    text += fmt::format("{:>7}  {:8}  {:>10}  {:>10}\n", slot.pid.load(), state_of(slot),
                        answers_of(slot), busy_millis(slot));
  }
  return text;
}

std::string as_json_text(const base::Scoreboard& board, const base::Config& config,
                         const db::Health& database, const events::Board* events_board) {
  http::JsonWriter json(2);
  json.begin_object();
  json.key("database");
  json.string(to_text(database.state));
  json.key("database_problem");
  database.problem.empty() ? json.null() : json.string(database.problem);
  for (const auto& [name, value] : numbers(board, config)) {
    json.key(name);
    value < 0 ? json.null() : json.integer(value);
  }
  json.key("events");
  json.string(state_of(events_board));
  for (const auto& [name, value] : stream_numbers(events_board)) {
    json.key(name);
    json.integer(value);
  }
  json.key("processes");
  json.begin_list();
  for (const auto& slot : board.slots()) {
    if (slot.pid == 0) continue;
    json.begin_object();
    json.key("pid");
    json.integer(slot.pid);
    json.key("state");
    json.string(state_of(slot));
    json.key("requests");
    json.integer(static_cast<std::int64_t>(answers_of(slot)));
    json.key("busy_ms");
    json.integer(busy_millis(slot));
    json.end_object();
  }
  json.end_list();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace

std::string board_path(const base::Config& config) {
  return std::filesystem::path(config.socket).replace_extension(".status");
}

std::string describe_pool(const base::Config& config, bool as_json) {
  const auto path = board_path(config);
  const auto& board = base::Scoreboard::open(path);
  auto database = db::look_at_database(config);
  if (database.state == db::Health::State::up && board.was_full_lately())
    database = {db::Health::State::not_ready, "it had no room for a write"};
  const auto events_board = events::Board::open(config.events_board());
  const auto describe = as_json ? as_json_text : as_text;
  return describe(board, config, database, events_board.get());
}

}  // namespace server
