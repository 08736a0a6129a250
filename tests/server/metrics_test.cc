// tests/server/metrics_test.cc — the pool's counters as Prometheus reads them.
#include "server/metrics.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <vector>

namespace {

struct Pool {
  base::Scoreboard& board = base::Scoreboard::make(3);
  const std::vector<std::string> routes{"/a", "/b"};

  std::string text(std::optional<int> queue = 4, bool is_database_up = true) {
    return server::metrics_text(board, routes, nullptr, queue, is_database_up);
  }
  bool has(const std::string& line) { return text().find("\n" + line + "\n") != std::string::npos; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(metrics, Pool)

BOOST_AUTO_TEST_CASE(every_sample_follows_the_head_of_its_family) {
  std::istringstream lines(text());
  std::string line, family;
  for (int number = 1; std::getline(lines, line); number++) {
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      BOOST_TEST_REQUIRE(std::getline(lines, line).good());
      BOOST_TEST(line.starts_with("# TYPE " + family + " "), line);
    } else {
      BOOST_TEST(line.starts_with(family), "line " << number << ": " << line);
    }
  }
}

BOOST_AUTO_TEST_CASE(answers_are_summed_over_the_workers_by_route_and_status) {
  base::count_response(board.slot(0), 0, 200);
  base::count_response(board.slot(2), 0, 200);
  base::count_response(board.slot(1), 1, 404);
  base::count_response(board.slot(1), 1, 299);          // a status of no counter
  base::count_response(board.slot(1), 1'000'000, 404);  // no route
  BOOST_TEST(has(R"(partywall_requests_total{route="/a",status="200"} 2)"));
  BOOST_TEST(has(R"(partywall_requests_total{route="/b",status="404"} 1)"));
  BOOST_TEST(has(R"(partywall_requests_total{route="/b",status="other"} 1)"));
  BOOST_TEST(has(R"(partywall_requests_total{route="other",status="404"} 1)"));
  BOOST_TEST(text().find(R"(status="500")") == std::string::npos);  // what is 0 takes no line
}

BOOST_AUTO_TEST_CASE(the_buckets_of_durations_hold_what_is_below_them) {
  board.slot(0).latency[0] += 5;
  board.slot(1).latency[1] += 2;
  board.slot(1).latency[base::latency_bounds.size()] += 1;
  board.slot(2).latency_micros += 1'500'000;
  BOOST_TEST(has(R"(partywall_request_duration_seconds_bucket{le="0.001"} 5)"));
  BOOST_TEST(has(R"(partywall_request_duration_seconds_bucket{le="0.0025"} 7)"));
  BOOST_TEST(has(R"(partywall_request_duration_seconds_bucket{le="5"} 7)"));
  BOOST_TEST(has(R"(partywall_request_duration_seconds_bucket{le="+Inf"} 8)"));
  BOOST_TEST(has("partywall_request_duration_seconds_sum 1.5"));
  BOOST_TEST(has("partywall_request_duration_seconds_count 8"));
}

BOOST_AUTO_TEST_CASE(each_counter_is_shown_under_its_own_name) {
  using Slot = base::WorkerSlot;
  const std::pair<base::Counter Slot::*, std::string> names[] = {
      {&Slot::abandoned, "requests_abandoned_total"},
      {&Slot::crowded, "requests_crowded_total"},
      {&Slot::hashes, "password_hashes_total"},
      {&Slot::wrong_passwords, "wrong_passwords_total"},
      {&Slot::statements, "database_statements_total"},
      {&Slot::connects, "database_connects_total"},
      {&Slot::deadlocks, "database_deadlocks_total"}};
  std::uint64_t number = 11;
  for (const auto& [counter, name] : names) board.slot(1).*counter += number++;
  number = 11;
  for (const auto& [counter, name] : names)
    BOOST_TEST(has(fmt::format("partywall_{} {}", name, number++)), name);
  board.slot(0).queued_micros += 250'000;
  board.slot(0).statement_micros += 750'000;
  board.restarts += 3;
  BOOST_TEST(has("partywall_queue_seconds_total 0.25"));
  BOOST_TEST(has("partywall_database_seconds_total 0.75"));
  BOOST_TEST(has("partywall_worker_restarts_total 3"));
}

BOOST_AUTO_TEST_CASE(workers_are_idle_busy_or_not_there_yet) {
  board.slot(0).ready = board.slot(1).ready = true;
  board.slot(1).busy_since = 1;
  BOOST_TEST(has("partywall_workers 3"));
  BOOST_TEST(has("partywall_workers_idle 1"));
  BOOST_TEST(has("partywall_workers_busy 1"));
}

BOOST_AUTO_TEST_CASE(the_queue_is_left_out_where_it_is_not_known) {
  BOOST_TEST(has("partywall_queue_length 4"));
  BOOST_TEST(text(std::nullopt).find("queue_length") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_database_is_up_or_not) {
  BOOST_TEST(has("partywall_database_up 1"));
  BOOST_TEST(text(4, false).find("\npartywall_database_up 0\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
