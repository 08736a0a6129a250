// tests/base/clock_test.cc — printing and parsing moments.
#include "base/clock.h"

#include <boost/test/unit_test.hpp>

namespace {

using base::Time;

// 2018-10-17T06:05:27.123456Z
constexpr Time moment{1'539'756'327'123'456};

// What is parsed, printed again; "refused" when it is not.
std::string iso(std::string_view text) {
  const auto time = Time::parse_iso(text);
  return time ? time->iso() : "refused";
}

std::string sql(std::string_view text) {
  const auto time = Time::parse_sql(text);
  return time ? time->sql() : "refused";
}

BOOST_AUTO_TEST_SUITE(time)

BOOST_AUTO_TEST_CASE(prints_each_form) {
  BOOST_TEST(moment.iso() == "2018-10-17T06:05:27.123456Z");
  BOOST_TEST(moment.sql() == "2018-10-17 06:05:27.123456");
  BOOST_TEST(moment.http() == "Wed, 17 Oct 2018 06:05:27 GMT");
  BOOST_TEST(Time{0}.iso() == "1970-01-01T00:00:00.000000Z");
  BOOST_TEST(Time{-1}.iso() == "1969-12-31T23:59:59.999999Z");
  BOOST_TEST(Time::lowest().sql() == "1000-01-01 00:00:00.000000");
  BOOST_TEST(Time::highest().sql() == "9999-12-31 23:59:59.999999");
}

BOOST_AUTO_TEST_CASE(parses_what_it_prints) {
  for (const auto time : {moment, Time{0}, Time{-1}, Time::lowest(), Time::highest()}) {
    BOOST_TEST((Time::parse_iso(time.iso()) == time));
    BOOST_TEST((Time::parse_sql(time.sql()) == time));
  }
}

BOOST_AUTO_TEST_CASE(parses_iso_as_django_does) {
  BOOST_TEST(iso("2018-10-17T06:05") == "2018-10-17T06:05:00.000000Z");
  BOOST_TEST(iso("2018-10-17 06:05:27") == "2018-10-17T06:05:27.000000Z");
  BOOST_TEST(iso("2018-10-17T06:05:27.5Z") == "2018-10-17T06:05:27.500000Z");
  BOOST_TEST(iso("2018-10-17T06:05:27.1234567") == "2018-10-17T06:05:27.123456Z");
  BOOST_TEST(iso("2018-1-7T6:05") == "2018-01-07T06:05:00.000000Z");
}

BOOST_AUTO_TEST_CASE(zones_lead_to_utc) {
  BOOST_TEST(iso("2018-10-17T06:05:27+02:00") == "2018-10-17T04:05:27.000000Z");
  BOOST_TEST(iso("2018-10-17T06:05:27-0330") == "2018-10-17T09:35:27.000000Z");
  BOOST_TEST(iso("2018-10-17T00:05+01") == "2018-10-16T23:05:00.000000Z");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_date_time) {
  for (const auto* text : {"",
                           "2018-10-17",
                           "yesterday",
                           "2018-10-17T",
                           "2018-10-17T06",
                           "2018-13-01T00:00",
                           "2018-02-29T00:00",
                           "2018-10-17T24:00",
                           "2018-10-17T06:60",
                           "2018-10-17T06:05:60",
                           "2018-10-17T06:05:27.",
                           "2018-10-17T06:05:27ZZ",
                           "2018-10-17T06:05:27+",
                           "2018-10-17T06:05:27+25:00",
                           "18-10-17T06:05",
                           "2018/10/17T06:05",
                           " 2018-10-17T06:05",
                           "0000-01-01T00:00",
                           "2018-10-17T06:05:27Z\n",
                           "99999-01-01T00:00",
                           "-2018-10-17T06:05"})
    BOOST_TEST(iso(text) == "refused", text);
  BOOST_TEST(iso("2020-02-29T00:00") == "2020-02-29T00:00:00.000000Z");
}

BOOST_AUTO_TEST_CASE(a_parsed_moment_fits_the_column) {
  BOOST_TEST((Time::parse_iso("0001-01-01T00:00") == Time::lowest()));
  BOOST_TEST((Time::parse_iso("9999-12-31T23:59:59-23:59") == Time::highest()));
}

BOOST_AUTO_TEST_CASE(parses_the_fractions_of_the_database) {
  BOOST_TEST(sql("2018-10-17 06:05:27") == "2018-10-17 06:05:27.000000");
  BOOST_TEST(sql("2018-10-17 06:05:27.1") == "2018-10-17 06:05:27.100000");
  BOOST_TEST(sql("2018-10-17T06:05:27") == "refused");
  BOOST_TEST(sql("2018-10-17 06:05:27Z") == "refused");
  BOOST_TEST(sql("2018-10-17 6:05:27") == "refused");
  BOOST_TEST(sql("0000-00-00 00:00:00") == "refused");
}

BOOST_AUTO_TEST_CASE(each_call_of_now_is_later_than_the_last) {
  auto last = Time::now();
  BOOST_TEST((last > moment));
  for (int i = 0; i < 10'000; i++) {
    const auto now = Time::now();
    BOOST_REQUIRE((now > last));
    last = now;
  }
}

BOOST_AUTO_TEST_CASE(adds_seconds) {
  BOOST_TEST(moment.plus_seconds(33).iso() == "2018-10-17T06:06:00.123456Z");
  BOOST_TEST(moment.plus_seconds(-28).iso() == "2018-10-17T06:04:59.123456Z");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
