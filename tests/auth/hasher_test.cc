// tests/auth/hasher_test.cc — what it takes to hash a password, and to verify one.
#include "auth/hasher.h"

#include <boost/test/unit_test.hpp>
#include <ctime>

#include "base/crypto.h"
#include "base/error.h"

namespace auth {

struct HasherForTest {
  static bool verify(Hasher& hasher, const std::string& stored, const Shown& shown) {
    return hasher.verify(stored, shown);
  }
  static void expect_turn(Hasher& hasher, const Shown& shown) { hasher.expect_turn(shown); }
};

}  // namespace auth

namespace {

constexpr std::string_view composed = "Gr\xc3\xbc\xc3\x9f-0483",
                           decomposed = "Gru\xcc\x88\xc3\x9f-0483";

struct OneWorker {
  base::Scoreboard& board = base::Scoreboard::make(1);
  auth::Hasher hasher{board, board.slot(0)};

  auth::Shown shown(std::string_view password) { return {"ann", "192.0.2.1", password, true}; }
  bool verify(const std::string& stored, std::string_view password) {
    return auth::HasherForTest::verify(hasher, stored, shown(password));
  }
  // In units of one hash.
  double cost(const std::string& stored, std::string_view password) {
    const auto ticks = [](auto work) {
      const auto before = std::clock();
      work();
      return static_cast<double>(std::clock() - before);
    };
    const auto one = ticks([] { base::hash_password("x"); });
    return ticks([&] { verify(stored, password); }) / one;
  }
};

bool is_unavailable(const base::Error& error) { return error.code == base::Code::unavailable; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hasher, OneWorker)

BOOST_AUTO_TEST_CASE(takes_a_password_however_its_letters_are_put_together) {
  for (const auto set : {composed, decomposed}) {
    const auto stored = hasher.hash(shown(set));
    BOOST_TEST(verify(stored, composed));
    BOOST_TEST(verify(stored, decomposed));
    BOOST_TEST(!verify(stored, "Gru\xc3\x9f-0483"));
  }
}

BOOST_AUTO_TEST_CASE(takes_a_password_that_was_hashed_as_it_was_typed) {
  const auto old = base::hash_password(decomposed);
  BOOST_TEST(verify(old, decomposed));
  BOOST_TEST(!verify(old, composed));
}

BOOST_AUTO_TEST_CASE(works_as_much_for_nobody_as_for_somebody) {
  const auto stored = hasher.hash(shown("secret"));
  for (const auto& hash : {std::string(), stored}) {
    BOOST_TEST(cost(hash, "wrong") > 0.5);
    BOOST_TEST(cost(hash, "wrong") < 1.6);
    BOOST_TEST(cost(hash, decomposed) > 1.5);
  }
}

BOOST_AUTO_TEST_CASE(hashes_nothing_that_is_too_long) {
  const std::string longest(1024, 'x'), too_long(1025, 'x');
  const auto stored = base::hash_password(too_long);
  BOOST_TEST(!verify(stored, too_long));
  BOOST_TEST(cost(stored, too_long) < 0.2);
  BOOST_TEST(cost("", too_long) < 0.2);
  BOOST_TEST(verify(base::hash_password(longest), longest));
}

BOOST_AUTO_TEST_CASE(hashes_what_was_right_a_moment_ago_no_second_time) {
  const auto stored = hasher.hash(shown("secret"));
  BOOST_TEST(verify(stored, "secret"));
  BOOST_TEST(cost(stored, "secret") < 0.2);
  BOOST_TEST(cost(stored, "wrong") > 0.5);
  BOOST_TEST(!verify(hasher.hash(shown("another")), "secret"));
}

BOOST_AUTO_TEST_CASE(does_without_a_turn_what_it_remembers_and_nothing_else) {
  const auto stored = hasher.hash(shown("secret"));
  BOOST_TEST(verify(stored, "secret"));
  board.resize(2);
  BOOST_TEST(board.hashing_gate.take(board, board.slot(1), {1, 1, true}));  // the only one
  BOOST_TEST(verify(stored, "secret"));
  BOOST_CHECK_EXCEPTION(verify(stored, "wrong"), base::Error, is_unavailable);
  BOOST_CHECK_NO_THROW(auth::HasherForTest::expect_turn(hasher, shown("secret")));
  BOOST_CHECK_NO_THROW(
      auth::HasherForTest::expect_turn(hasher, shown("wrong")));  // the same for both
  const auth::Shown elsewhere{"ann", "192.0.2.2", "secret", true};
  BOOST_CHECK_EXCEPTION(auth::HasherForTest::expect_turn(hasher, elsewhere), base::Error,
                        is_unavailable);
  BOOST_CHECK_EXCEPTION(hasher.hash(elsewhere), base::Error, is_unavailable);
}

BOOST_AUTO_TEST_SUITE_END()
