// tests/app/audit_list_test.cc — the audit of a company, for its admins.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

namespace {

using support::at;
using support::text_at;

constexpr std::string_view audit_url = "/api/v2/accounts/audit/";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audit_list, support::TwoCompanies)

BOOST_AUTO_TEST_CASE(says_who_did_what_about_whom_when_and_from_where_the_newest_first) {
  a.admin.client.remote_address = "192.0.2.7";
  a.admin.client.request_id = "feedfacefeedfacefeedfacefeedface";
  BOOST_REQUIRE_EQUAL(a.admin.client.patch(a.staff.url(), R"({"role":"admin"})").status, 200);
  const auto list = a.admin.client.get(audit_url);
  BOOST_REQUIRE_EQUAL(list.status, 200);
  BOOST_TEST(text_at(list, "items.0.event") == "user.role");
  BOOST_TEST(text_at(list, "items.0.actor.username") == a.admin.username);
  BOOST_TEST(text_at(list, "items.0.actor_name") == a.admin.username);
  BOOST_TEST(text_at(list, "items.0.user.username") == a.staff.username);
  BOOST_TEST(text_at(list, "items.0.detail") == "staff to admin");
  BOOST_TEST(text_at(list, "items.0.address") == "192.0.2.7");
  BOOST_TEST(text_at(list, "items.0.request_id") == "feedfacefeedfacefeedfacefeedface");
  BOOST_TEST(list.body.find(b.admin.username) == std::string::npos);
}

// Who joins b stays in a: what they do in one acts in the other, too.
BOOST_AUTO_TEST_CASE(says_not_from_where_what_was_done_in_another_company) {
  const auto invitation = b.admin.client.post("/api/v2/accounts/invitations/", "{}");
  const auto accept =
      fmt::format(R"({{"token":"{}","password":"Bade-9175-Decaf!","current_password":"{}"}})",
                  text_at(invitation, "token"), support::password);
  BOOST_REQUIRE_EQUAL(a.staff.client.post("/api/v2/auth/invitation/accept/", accept).status, 201);
  a.staff.client.remote_address = "192.0.2.9";
  a.staff.client.request_id = "feedfacefeedfacefeedfacefeedface";
  const auto name = support::unique_name("new");
  BOOST_REQUIRE_EQUAL(a.staff.client
                          .patch("/api/v2/accounts/users/" + a.staff.id.text(),
                                 fmt::format(R"({{"username":"{}"}})", name))
                          .status,
                      200);
  const auto here = a.admin.client.get(fmt::format("{}?event=user.rename", audit_url));
  const auto there = b.admin.client.get(fmt::format("{}?event=user.rename", audit_url));
  BOOST_TEST(text_at(here, "items.0.address") == "192.0.2.9");
  BOOST_TEST(text_at(there, "items.0.actor.username") == name);
  BOOST_TEST(text_at(there, "items.0.address").empty());
  BOOST_TEST(text_at(there, "items.0.request_id").empty());
}

BOOST_AUTO_TEST_CASE(is_for_admins_alone) {
  BOOST_TEST(a.staff.client.get(audit_url).status == 403);
  BOOST_TEST(support::Client(service).get(audit_url).status == 401);
}

BOOST_AUTO_TEST_CASE(is_narrowed_by_event_and_by_people_named_by_id_or_URL) {
  BOOST_REQUIRE_EQUAL(a.admin.client.patch(a.staff.url(), R"({"role":"admin"})").status, 200);
  const auto count = [&](const std::string& query) {
    const auto answer = a.admin.client.get(fmt::format("{}?{}", audit_url, query));
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    return at(answer, "items").items.size();
  };
  BOOST_TEST(count("event=user.role") == 1u);
  BOOST_TEST(count("event=user.") == 3u);  // two were created
  BOOST_TEST(count("event=user.role&user=" + a.staff.id.text()) == 1u);
  BOOST_TEST(count("event=user.role&user=/api/v2/accounts/users/" + a.staff.id.text()) == 1u);
  BOOST_TEST(count("event=user.role&user=" + a.other.id.text()) == 0u);
  BOOST_TEST(count("event=user.role&actor=" + a.admin.id.text()) == 1u);
  BOOST_TEST(a.admin.client.get(fmt::format("{}?user=nobody", audit_url)).status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
