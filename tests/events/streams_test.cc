// tests/events/streams_test.cc — whose streams a change wakes or ends, and how many there may be.
#include "events/streams.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "base/clock.h"

namespace {

using base::Uuid;
using events::Place;
using events::Streams;
using What = db::Change::What;

Uuid new_id() { return Uuid::make(base::Time::now()); }

struct Several {
  Streams streams{100};
  const Place ann{new_id(), new_id()}, bob{ann.company_id, new_id()}, eve{new_id(), new_id()};

  Streams::Id begin(const Place& place, const std::string& login = "login",
                    std::vector<Place> elsewhere = {}) {
    return streams
        .add({.person = place.user_id, .place = place, .login = login, .elsewhere = elsewhere})
        .id;
  }
  std::set<std::pair<Streams::Id, int>> woken(const Place& user, const Uuid& other) const {
    std::set<std::pair<Streams::Id, int>> all;
    auto change = db::messages_changed(user.user_id, other);
    change.company_id = user.company_id;
    for (const auto& [id, topic] : streams.woken_by(change)) all.insert({id, topic});
    return all;
  }
  std::set<Streams::Id> ended(const db::Change& ending) const {
    const auto all = streams.ended_by(ending);
    return {all.begin(), all.end()};
  }
  static db::Change of(const Place& place, What what, std::string login = {}) {
    return {.what = what, .user_id = place.user_id, .login = login, .company_id = place.company_id};
  }
};

using Woken = std::set<std::pair<Streams::Id, int>>;
using Ids = std::set<Streams::Id>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(streams, Several)

BOOST_AUTO_TEST_CASE(of_the_two_who_write_are_woken_and_no_others) {
  const auto a = begin(ann), a2 = begin(ann), b = begin(bob);
  begin({ann.company_id, new_id()});
  begin(eve);
  BOOST_TEST((woken(ann, bob.user_id) ==
              Woken{{a, events::messages}, {a2, events::messages}, {b, events::messages}}));
}

BOOST_AUTO_TEST_CASE(are_not_woken_by_another_companys_change_that_names_the_same_user) {
  begin(ann);
  BOOST_TEST(woken({eve.company_id, ann.user_id}, ann.user_id).empty());
  BOOST_TEST(
      ended({.what = What::user, .user_id = ann.user_id, .company_id = eve.company_id}).empty());
}

BOOST_AUTO_TEST_CASE(of_a_person_say_that_something_changed_in_another_of_their_companies) {
  const auto id = begin(ann, "login", {eve});
  BOOST_TEST((woken(eve, new_id()) == Woken{{id, events::elsewhere}}));
  streams.remove(id);
  BOOST_TEST(woken(eve, new_id()).empty());
}

BOOST_AUTO_TEST_CASE(end_with_their_login_their_user_or_their_company) {
  const auto phone = begin(ann, "phone"), desk = begin(ann, "desk"), b = begin(bob);
  BOOST_TEST((ended(of(ann, What::login, "phone")) == Ids{phone}));
  BOOST_TEST((ended(of(ann, What::user)) == Ids{phone, desk}));
  BOOST_TEST((ended(of(ann, What::company)) == Ids{phone, desk, b}));
  BOOST_TEST(ended(db::messages_changed(ann.user_id, bob.user_id)).empty());
}

BOOST_AUTO_TEST_CASE(that_are_told_of_another_company_end_with_the_membership_there) {
  const auto there = begin(eve, "phone", {ann});
  BOOST_TEST((ended(of(ann, What::user)) == Ids{there}));
  BOOST_TEST((ended(of(ann, What::company)) == Ids{there}));
  BOOST_TEST(ended(of(ann, What::login, "phone")).empty());
  streams.remove(there);
  BOOST_TEST(ended(of(ann, What::company)).empty());
}

BOOST_AUTO_TEST_CASE(are_not_woken_by_what_ends_somebodys_right) {
  begin(ann, "phone");
  begin(eve, "desk", {ann});
  for (const auto what : {What::login, What::user, What::company})
    BOOST_TEST(streams.woken_by(of(ann, what, "another")).empty());
}

BOOST_AUTO_TEST_CASE(without_a_login_are_not_ended_by_messages) {
  begin(ann, "");
  BOOST_TEST(ended(of(ann, What::messages)).empty());
}

BOOST_AUTO_TEST_CASE(of_one_person_are_twenty_and_the_oldest_makes_room) {
  std::vector<Streams::Id> ids;
  for (std::size_t i = 0; i < Streams::most_of_person; i++) ids.push_back(begin(ann));
  const auto added = streams.add({.person = ann.user_id, .place = bob});
  BOOST_TEST(added.id != 0);
  BOOST_TEST(added.replaced == ids.front());
  BOOST_TEST(streams.size() == Streams::most_of_person);
}

BOOST_AUTO_TEST_CASE(of_one_company_may_be_all_while_nobody_else_wants_any) {
  for (int i = 0; i < 100; i++) BOOST_TEST(begin({ann.company_id, new_id()}) != 0);
  BOOST_TEST(begin({ann.company_id, new_id()}) == 0);
  BOOST_TEST(streams.size() == 100);
}

BOOST_AUTO_TEST_CASE(of_a_company_that_has_more_than_a_quarter_make_room_for_others_up_to_theirs) {
  const auto oldest = begin(ann);
  while (begin({ann.company_id, new_id()}) != 0) continue;
  for (int i = 0; i < 25; i++) {
    const auto place = Place{eve.company_id, new_id()};
    const auto added = streams.add({.person = place.user_id, .place = place});
    BOOST_TEST(added.id != 0);
    BOOST_TEST((i > 0 || added.made_room == oldest));
  }
  BOOST_TEST(begin({eve.company_id, new_id()}) == 0);
  BOOST_TEST(streams.size() == 100);
}

BOOST_AUTO_TEST_CASE(of_a_script_make_room_for_its_own_and_leave_the_browsers_alone) {
  const auto browser = begin(ann, "browser");
  const auto first = begin(ann, "script");
  for (std::size_t i = 2; i < Streams::most_of_person; i++) begin(ann, "script");
  const auto added = streams.add({.person = ann.user_id, .place = ann, .login = "script"});
  BOOST_TEST(added.replaced == first);
  BOOST_TEST(ended(of(ann, What::login, "browser")).count(browser) == 1U);
}

BOOST_AUTO_TEST_CASE(of_four_companies_that_have_them_all_make_room_for_a_fifth) {
  for (int company = 0; company < 4; company++) {
    const auto id = new_id();
    for (int i = 0; i < 25; i++) begin({id, new_id()});
  }
  for (int i = 0; i < 19; i++) BOOST_TEST(begin({eve.company_id, new_id()}) != 0);
  BOOST_TEST(streams.size() == 100);
}

BOOST_AUTO_TEST_CASE(leave_nothing_behind) {
  for (int i = 0; i < 3; i++) {
    const auto id = begin(ann, "login", {eve});
    streams.remove(id);
    streams.remove(id);
  }
  BOOST_TEST(streams.size() == 0);
  BOOST_TEST(woken(ann, bob.user_id).empty());
}

BOOST_AUTO_TEST_SUITE_END()
