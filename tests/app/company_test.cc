// tests/app/company_test.cc — what a company says of itself: for how long it keeps its messages.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

namespace {

using support::text_at;

constexpr const char* url = "/api/v2/accounts/company";

struct Companies : support::TwoCompanies {
  auto keep(std::int64_t days) {
    return a.admin.client.patch(url, fmt::format(R"({{"messages_days":{}}})", days));
  }
  std::string kept_until() { return text_at(a.admin.client.get(url), "messages_kept_until"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(company, Companies)

BOOST_AUTO_TEST_CASE(keeps_messages_for_ever_until_an_admin_says_for_how_long) {
  BOOST_TEST(text_at(a.staff.client.get(url), "messages_days") == "0");
  BOOST_TEST(kept_until() == "");
  BOOST_TEST(keep(365).status == 200);
  BOOST_TEST(text_at(a.staff.client.get(url), "messages_days") == "365");
  BOOST_TEST(text_at(b.admin.client.get(url), "messages_days") == "0");
  BOOST_TEST(a.staff.client.patch(url, R"({"messages_days":1})").status == 403);
}

BOOST_AUTO_TEST_CASE(deletes_nothing_for_a_week_after_it_was_shortened) {
  keep(365);
  const auto week = base::Time::now().plus_seconds(7 * base::day_seconds).iso();
  const auto first = kept_until();
  BOOST_TEST(first.substr(0, 10) == week.substr(0, 10));
  keep(400);  // longer
  BOOST_TEST(kept_until() == first);
  keep(30);
  BOOST_TEST(kept_until() > first);
  keep(0);
  BOOST_TEST(kept_until() == "");
}

BOOST_AUTO_TEST_CASE(keeps_what_is_not_said) {
  keep(365);
  BOOST_TEST(a.admin.client.patch(url, R"({"name":"Acme"})").status == 200);
  const auto now = a.admin.client.get(url);
  BOOST_TEST(text_at(now, "name") == "Acme");
  BOOST_TEST(text_at(now, "messages_days") == "365");
}

BOOST_AUTO_TEST_CASE(keeps_no_messages_for_less_than_nothing_or_more_than_a_century) {
  BOOST_TEST(keep(-1).status == 400);
  BOOST_TEST(keep(36501).status == 400);
}

BOOST_AUTO_TEST_CASE(notes_who_changed_for_how_long_messages_are_kept) {
  keep(365);
  keep(365);
  const auto audit = a.admin.client.get("/api/v2/accounts/audit/?event=company.messages_days");
  BOOST_TEST(text_at(audit, "items.0.detail") == "0 to 365");
  BOOST_TEST(audit.body.find("365 to 365") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_nothing_of_it_in_version_1) {
  const auto shown = a.admin.client.get(support::company_url);
  BOOST_TEST(shown.body.find("messages_") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
