// tests/auth/matches_test.cc — which passwords a worker remembers to have been right.
#include "auth/matches.h"

#include <boost/test/unit_test.hpp>

namespace {

constexpr auth::Shown ann{"ann", "192.0.2.1", "secret"};

auth::Shown from(std::string_view name, std::string_view address, std::string_view password) {
  return {name, address, password};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(matches)

BOOST_AUTO_TEST_CASE(are_remembered_with_all_that_they_are_of) {
  auth::Matches matches;
  BOOST_TEST(!matches.holds(ann, "hash"));
  matches.remember(ann, "hash");
  BOOST_TEST(matches.holds(ann, "hash"));
  BOOST_TEST(!matches.holds(ann, "another hash"));
  BOOST_TEST(!matches.holds(ann, ""));
  BOOST_TEST(!matches.holds(from("ann", "192.0.2.1", "secret "), "hash"));
  BOOST_TEST(!matches.holds(from("ann", "192.0.2.2", "secret"), "hash"));
  BOOST_TEST(!matches.holds(from("ann1", "92.0.2.1", "secret"), "hash"));
  BOOST_TEST(!matches.holds(from("bob", "192.0.2.1", "secret"), "hash"));
}

BOOST_AUTO_TEST_CASE(are_known_to_be_there_whatever_the_password) {
  auth::Matches matches;
  matches.remember(ann, "hash");
  BOOST_TEST(matches.holds_one_for(from("ann", "192.0.2.1", "wrong")));
  BOOST_TEST(!matches.holds_one_for(from("ann", "192.0.2.2", "secret")));
  BOOST_TEST(!matches.holds_one_for(from("bob", "192.0.2.1", "secret")));
}

BOOST_AUTO_TEST_CASE(give_way_to_newer_ones) {
  auth::Matches matches;
  matches.remember(ann, "hash");
  for (std::size_t i = 1; i < auth::Matches::most; i++) matches.remember(ann, std::to_string(i));
  BOOST_TEST(matches.holds(ann, "hash"));
  matches.remember(ann, "one more");
  BOOST_TEST(!matches.holds(ann, "hash"));
  BOOST_TEST(matches.holds(ann, "1"));
}

// A worker's memory is its own, and so is its key.
BOOST_AUTO_TEST_CASE(hold_nothing_in_clear_and_nothing_that_two_workers_share) {
  auth::Matches one, other;
  one.remember(ann, "a stored hash");
  other.remember(ann, "a stored hash");
  const std::string_view bytes(reinterpret_cast<const char*>(&one), sizeof one);
  for (const auto* text : {"ann", "secret", "192.0.2.1", "a stored hash"})
    BOOST_TEST(bytes.find(text) == bytes.npos);
  const std::string_view others(reinterpret_cast<const char*>(&other), sizeof other);
  BOOST_TEST(bytes.find(others.substr(sizeof(std::string), 32)) == bytes.npos);
}

BOOST_AUTO_TEST_SUITE_END()
