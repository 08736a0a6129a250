// tests/base/hashing_gate_test.cc — whose turn it is to hash a password.
#include "base/hashing_gate.h"

#include <boost/test/unit_test.hpp>
#include <future>
#include <map>
#include <thread>
#include <vector>

#include "base/scoreboard.h"

namespace {

using base::Asker;
using State = base::GatePlace::State;

// The workers of a pool are threads of this process. The first ones have the turns.
struct Pool {
  const int workers = 4 * static_cast<int>(std::thread::hardware_concurrency());
  base::Scoreboard& board = base::Scoreboard::make(workers);
  const int turns = base::HashingGate::count(workers);
  std::map<int, std::future<bool>> waiting;

  Pool() {
    for (int i = 0; i < workers; i++) board.slot(i).ready = true;
  }

  base::GatePlace& place(int worker) { return board.slot(worker).gate_place; }
  bool take(int worker, const Asker& asker) {
    return board.hashing_gate.take(board, board.slot(worker), asker);
  }
  void give_back(int worker) { board.hashing_gate.give_back(board, board.slot(worker)); }
  void take_all_turns(const Asker& asker = {1, 1, true}) {
    for (int i = 0; i < turns; i++) BOOST_TEST_REQUIRE(take(i, asker));
  }
  void occupy_all() {
    for (int i = 0; i < workers; i++) board.slot(i).busy_since = 1;
  }
  void wait(int worker, const Asker& asker) {
    waiting[worker] = std::async(std::launch::async, [=, this] { return take(worker, asker); });
    while (place(worker).state != State::waiting) std::this_thread::yield();
  }
  // Makes all wait, one after the other, and answers in which order their turns come.
  std::vector<int> order(const std::vector<Asker>& askers) {
    take_all_turns();
    for (const auto& asker : askers) wait(turns + static_cast<int>(waiting.size()), asker);
    std::vector<int> served;
    int last = 0;
    while (!waiting.empty()) {
      give_back(last);
      const auto has_turn = [&](const auto& each) {
        return place(each.first).state == State::hashing;
      };
      auto next = waiting.end();
      while (next == waiting.end()) next = std::find_if(waiting.begin(), waiting.end(), has_turn);
      BOOST_TEST(next->second.get());
      last = next->first;
      served.push_back(last - turns);
      waiting.erase(next);
    }
    for (int i = 1; i < turns; i++) give_back(i);
    give_back(last);
    return served;
  }
  // Makes somebody have had far more than is due to them.
  void indulge(const Asker& asker) {
    for (int i = 0; i < 20 * turns; i++) {
      BOOST_TEST_REQUIRE(take(0, asker));
      place(0).worked -= 1'000'000;
      give_back(0);
    }
  }
};

constexpr Asker ann{11, 111, true}, newcomer{12, 121, false};
constexpr Asker flood{21, 211, true}, neighbour{21, 212, true}, new_neighbour{21, 213, false};

using Order = std::vector<int>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(turns_to_hash, Pool)

BOOST_AUTO_TEST_CASE(go_to_those_whom_their_address_is_known_of_first) {
  BOOST_TEST((order({newcomer, ann}) == Order{1, 0}));
}

BOOST_AUTO_TEST_CASE(go_to_an_address_that_had_less_first_known_or_not) {
  indulge(flood);
  BOOST_TEST((order({neighbour, newcomer}) == Order{1, 0}));
}

BOOST_AUTO_TEST_CASE(go_within_an_address_to_the_name_that_had_less_first) {
  indulge(flood);
  BOOST_TEST((order({flood, new_neighbour}) == Order{1, 0}));
}

BOOST_AUTO_TEST_CASE(go_round_among_the_names_at_an_address) {
  BOOST_TEST((order({flood, flood, neighbour}) == Order{0, 2, 1}));
}

BOOST_AUTO_TEST_CASE(go_otherwise_to_those_who_came_first) {
  BOOST_TEST((order({neighbour, ann}) == Order{0, 1}));
}

BOOST_AUTO_TEST_CASE(leave_half_of_the_workers_for_others) {
  take_all_turns();
  for (int i = turns; i < workers / 2; i++) wait(i, newcomer);
  BOOST_TEST(!take(workers - 1, newcomer));
  BOOST_TEST((place(workers - 1).state == State::none));
  // Ann comes before them: the last one gives way.
  wait(workers - 1, ann);
  BOOST_TEST(!waiting[workers / 2 - 1].get());
  waiting.erase(workers / 2 - 1);
  give_back(0);
  BOOST_TEST(waiting[workers - 1].get());
  waiting.erase(workers - 1);
  board.slot(workers - 1).vacate();
  for (auto& [worker, each] : waiting) {
    BOOST_TEST(each.get());
    give_back(worker);
  }
}

BOOST_AUTO_TEST_CASE(are_not_waited_for_by_those_who_had_most_when_all_workers_are_busy) {
  indulge(flood);
  take_all_turns();
  BOOST_TEST(board.hashing_gate.has_place(board, flood));
  occupy_all();
  BOOST_TEST(!board.hashing_gate.has_place(board, flood));
  BOOST_TEST(!take(workers - 1, flood));
  BOOST_TEST(!take(workers - 1, new_neighbour));
  BOOST_TEST(board.hashing_gate.has_place(board, neighbour));  // its name has had nothing
  BOOST_TEST(board.hashing_gate.has_place(board, newcomer));
  give_back(0);
  BOOST_TEST(take(workers - 1, flood));
}

BOOST_AUTO_TEST_CASE(are_waited_for_by_those_who_had_much_while_others_have_them_who_had_more) {
  indulge(ann);
  indulge(flood);
  take_all_turns(flood);
  occupy_all();
  BOOST_TEST(board.hashing_gate.has_place(board, ann));
  BOOST_TEST(!board.hashing_gate.has_place(board, flood));
}

BOOST_AUTO_TEST_CASE(come_back_from_a_worker_that_died) {
  take_all_turns();
  board.slot(0).vacate();
  BOOST_TEST(take(turns, newcomer));
}

BOOST_AUTO_TEST_SUITE_END()
