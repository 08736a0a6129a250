// tests/admin/pace_test.cc — commands leave the machine to others for as long as they had it.
#include "admin/pace.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(pace)

BOOST_AUTO_TEST_CASE(rests_for_as_long_as_the_step_took) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds step{30};
  admin::Pace pace;
  for (int steps = 0; steps < 2; steps++) {
    std::this_thread::sleep_for(step);
    const auto began = Clock::now();
    pace.rest();
    BOOST_TEST((Clock::now() - began >= step));
  }
}

BOOST_AUTO_TEST_SUITE_END()
