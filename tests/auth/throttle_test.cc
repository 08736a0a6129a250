// tests/auth/throttle_test.cc — how often somebody may try, by name, by address and by credential.
#include "auth/throttle.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using auth::Throttle;
using base::Uuid;

struct Tries {
  db::Connection db{support::config()};
  support::RawSql raw{support::config()};
  const Uuid person = Uuid::make(base::Time::now());
  const std::string name = support::unique_name("name"), here = support::unique_name("address");

  Throttle login(std::string_view who, std::string_view from) {
    return Throttle::for_login(db, who, from, person);
  }
  // Seconds to wait; 0: none, and the try counts as a wrong one.
  int fail(Throttle throttle) {
    const int wait = seconds_to_wait(throttle);
    if (wait == 0) throttle.failed();
    return wait;
  }
  int seconds_to_wait(Throttle throttle) {
    try {
      throttle.check();
      return 0;
    } catch (const base::Error& error) {
      BOOST_TEST((error.code == base::Code::too_many_requests));
      return error.retry_after_seconds;
    }
  }
  void succeed(Throttle throttle) {
    throttle.check();
    throttle.succeeded();
  }
  // Seconds to wait; 0: none, and the code counts as a wrong one.
  int try_code(const Uuid& whose) {
    try {
      Throttle::check_codes(db, whose);
      Throttle::count_wrong_code(db, whose);
      return 0;
    } catch (const base::Error& error) {
      return error.retry_after_seconds;
    }
  }
  int sign_up(std::string_view from) {
    try {
      auth::Throttle::count_signup(db, from, 3);
      return 0;
    } catch (const base::Error& error) {
      return error.retry_after_seconds;
    }
  }
  // As if all that was counted and noted had been so long ago.
  void pass(std::string_view interval) {
    for (const auto* column :
         {"throttles SET started_at = started_at", "known_addresses SET last_at = last_at"})
      BOOST_TEST_REQUIRE(raw.execute(fmt::format("UPDATE {} - INTERVAL {}", column, interval)) ==
                         0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(throttle, Tries)

BOOST_AUTO_TEST_CASE(a_name_has_five_tries_at_an_address_within_five_minutes) {
  for (int i = 0; i < 5; i++) BOOST_TEST(fail(login(name, here)) == 0);
  const int wait = fail(login(name, here));
  BOOST_TEST(wait > 0);
  BOOST_TEST(wait <= 300);
  BOOST_TEST(fail(login(support::unique_name("name"), here)) == 0);
  BOOST_TEST(fail(login(name, support::unique_name("address"))) == 0);
}

BOOST_AUTO_TEST_CASE(a_name_has_fifty_tries_wherever_they_are_made) {
  for (int i = 0; i < 50; i++)
    BOOST_TEST(fail(login(name, fmt::format("{} {}", here, i / 5))) == 0);
  BOOST_TEST(seconds_to_wait(login(name, support::unique_name("address"))) > 0);
  BOOST_TEST(seconds_to_wait(login(support::unique_name("name"), here)) == 0);
}

BOOST_AUTO_TEST_CASE(where_a_person_came_in_lately_what_is_tried_elsewhere_keeps_nobody_out) {
  succeed(login(name, here));
  for (int i = 0; i < 50; i++) fail(login(name, fmt::format("{} {}", here, i / 5)));
  BOOST_TEST(seconds_to_wait(login(name, here)) == 0);
  BOOST_TEST(seconds_to_wait(login(name, support::unique_name("address"))) > 0);
  // That somebody else came in there is no such thing.
  const auto other = Throttle::for_login(db, name, here, Uuid::make(base::Time::now()));
  BOOST_TEST(seconds_to_wait(other) > 0);
}

BOOST_AUTO_TEST_CASE(a_person_is_known_at_an_address_for_thirty_days) {
  const auto is_known = [&] {
    auto throttle = login(name, here);
    throttle.check();
    return throttle.is_known();
  };
  BOOST_TEST(!is_known());
  succeed(login(name, here));
  BOOST_TEST(is_known());
  pass("29 DAY");
  BOOST_TEST(is_known());
  succeed(login(name, here));  // the date is a new one
  pass("29 DAY");
  BOOST_TEST(is_known());
  pass("1 DAY");
  BOOST_TEST(!is_known());
}

BOOST_AUTO_TEST_CASE(an_address_has_a_hundred_tries_at_any_names) {
  for (int i = 0; i < 100; i++) BOOST_TEST(fail(login(fmt::format("{} {}", name, i), here)) == 0);
  BOOST_TEST(seconds_to_wait(login(name, here)) > 0);
  BOOST_TEST(seconds_to_wait(login(name, support::unique_name("address"))) == 0);
}

BOOST_AUTO_TEST_CASE(a_success_forgets_the_tries_of_the_name_there_and_no_others) {
  for (int round = 0; round < 6; round++) {
    const auto place = fmt::format("{} {}", here, round);
    for (int i = 0; i < 4; i++) BOOST_TEST(fail(login(name, place)) == 0);
    succeed(login(name, place));
    for (int i = 0; i < 5; i++) BOOST_TEST(fail(login(name, place)) == 0);
    BOOST_TEST(fail(login(name, place)) > 0);
  }
  BOOST_TEST(seconds_to_wait(login(name, support::unique_name("address"))) > 0);
}

BOOST_AUTO_TEST_CASE(after_five_minutes_the_count_begins_anew) {
  for (int i = 0; i < 5; i++) fail(login(name, here));
  pass("280 SECOND");
  const int wait = seconds_to_wait(login(name, here));
  BOOST_TEST(wait > 0);
  BOOST_TEST(wait <= 21);
  pass("21 SECOND");
  for (int i = 0; i < 5; i++) BOOST_TEST(fail(login(name, here)) == 0);
  BOOST_TEST(fail(login(name, here)) > 0);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_makes_no_throttle_longer) {
  for (int i = 0; i < 5; i++) fail(login(name, here));
  pass("-1 HOUR");
  BOOST_TEST(fail(login(name, here)) == 0);
}

BOOST_AUTO_TEST_CASE(a_credential_has_five_tries_of_its_own) {
  const auto credential = [&](std::string_view which) {
    return Throttle::for_credential(db, which, here, person);
  };
  for (int i = 0; i < 5; i++) BOOST_TEST(fail(credential(name)) == 0);
  BOOST_TEST(fail(credential(name)) > 0);
  BOOST_TEST(fail(credential(support::unique_name("credential"))) == 0);
  BOOST_TEST(fail(login(name, here)) == 0);
}

BOOST_AUTO_TEST_CASE(a_person_has_ten_wrong_codes_a_day_and_a_right_one_ends_the_count) {
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 10; i++) BOOST_TEST(try_code(person) == 0);
    const int wait = try_code(person);
    BOOST_TEST(wait > 86000);
    BOOST_TEST(wait <= 86400);
    if (round == 0) Throttle::forget_wrong_codes(db, person);
  }
  BOOST_TEST(try_code(Uuid::make(base::Time::now())) == 0);
  BOOST_TEST(fail(login(name, here)) == 0);
  pass("86390 SECOND");
  BOOST_TEST(try_code(person) > 0);
  pass("10 SECOND");
  BOOST_TEST(try_code(person) == 0);
}

BOOST_AUTO_TEST_CASE(sign_ups_are_counted_for_an_hour_and_for_a_whole_network_of_ipv6) {
  const auto network = fmt::format("2001:db8:{:x}:{:x}", person.bytes[14] << 8 | person.bytes[15],
                                   person.bytes[12] << 8 | person.bytes[13]);
  for (const auto* host : {"::1", "::2", "::ffff:1"}) BOOST_TEST(sign_up(network + host) == 0);
  const int wait = sign_up(network + "::4");
  BOOST_TEST(wait > 3000);
  BOOST_TEST(wait <= 3600);
  BOOST_TEST(sign_up(here) == 0);
  pass("1 HOUR");
  BOOST_TEST(sign_up(network + "::4") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
