// tests/auth/password_test.cc — how many hash passwords at a time.
#include "auth/password.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

#include "base/crypto.h"

namespace {

struct Pool {
  static constexpr int workers = 256;  // half of them are more than the most turns
  base::Board& board = base::Board::make(workers);

  Pool() {
    for (int i = 0; i < workers; i++) board.slot(i).ready = true;
  }
  auth::Hasher worker(int i) { return {board, board.slot(i)}; }
  void hash_in(int some) {
    for (int i = 0; i < some; i++) board.slot(i).hashing = true;
  }
};

bool is_unavailable(const base::Error& error) { return error.code == base::Code::unavailable; }

BOOST_FIXTURE_TEST_SUITE(hashing, Pool)

BOOST_AUTO_TEST_CASE(a_second_password_waits_for_the_first) {
  for (auto& turn : board.hashing_turns) turn.lock();
  std::atomic<bool> first_is_done = false;
  auto second = std::async(std::launch::async, [&] {
    worker(0).hash("secret");
    return first_is_done.load();
  });
  while (board.hashing() == 0) std::this_thread::yield();
  BOOST_CHECK_NO_THROW(worker(1).expect_turn());
  for (int i = 0; i < 5; i++) base::hash_password("secret");  // longer than the second one's
  first_is_done = true;
  for (auto& turn : board.hashing_turns) turn.unlock();
  BOOST_TEST(second.get());
  BOOST_TEST(board.hashing() == 0);
}

BOOST_AUTO_TEST_CASE(half_of_the_workers_are_for_others) {
  auto next = worker(workers - 1);
  hash_in(workers / 2);
  BOOST_CHECK_EXCEPTION(next.expect_turn(), base::Error, is_unavailable);
  BOOST_CHECK_EXCEPTION(next.hash("secret"), base::Error, is_unavailable);
  board.slot(0).hashing = false;
  BOOST_CHECK_NO_THROW(next.expect_turn());
  BOOST_TEST(!next.hash("secret").empty());
}

BOOST_AUTO_TEST_CASE(none_waits_when_all_workers_are_busy) {
  auto next = worker(workers - 1);
  hash_in(workers / 2 - 1);
  BOOST_CHECK_NO_THROW(next.expect_turn());
  for (int i = 0; i < workers; i++) board.slot(i).busy_since = 1;
  BOOST_CHECK_EXCEPTION(next.expect_turn(), base::Error, is_unavailable);
  BOOST_CHECK_EXCEPTION(next.hash("secret"), base::Error, is_unavailable);
}

BOOST_AUTO_TEST_CASE(of_two_workers_one_hashes) {
  board.resize(2);
  board.slot(0).hashing = true;
  BOOST_CHECK_EXCEPTION(worker(1).hash("secret"), base::Error, is_unavailable);
  for (int i = 0; i < workers; i++) board.slot(i).busy_since = 1;
  BOOST_CHECK_EXCEPTION(worker(1).hash("secret"), base::Error, is_unavailable);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
