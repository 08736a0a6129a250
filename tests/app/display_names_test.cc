// tests/app/display_names_test.cc — what people are called for others to read.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

namespace {

using support::at;
using support::text_at;

constexpr std::string_view people = "/api/v2/accounts/users/";

struct DisplayNames : support::TwoCompanies {
  std::string url_of(const support::Person& person) const {
    return std::string(people) + person.id.text();
  }
  http::Response call(support::Person& who, const support::Person& whom, std::string_view name) {
    http::JsonWriter body;
    body.begin_object();
    body.key("display_name");
    body.string(name);
    body.end_object();
    return who.client.patch(url_of(whom), body.take());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(display_names, DisplayNames)

BOOST_AUTO_TEST_CASE(stand_beside_the_username_wherever_version_2_names_a_person) {
  BOOST_TEST(text_at(a.admin.client.get(url_of(a.staff)), "display_name").empty());
  const auto changed = call(a.staff, a.staff, "Zoë O’Neil-Müller (Dr.)");
  BOOST_TEST(changed.status == 200);
  BOOST_TEST(text_at(changed, "display_name") == "Zoë O’Neil-Müller (Dr.)");
  BOOST_TEST(text_at(changed, "username") == a.staff.username);
  a.staff.client.post("/api/v2/user-messages/",
                      fmt::format(R"({{"to_user":"{}","text":"x"}})", a.admin.id.text()));
  const auto message = a.admin.client.get("/api/v2/user-messages/?limit=1&order=-date");
  BOOST_TEST(text_at(message, "items.0.from_user.display_name") == "Zoë O’Neil-Müller (Dr.)");
  const auto noted = a.admin.client.get("/api/v2/accounts/audit/?event=user.display_name");
  BOOST_TEST(text_at(noted, "items.0.actor.display_name") == "Zoë O’Neil-Müller (Dr.)");
  const auto talks = a.admin.client.get("/api/v2/conversations/");
  BOOST_TEST(text_at(talks, "items.0.person.display_name") == "Zoë O’Neil-Müller (Dr.)");
  BOOST_TEST(text_at(talks, "items.0.person.username") == a.staff.username);
  BOOST_TEST(text_at(a.staff.client.get("/api/v2/auth/me"), "user.display_name") ==
             "Zoë O’Neil-Müller (Dr.)");
  // What a version has is what it had.
  BOOST_TEST(a.admin.client.get(a.staff.url()).body.find("display_name") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(are_changed_by_oneself_or_an_admin_and_the_change_is_noted) {
  BOOST_TEST(call(a.other, a.staff, "Kim").status == 403);
  BOOST_TEST(call(b.admin, a.staff, "Kim").status == 404);
  BOOST_TEST(call(a.admin, a.staff, "Kim").status == 200);
  BOOST_TEST(call(a.staff, a.staff, "").status == 200);
  const auto noted = a.admin.client.get("/api/v2/accounts/audit/?event=user.display_name");
  BOOST_TEST(text_at(noted, "items.0.detail") == "from Kim");
  BOOST_TEST(text_at(noted, "items.0.actor.username") == a.staff.username);
  BOOST_TEST(text_at(noted, "items.1.actor.username") == a.admin.username);
}

BOOST_AUTO_TEST_CASE(may_be_given_with_whoever_is_made_and_are_two_peoples_at_once) {
  for (int i = 0; i < 2; i++) {
    const auto made = a.admin.client.post(
        people, fmt::format(R"({{"username":"{}","password":"{}","display_name":"Kim Lee"}})",
                            support::unique_name("kim"), support::password));
    BOOST_TEST(made.status == 201);
    BOOST_TEST(text_at(made, "display_name") == "Kim Lee");
  }
  support::Client nobody(service);
  const auto founded = nobody.post(
      "/api/v2/accounts/",
      fmt::format(R"({{"company":{{"name":"Acme","address":"1 Main St"}},)"
                  R"("user":{{"username":"{}","password":"{}","display_name":"Kim Lee"}}}})",
                  support::unique_name("kim"), support::password));
  BOOST_TEST(text_at(founded, "user.display_name") == "Kim Lee");
}

BOOST_AUTO_TEST_CASE(are_one_a_company) {
  const auto invitation = b.admin.client.post("/api/v2/accounts/invitations/", "{}");
  const auto joined = a.staff.client.post(
      "/api/v2/auth/invitation/accept/",
      fmt::format(R"({{"token":"{}","display_name":"Guest","password":"Bade-9175-Decaf!",)"
                  R"("current_password":"{}"}})",
                  text_at(invitation, "token"), support::password));
  BOOST_TEST(joined.status == 201);
  BOOST_TEST(text_at(joined, "user.display_name") == "Guest");
  BOOST_TEST(text_at(a.admin.client.get(url_of(a.staff)), "display_name").empty());
}

BOOST_AUTO_TEST_CASE(find_people_in_any_case_as_usernames_do) {
  BOOST_TEST(call(a.staff, a.staff, "Jörg Großmann").status == 200);
  const auto found = [&](std::string_view q) {
    const auto answer = a.admin.client.get(fmt::format("{}?q={}", people, q));
    BOOST_TEST(answer.status == 200);
    std::string names;
    for (const auto& row : at(answer, "items").items)
      names += (names.empty() ? "" : " ") + row.find("username")->text;
    return names;
  };
  BOOST_TEST(found("GROSSMANN") == a.staff.username);
  BOOST_TEST(found("gro%C3%9Fm") == a.staff.username);
  BOOST_TEST(found(a.other.username.substr(2)) == a.other.username);
  BOOST_TEST(found(b.other.username).empty());
  BOOST_TEST(found("%25").empty());
  BOOST_TEST(found("") ==
             fmt::format("{} {} {}", a.admin.username, a.staff.username, a.other.username));
  BOOST_TEST(found("%EF%BC%AA%C3%B6rg") == a.staff.username);  // as some keyboards write it
  // Of several who fit, one a page, and on all pages together each once.
  std::string names, expected, next = std::string(people) + "?limit=1&q=a";
  while (!next.empty()) {
    const auto page = a.admin.client.get(next);
    for (const auto& row : at(page, "items").items) names += row.find("username")->text + " ";
    BOOST_TEST(at(page, "items").items.size() <= 1U);
    next = text_at(page, "next");
  }
  for (const auto& row : at(a.admin.client.get(std::string(people) + "?q=a"), "items").items)
    expected += row.find("username")->text + " ";
  BOOST_TEST(names == expected);
}

BOOST_AUTO_TEST_CASE(hold_nothing_that_hides_or_turns_what_stands_beside_them) {
  const auto is_taken = [&](std::string_view name) {
    const auto answer = call(a.staff, a.staff, name);
    if (answer.status != 200) BOOST_TEST(text_at(answer, "errors.0.field") == "display_name");
    return answer.status == 200;
  };
  for (const auto* good : {"Zoe", "d'Arc, Jr.", "李小龙", "Nguyễn Văn A", "प्रिया", "สมชาย", "محمد",
                           "Ana·Lia_2", "Z\u0301\u0301\u0301\u0301oe"})
    BOOST_TEST(is_taken(good), good);
  for (const auto* bad :
       {"Zoe\u202eeno",   "Zoe\u2066", "\u200fZoe",  "Zoe\u200b",
        "\u3164",         "Zo\u00ade", "Zoe\u2800",  "Zo\x01",
        "Zoe\n(admin)",   "Zoe <b>",   "Zoe@acme",   "zoe/ann",
        "Zoe \U0001f600", "\u0301Zoe", "Zoe \u0301", "Zo\u0301\u0301\u0301\u0301\u0301\u0301e",
        "Zoe \u2705",     "Zoe\ufe0f", "\U00013441", "Zoe\U00013442",
        "Zoe\u2d7f"})
    BOOST_TEST(!is_taken(bad), bad);
  BOOST_TEST(text_at(call(a.staff, a.staff, " \u3000Zoe\u00a0 "), "display_name") == "Zoe");
  BOOST_TEST(is_taken(std::string(100, 'a')));
  BOOST_TEST(!is_taken(std::string(101, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()
