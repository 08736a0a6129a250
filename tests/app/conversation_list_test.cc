// tests/app/conversation_list_test.cc — whom one has written with.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <vector>

#include "support/two_companies.h"

namespace {

using support::at;
using support::text_at;

struct Conversing : support::TwoCompanies {
  void say(support::Person& from, const support::Person& to, std::string_view text) {
    const auto json = fmt::format(R"({{"to_user":"{}","text":"{}"}})", to.id.text(), text);
    BOOST_REQUIRE_EQUAL(from.client.post("/api/v2/user-messages/", json).status, 201);
  }
  // The people of a list, page by page.
  static std::vector<std::string> people(support::Client& client, std::string url) {
    std::vector<std::string> names;
    while (!url.empty()) {
      const auto answer = client.get(url);
      BOOST_REQUIRE_EQUAL(answer.status, 200);
      for (const auto& item : at(answer, "items").items)
        names.push_back(item.find("person")->find("username")->text);
      url = text_at(answer, "next");
    }
    return names;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(conversation_list, Conversing)

BOOST_AUTO_TEST_CASE(has_a_row_a_person_the_newest_first_with_the_last_message_and_what_is_unread) {
  say(a.other, a.staff, "one");
  say(a.other, a.staff, "two");
  say(a.staff, a.admin, "three");
  const auto list = a.staff.client.get("/api/v2/conversations/");
  BOOST_REQUIRE_EQUAL(list.status, 200);
  BOOST_REQUIRE_EQUAL(at(list, "items").items.size(), 2u);
  BOOST_TEST(text_at(list, "items.0.person.username") == a.admin.username);
  BOOST_TEST(text_at(list, "items.0.last_from.username") == a.staff.username);
  BOOST_TEST(text_at(list, "items.0.excerpt") == "three");
  BOOST_TEST(text_at(list, "items.0.unread") == "1");  // the message of the fixture
  BOOST_TEST(text_at(list, "items.1.person.username") == a.other.username);
  BOOST_TEST(text_at(list, "items.1.excerpt") == "two");
  BOOST_TEST(text_at(list, "items.1.unread") == "2");
  const auto message = a.staff.client.get(text_at(list, "items.1.last_message"));
  BOOST_TEST(text_at(message, "text") == "two");
  BOOST_TEST(b.staff.client.get("/api/v2/conversations/").body.find("three") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(goes_on_page_by_page_and_has_those_who_have_left) {
  say(a.other, a.staff, "one");
  BOOST_TEST(people(a.staff.client, "/api/v2/conversations/?limit=1") ==
                 (std::vector{a.other.username, a.admin.username}),
             boost::test_tools::per_element());
  BOOST_REQUIRE_EQUAL(a.admin.client.remove(a.other.url()).status, 204);
  const auto list = a.staff.client.get("/api/v2/conversations/");
  BOOST_TEST(at(list, "items.0.person.removed").boolean);
}

BOOST_AUTO_TEST_CASE(shows_the_beginning_of_a_long_message) {
  say(a.other, a.staff, std::string(5000, 'x'));
  const auto list = a.staff.client.get("/api/v2/conversations/");
  BOOST_TEST(text_at(list, "items.0.excerpt") == std::string(200, 'x'));
}

BOOST_AUTO_TEST_SUITE_END()
