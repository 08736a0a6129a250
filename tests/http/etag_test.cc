// tests/http/etag_test.cc — entity tags and the headers that name them.
#include "http/etag.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(etag)

BOOST_AUTO_TEST_CASE(of_a_list_stands_for_its_form_alone) {
  const auto first = http::etag("", "[]");
  BOOST_TEST(first.size() == 34U);
  BOOST_TEST((first.front() == '"' && first.back() == '"'));
  BOOST_TEST(http::etag("", "[]") == first);
  BOOST_TEST(http::etag("", "[1]") != first);
}

BOOST_AUTO_TEST_CASE(of_a_thing_tells_its_state_from_its_form) {
  const auto narrow = http::etag("one", "{}");
  const auto wide = http::etag("one", "{ }");
  const auto other = http::etag("two", "{}");
  BOOST_TEST(narrow.size() == 67U);
  BOOST_TEST(http::if_match_names(narrow, wide));
  BOOST_TEST(!http::if_none_match_names(narrow, wide));
  BOOST_TEST(!http::if_match_names(narrow, other));
  BOOST_TEST(!http::if_none_match_names(narrow, other));
}

BOOST_AUTO_TEST_CASE(is_named_by_a_list_that_holds_it) {
  for (const auto* header : {"\"a.b\"", "*", " * ", "W/\"a.b\"", "\"b\", \"a.b\"",
                             " \"b\" ,W/\"a.b\"\t", ",, \"a.b\",", "\"x,y\",\"a.b\""}) {
    BOOST_TEST(http::if_match_names(header, "\"a.b\""), header);
    BOOST_TEST(http::if_none_match_names(header, "\"a.b\""), header);
  }
  for (const auto* header :
       {"", "\"b\"", "a.b", "\"A.b\"", ",", "w/\"a.b\"", "\"a.b\" x", "*, *", "\"a.b\", *",
        "*, \"a.b\"", "\"a.b", "a.b\"", "\"a.b\" \"a.b\"", "\"x, \"a.b\"", "W/ \"a.b\"",
        "W/W/\"a.b\"", "W/*", "\"a b\"", "\"a.b\", bare"}) {
    BOOST_TEST(!http::if_match_names(header, "\"a.b\""), header);
    BOOST_TEST(!http::if_none_match_names(header, "\"a.b\""), header);
  }
}

BOOST_AUTO_TEST_CASE(is_compared_in_time_that_grows_as_the_header_does) {
  std::string many;
  while (many.size() < 1 << 20) many += "\"x\" ,\t, W/\"y.z\",";
  BOOST_TEST(!http::if_match_names(many, "\"a.b\""));
  BOOST_TEST(http::if_none_match_names(many + "\"a.b\"", "\"a.b\""));
}

BOOST_AUTO_TEST_SUITE_END()
