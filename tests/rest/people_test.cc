// tests/rest/people_test.cc — people whom documents and requests of version 2 name.
#include "rest/people.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::at;
using support::header;
using support::text_at;

constexpr std::string_view messages = "/api/v2/user-messages/";

struct Named : support::TwoCompanies {
  support::Client& admin = a.admin.client;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(people_named, Named)

BOOST_AUTO_TEST_CASE(leave_the_tags_of_what_names_them_as_they_are) {
  const auto url = fmt::format("{}{}", messages, a.message.text());
  const auto tag = header(a.staff.client.get(url), "ETag");
  BOOST_REQUIRE_EQUAL(
      admin.patch(a.admin.url(), R"({"username":")" + support::unique_name("new") + R"("})").status,
      200);
  a.staff.client.headers["if-match"] = tag;
  BOOST_TEST(a.staff.client.send("PUT", url + "/read", "").status == 200);
}

BOOST_AUTO_TEST_CASE(are_named_by_an_id_or_a_URL_of_either_version) {
  const auto detail = [&](const std::string& url) {
    return text_at(admin.get("/api/v2" + url), "errors.0.detail");
  };
  BOOST_TEST(detail("/user-messages/?order=text") ==
             "\"text\" is not a valid choice. There are: date, -date.");
  BOOST_TEST(detail("/user-messages/?since=yesterday") == "Enter a time as 2026-11-27T10:00:00Z.");
  BOOST_TEST(detail("/user-messages/?with=kim") ==
             "Give an id, or a URL as /api/v2/accounts/users/….");
  for (const auto* prefix : {"", "/api/v1/accounts/users/", "/api/v2/accounts/users/"})
    BOOST_TEST(admin.get(fmt::format("{}?with={}{}", messages, prefix, a.staff.id.text())).status ==
               200);
  for (const auto* odd : {"http:", "https:", "urn:uuid:"})
    BOOST_TEST(admin.post(messages,
                          fmt::format(R"({{"to_user":"{}{}","text":"x"}})", odd, a.staff.id.text()))
                       .status == 400,
               odd);
}

BOOST_AUTO_TEST_CASE(are_asked_for_all_at_once) {
  support::RawSql raw(support::config());
  for (int i = 0; i < 20; i++) {
    auto other = support::hire(a, service);
    admin.post(messages, fmt::format(R"({{"to_user":"{}","text":"x"}})", other.id.text()));
  }
  const auto executed = [&] {
    return std::stol(raw.query("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'")[0][1]);
  };
  const auto before = executed();
  BOOST_TEST(at(admin.get(std::string(messages) + "?limit=100"), "items").items.size() == 21U);
  BOOST_TEST(executed() - before <= 4);  // who asks, the messages, and the people
}

BOOST_AUTO_TEST_SUITE_END()
