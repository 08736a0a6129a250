// tests/auth/password_test.cc — how many hash passwords at a time.
#include "auth/password.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

#include "base/crypto.h"

namespace {

struct Pool {
  static constexpr int workers = 4;
  base::Board& board = base::Board::make(workers);

  auth::Hasher worker(int i) { return {board, board.slot(i)}; }
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
  board.slot(0).hashing = board.slot(1).hashing = true;
  auto third = worker(2);
  BOOST_CHECK_EXCEPTION(third.expect_turn(), base::Error, is_unavailable);
  BOOST_CHECK_EXCEPTION(third.hash("secret"), base::Error, is_unavailable);
  BOOST_CHECK_EXCEPTION(third.verify("", "secret"), base::Error, is_unavailable);
  board.slot(1).hashing = false;
  BOOST_CHECK_NO_THROW(third.expect_turn());
  BOOST_TEST(!third.hash("secret").empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
