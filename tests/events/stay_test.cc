// tests/events/stay_test.cc — how long a stream is held, and how soon one that was lost comes back.
#include "events/stay.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

constexpr std::int64_t minute = 60'000'000, begins = 123 * minute;
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
constexpr int many = 2000;

}  // namespace

BOOST_AUTO_TEST_SUITE(stay)

// Of ten equal parts between the bounds each has its share: 200 of 2,000, where 100 less or more
// come by chance in no run that anybody will see.
BOOST_AUTO_TEST_CASE(ends_between_five_and_ten_minutes_and_everywhere_between_alike) {
  events::Stay stay;
  std::vector<int> parts(10);
  for (int i = 0; i < many; i++) {
    const auto left = stay.ends_at(begins, never) - begins;
    BOOST_TEST_REQUIRE(left >= 5 * minute);
    BOOST_TEST_REQUIRE(left <= 10 * minute);
    parts[static_cast<std::size_t>(std::min<std::int64_t>((left - 5 * minute) * 2 / minute, 9))]++;
  }
  for (const auto part : parts) {
    BOOST_TEST(part > 100);
    BOOST_TEST(part < 300);
  }
}

BOOST_AUTO_TEST_CASE(never_outlives_what_the_client_came_with) {
  events::Stay stay;
  BOOST_TEST(stay.ends_at(begins, begins + minute) == begins + minute);
  for (int i = 0; i < many; i++)
    BOOST_TEST_REQUIRE(stay.ends_at(begins, begins + 7 * minute) <= begins + 7 * minute);
}

BOOST_AUTO_TEST_CASE(of_two_processes_that_start_together_is_not_the_same) {
  events::Stay one, other;
  bool differs = false;
  for (int i = 0; i < many && !differs; i++)
    differs = one.ends_at(begins, never) != other.ends_at(begins, never);
  BOOST_TEST(differs);
}

BOOST_AUTO_TEST_CASE(
    is_followed_by_a_return_within_one_to_five_seconds_which_is_not_always_the_same) {
  events::Stay stay;
  int least = std::numeric_limits<int>::max(), most = 0;
  for (int i = 0; i < many; i++) {
    const auto millis = stay.retry_millis();
    least = std::min(least, millis);
    most = std::max(most, millis);
  }
  BOOST_TEST(least >= 1000);
  BOOST_TEST(most <= 5000);
  BOOST_TEST(most - least > 2000);
}

BOOST_AUTO_TEST_SUITE_END()
