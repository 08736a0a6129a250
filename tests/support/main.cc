// tests/support/main.cc — the main function of the unit tests, which Boost.Test makes.
#define BOOST_TEST_MODULE partywall
#include <boost/test/unit_test.hpp>
