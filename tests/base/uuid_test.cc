// tests/base/uuid_test.cc — ids: made in order, parsed strictly.
#include "base/uuid.h"

#include <boost/test/unit_test.hpp>
#include <set>
#include <stdexcept>

namespace {

using base::Uuid;

BOOST_AUTO_TEST_SUITE(uuid)

BOOST_AUTO_TEST_CASE(a_new_id_says_version_7_and_its_time) {
  const auto id = Uuid::make({1'645'557'742'000'000});  // RFC 9562, appendix A.6
  BOOST_TEST(id.text().substr(0, 15) == "017f22e2-79b0-7");
  for (int i = 0; i < 100; i++) {
    const auto text = Uuid::make(base::Time::now()).text();
    BOOST_TEST(text[14] == '7');
    BOOST_TEST(std::string("89ab").find(text[19]) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(ids_sort_as_their_times_do) {
  const base::Time start{1'700'000'000'000'000};
  auto last = Uuid::make(start);
  for (std::int64_t micros = 1; micros <= 2500; micros++) {
    const auto next = Uuid::make({start.micros + micros});
    BOOST_REQUIRE((last < next));
    BOOST_REQUIRE(last.text() < next.text());
    last = next;
  }
}

BOOST_AUTO_TEST_CASE(ids_of_one_moment_differ) {
  std::set<Uuid> ids;
  for (int i = 0; i < 1000; i++) ids.insert(Uuid::make({1'700'000'000'000'000}));
  BOOST_TEST(ids.size() == 1000U);
}

BOOST_AUTO_TEST_CASE(parses_what_it_prints) {
  const auto id = Uuid::make(base::Time::now());
  BOOST_TEST((Uuid::parse(id.text()) == id));
  BOOST_TEST((Uuid::parse("ffffffff-ffff-ffff-ffff-ffffffffffff") > id));
  BOOST_TEST((Uuid::parse("00000000-0000-0000-0000-000000000001") > Uuid::lowest()));
  BOOST_TEST(Uuid::parse("01234567-89ab-cdef-0123-456789abcdef")->text() ==
             "01234567-89ab-cdef-0123-456789abcdef");
}

BOOST_AUTO_TEST_CASE(is_read_in_either_case_where_a_client_may_send_it_so) {
  const auto id = Uuid::parse("01234567-89ab-cdef-0123-456789abcdef");
  BOOST_TEST((Uuid::parse_any_case("01234567-89AB-cdef-0123-456789ABCDEF") == id));
  BOOST_TEST(!Uuid::parse_any_case("01234567-89AB-cdef-0123-456789ABCDEG"));
}

BOOST_AUTO_TEST_CASE(refuses_every_other_spelling) {
  for (const auto* text : {
           "",
           "0123456789abcdef0123456789abcdef",
           "01234567-89AB-cdef-0123-456789abcdef",
           "{01234567-89ab-cdef-0123-456789abcdef}",
           "urn:uuid:01234567-89ab-cdef-0123-456789abcdef",
           "01234567-89ab-cdef-0123-456789abcde",
           "01234567-89ab-cdef-0123-456789abcdef0",
           "01234567-89ab-cdef-0123-456789abcdeg",
           "012345678-9ab-cdef-0123-456789abcdef",
           "01234567_89ab_cdef_0123_456789abcdef",
           " 1234567-89ab-cdef-0123-456789abcdef",
           "01234567-89ab-cdef-0123-456789abcd+f",
           "------------------------------------",
       })
    BOOST_TEST(!Uuid::parse(text), text);
}

BOOST_AUTO_TEST_CASE(takes_the_highest_id_but_not_the_one_that_says_no_value) {
  BOOST_TEST((Uuid::parse("ffffffff-ffff-ffff-ffff-ffffffffffff") == Uuid::highest()));
  BOOST_TEST(!Uuid::parse("00000000-0000-0000-0000-000000000000"));
}

BOOST_AUTO_TEST_CASE(keeps_the_16_bytes_of_a_column) {
  const std::string bytes("\0\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\xff", 16);
  const auto id = Uuid::from_bytes(bytes);
  BOOST_TEST(id.view() == bytes);
  BOOST_TEST(id.text() == "00010203-0405-0607-0809-0a0b0c0d0eff");
  BOOST_CHECK_THROW(Uuid::from_bytes(bytes.substr(1)), std::length_error);
  BOOST_CHECK_THROW(Uuid::from_bytes(bytes + "x"), std::length_error);
  BOOST_CHECK_THROW(Uuid::from_bytes(""), std::length_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
