// tests/events/door_test.cc — which tickets open a stream, and which do not any more.
#include "events/door.h"

#include <boost/test/unit_test.hpp>

#include "base/clock.h"

namespace {

using base::Uuid;
using events::Door;
using events::Ticket;
using What = db::Change::What;

constexpr std::int64_t second = 1'000'000, now = 1000 * second;

Uuid new_id() { return Uuid::make(base::Time::now()); }

struct OneDoor {
  Door door{0};
  const Uuid company = new_id(), user = new_id();

  Ticket ticket(std::int64_t asked_at = now) const {
    return {.id = new_id(),
            .asked_at = asked_at,
            .ends_at = asked_at + 3600 * second,
            .person = new_id(),
            .place = {company, user},
            .login = "login"};
  }
  db::Change ending(What what, std::string login = "login") const {
    return {.what = what, .user_id = user, .login = std::move(login), .company_id = company};
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(door, OneDoor)

BOOST_AUTO_TEST_CASE(opens_once_for_each_ticket) {
  const auto one = ticket();
  BOOST_TEST(door.opens(one, now));
  BOOST_TEST(!door.opens(one, now));
  BOOST_TEST(!door.opens(one, now + 10 * second));
  BOOST_TEST(door.opens(ticket(), now));
}

BOOST_AUTO_TEST_CASE(opens_for_ten_seconds_and_not_before_they_began) {
  BOOST_TEST(door.opens(ticket(now - 10 * second), now));
  BOOST_TEST(!door.opens(ticket(now - 10 * second - 1), now));
  BOOST_TEST(!door.opens(ticket(now + 1), now));
}

BOOST_AUTO_TEST_CASE(does_not_open_for_what_has_ended_by_itself) {
  auto one = ticket();
  one.ends_at = now;
  BOOST_TEST(!door.opens(one, now));
}

BOOST_AUTO_TEST_CASE(does_not_open_for_what_ended_after_it_was_asked_for) {
  for (const auto what : {What::login, What::user, What::company}) {
    Door each{0};
    each.note(ending(what), now);
    BOOST_TEST(!each.opens(ticket(now - 1), now));
    BOOST_TEST(!each.opens(ticket(now), now));
    BOOST_TEST(each.opens(ticket(now + 1), now + 1));
  }
}

BOOST_AUTO_TEST_CASE(does_not_open_for_who_would_be_told_of_a_company_that_they_have_left) {
  auto one = ticket(now - 1);
  one.elsewhere = {{new_id(), new_id()}};
  door.note({.what = What::user,
             .user_id = one.elsewhere[0].user_id,
             .company_id = one.elsewhere[0].company_id},
            now);
  BOOST_TEST(!door.opens(one, now));
}

BOOST_AUTO_TEST_CASE(goes_by_the_last_of_several_endings) {
  door.note(ending(What::user), now - 5 * second);
  door.note(ending(What::user), now);
  BOOST_TEST(!door.opens(ticket(now - second), now));
}

BOOST_AUTO_TEST_CASE(opens_for_others_than_those_whose_right_has_ended) {
  door.note(ending(What::login, "another login"), now);
  door.note({.what = What::user, .user_id = new_id(), .company_id = company}, now);
  door.note({.what = What::user, .user_id = user, .company_id = new_id()}, now);
  door.note({.what = What::company, .company_id = new_id()}, now);
  BOOST_TEST(door.opens(ticket(now - 1), now));
}

BOOST_AUTO_TEST_CASE(remembers_an_ending_for_longer_than_any_ticket_is_good) {
  door.note(ending(What::company), now);
  const auto later = now + Ticket::good_micros;
  door.note({.what = What::company, .company_id = new_id()}, later);  // old ones are forgotten
  BOOST_TEST(!door.opens(ticket(now), later));
  static_assert(Door::remembered_micros > 2 * Ticket::good_micros);
}

BOOST_AUTO_TEST_CASE(opens_for_nobody_of_before_when_there_were_more_endings_than_it_remembers) {
  for (std::size_t i = 0; i <= Door::most_remembered; i++)
    door.note({.what = What::user, .user_id = new_id(), .company_id = company}, now);
  BOOST_TEST(!door.opens(ticket(now), now));
  BOOST_TEST(door.opens(ticket(now + 1), now + 1));
}

BOOST_AUTO_TEST_CASE(opens_for_no_ticket_that_was_asked_for_before_it_heard_of_endings) {
  Door later{now};
  BOOST_TEST(!later.opens(ticket(now), now));
  BOOST_TEST(later.opens(ticket(now + 1), now + 1));
}

BOOST_AUTO_TEST_SUITE_END()
