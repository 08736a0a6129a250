// tests/base/fairness_test.cc — who has had more of the pool than is due.
#include "base/fairness.h"

#include <boost/test/unit_test.hpp>

#include "base/clock.h"

namespace {

constexpr int workers = 8;  // two of them are due to each company
constexpr std::uint64_t noisy = 1, quiet = 2;
constexpr std::int64_t millisecond = 1000, second = 1'000'000;

struct Pool {
  base::Fairness fairness;

  void charge(std::uint64_t company, int requests) {
    for (int i = 0; i < requests; i++) fairness.charge(company, 10 * millisecond, workers);
  }
};

BOOST_FIXTURE_TEST_SUITE(shares_of_the_pool, Pool)

BOOST_AUTO_TEST_CASE(a_company_is_over_its_share_by_what_its_requests_took) {
  charge(noisy, 400);
  charge(quiet, 1);
  BOOST_TEST(fairness.is_over(noisy, 0, workers));
  BOOST_TEST(!fairness.is_over(quiet, 0, workers));
}

BOOST_AUTO_TEST_CASE(what_its_requests_hold_now_counts_as_well) {
  BOOST_TEST(!fairness.is_over(noisy, 100 * millisecond, workers));
  BOOST_TEST(fairness.is_over(noisy, 4 * second, workers));
}

// Passwords of several people hashed at once, and their pages: 900 ms ahead.
BOOST_AUTO_TEST_CASE(what_a_few_people_ask_for_at_once_is_no_noise) {
  for (int i = 0; i < 14; i++) fairness.charge(noisy, 100 * millisecond, workers);
  BOOST_TEST(!fairness.is_over(noisy, 400 * millisecond, workers));
}

BOOST_AUTO_TEST_CASE(one_slow_request_is_no_noise) {
  fairness.charge(noisy, 60 * second, workers);
  BOOST_TEST(!fairness.is_over(noisy, 0, workers));
}

BOOST_AUTO_TEST_CASE(one_request_after_another_is_no_noise) {
  for (const int few : {1, 2}) {
    const auto start = base::monotonic_micros();
    for (auto last = start; last < start + 1100 * millisecond;) {
      const auto now = base::monotonic_micros();
      fairness.charge(noisy, now - last, few);
      last = now;
    }
    BOOST_TEST(!fairness.is_over(noisy, 0, few));
  }
}

BOOST_AUTO_TEST_CASE(a_share_comes_back_with_time) {
  charge(noisy, 10'000);  // all but two seconds of it are forgotten
  BOOST_TEST(fairness.is_over(noisy, 0, workers));
  while (fairness.is_over(noisy, 0, workers)) {
  }
}

BOOST_AUTO_TEST_CASE(many_companies_do_not_hide_the_one_that_is_over) {
  charge(noisy, 400);
  for (std::uint64_t company = 2; company < 1000; company++)
    fairness.charge(company, 1 * millisecond, workers);
  BOOST_TEST(fairness.is_over(noisy, 0, workers));
  for (std::uint64_t company = 2; company < 1000; company++)
    BOOST_TEST(!fairness.is_over(company, 0, workers));
}

BOOST_AUTO_TEST_CASE(a_company_is_alone_until_there_is_another) {
  charge(noisy, 2);
  BOOST_TEST(!fairness.has_others(noisy));
  BOOST_TEST(fairness.has_others(quiet));
  charge(quiet, 1);
  BOOST_TEST(fairness.has_others(noisy));
  charge(noisy, 2);
  BOOST_TEST(fairness.has_others(noisy));
}

BOOST_AUTO_TEST_CASE(a_company_is_alone_again_when_the_others_requests_have_aged) {
  charge(quiet, 1);
  do {
    charge(noisy, 1);  // also when it never stops to ask
  } while (fairness.has_others(noisy));
  charge(noisy, 1);
  BOOST_TEST(!fairness.has_others(noisy));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
