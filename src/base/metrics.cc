// base/metrics.cc — see metrics.h.
#include "base/metrics.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace base {

Board& Board::make(int workers) {
  void* memory =
      mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return *::new (memory) Board(workers);
}

void Board::resize(int workers) {
  workers_ = workers;
  slots_used_ = std::max(slots_used_.load(), workers);
}

bool Board::any_connected() const {
  return std::any_of(slots_.begin(), slots_.begin() + workers_,
                     [](const auto& slot) { return slot.ready && slot.connected; });
}

int Board::hashing() const {
  int count = 0;
  for (int i = 0; i < slots_used_; i++) count += slots_[static_cast<std::size_t>(i)].hashing;
  return count;
}

std::string Board::prometheus() const {
  const auto sum = [&](auto member) {
    std::uint64_t total = 0;
    for (int i = 0; i < slots_used_; i++) total += member(slots_[static_cast<std::size_t>(i)]);
    return total;
  };
  std::string text;
  const auto header = [&](std::string_view name, std::string_view type, std::string_view help) {
    text += fmt::format("# HELP partywall_{0} {2}\n# TYPE partywall_{0} {1}\n", name, type, help);
  };
  const auto single = [&](std::string_view name, std::string_view type, std::string_view help,
                          auto value) {
    header(name, type, help);
    text += fmt::format("partywall_{} {}\n", name, value);
  };

  header("responses_total", "counter", "Answers by class of status.");
  for (std::size_t digit = 2; digit < 6; digit++)
    text += fmt::format("partywall_responses_total{{class=\"{}xx\"}} {}\n", digit,
                        sum([&](const auto& slot) { return slot.responses[digit].load(); }));
  header("request_duration_seconds", "histogram", "Time from the request's arrival to its answer.");
  std::uint64_t below = 0;
  for (std::size_t i = 0; i <= latency_bounds.size(); i++) {
    below += sum([&](const auto& slot) { return slot.latency[i].load(); });
    const auto bound = i < latency_bounds.size()
                           ? fmt::format("{}", static_cast<double>(latency_bounds[i]) / 1e6)
                           : "+Inf";
    text +=
        fmt::format("partywall_request_duration_seconds_bucket{{le=\"{}\"}} {}\n", bound, below);
  }
  const auto seconds = [](std::uint64_t micros) { return static_cast<double>(micros) / 1e6; };
  text += fmt::format("partywall_request_duration_seconds_sum {}\n",
                      seconds(sum([](const auto& slot) { return slot.latency_micros.load(); })));
  text += fmt::format("partywall_request_duration_seconds_count {}\n", below);
  single("database_statements_total", "counter", "Statements sent to the database.",
         sum([](const auto& slot) { return slot.statements.load(); }));
  single("database_seconds_total", "counter", "Time spent waiting for the database.",
         seconds(sum([](const auto& slot) { return slot.statement_micros.load(); })));
  single("database_connects_total", "counter", "Connections opened to the database.",
         sum([](const auto& slot) { return slot.connects.load(); }));
  single("database_deadlocks_total", "counter", "Transactions that lost against another one.",
         sum([](const auto& slot) { return slot.deadlocks.load(); }));
  single("worker_restarts_total", "counter", "Workers replaced after they died.", restarts.load());
  single("workers", "gauge", "Workers configured.", workers());
  single("workers_busy", "gauge", "Workers with a request under way.",
         sum([](const auto& slot) { return std::uint64_t{slot.busy_since.load() != 0}; }));
  return text;
}

}  // namespace base
