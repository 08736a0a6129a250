// tests/events/remembered_test.cc — what was noted lately, bounded by time and number.
#include "events/remembered.h"

#include <boost/test/unit_test.hpp>

using events::Remembered;

BOOST_AUTO_TEST_SUITE(remembered)

BOOST_AUTO_TEST_CASE(is_each_once_until_its_time_is_over) {
  Remembered few(10, 100);
  BOOST_TEST(few.note("a", 1));
  BOOST_TEST(!few.note("a", 11));
  BOOST_TEST(few.moment("a") == 11);
  BOOST_TEST(few.note("b", 22));  // and what is old is forgotten
  BOOST_TEST(few.moment("a") == 0);
  BOOST_TEST(few.pushed_out_at() == 0);
}

BOOST_AUTO_TEST_CASE(is_forgotten_before_its_time_where_there_is_more_and_says_so) {
  Remembered few(10, 2);
  for (int i = 1; i <= 3; i++) few.note(std::to_string(i), i);
  BOOST_TEST(few.moment("1") == 0);
  BOOST_TEST(few.moment("2") == 2);
  BOOST_TEST(few.pushed_out_at() == 1);
}

BOOST_AUTO_TEST_CASE(keeps_what_was_noted_again_when_its_first_time_is_pushed_out) {
  Remembered few(10, 2);
  few.note("a", 1);
  few.note("a", 2);
  few.note("b", 3);
  BOOST_TEST(few.moment("a") == 2);
}

BOOST_AUTO_TEST_SUITE_END()
