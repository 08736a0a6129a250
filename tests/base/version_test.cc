// tests/base/version_test.cc — releases, and which comes before which.
#include "base/version.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(version)

BOOST_AUTO_TEST_CASE(releases_follow_one_another_by_their_numbers) {
  for (const auto* later : {"0.6.1", "0.7.0", "0.10.0", "1.0.0", "10.0.0"}) {
    BOOST_TEST(base::is_older("0.6.0", later), later);
    BOOST_TEST(!base::is_older(later, "0.6.0"), later);
  }
  for (const auto* same : {"0.6.0", "0.6", "0.6.0-1", "0.6.0~rc1"}) {
    BOOST_TEST(!base::is_older("0.6.0", same), same);
    BOOST_TEST(!base::is_older(same, "0.6.0"), same);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_version_comes_before_all) {
  for (const auto* none : {"", "x", "v1", "99999999999999999999"})
    BOOST_TEST(base::is_older(none, "0.0.1"), none);
}

BOOST_AUTO_TEST_CASE(a_program_works_on_its_own_schema) {
  BOOST_TEST(!base::is_older(base::version, base::oldest_program));
  BOOST_TEST(!base::version.empty());
}

BOOST_AUTO_TEST_SUITE_END()
