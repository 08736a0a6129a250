// tests/app/api_tokens_test.cc — what a script's token cannot do, whatever its user's role.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

namespace {

using support::Client;
using support::text_at;

struct ApiTokens : support::TwoCompanies {
  Client script{service};

  // Of the admin of A, who is in B as well.
  ApiTokens() {
    auto& ann = a.admin.client;
    const auto join = fmt::format(R"({{"token":"{}"}})", b.invitation_token);
    BOOST_REQUIRE(ann.post(support::accept_url, join).status == 201);
    const auto made = ann.post(support::api_tokens_url, R"({"name":"s","access":"write"})");
    script.headers["authorization"] = "Bearer " + text_at(made, "token");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_tokens, ApiTokens)

BOOST_AUTO_TEST_CASE(make_nothing_that_outlives_them) {
  const auto user = fmt::format(R"({{"username":"{}","password":"{}"}})",
                                support::unique_name("made"), support::password);
  BOOST_TEST(script.post(support::users_url, user).status == 403);
  BOOST_TEST(script.post(support::invitations_url, "{}").status == 403);
  BOOST_TEST(script.post(support::api_tokens_url, R"({"name":"n","access":"read"})").status == 403);
  const auto secret = fmt::format(R"({{"password":"Bade-9175-Decaf!","current_password":"{}"}})",
                                  support::password);
  BOOST_TEST(script.patch(a.admin.url(), secret).status == 403);
  BOOST_TEST(script.patch(a.staff.url(), R"({"password":"Bade-9175-Decaf!"})").status == 403);
}

BOOST_AUTO_TEST_CASE(act_in_their_company_alone) {
  const auto there = fmt::format(R"({{"default_company":"{}"}})", b.id.text());
  BOOST_TEST(script.patch(support::me_url, there).status == 403);
  for (const auto& company : {a.id, b.id})
    BOOST_TEST(script.remove("/api/v1/auth/memberships/" + company.text()).status == 403);
  const auto invitation = text_at(b.admin.client.post(support::invitations_url, "{}"), "token");
  const auto join = fmt::format(R"({{"token":"{}"}})", invitation);
  BOOST_TEST(script.post(support::accept_url, join).status == 403);
}

BOOST_AUTO_TEST_CASE(leave_what_their_person_has_elsewhere) {
  auto& ann = a.admin.client;
  Client there(service);
  there.log_in(a.admin.username, support::password);
  there.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", b.id.text()));
  BOOST_TEST(script.remove(support::sessions_url).status == 204);
  BOOST_TEST(ann.get(support::me_url).status == 401);
  BOOST_TEST(there.get(support::me_url).status == 200);
  const auto name = fmt::format(R"({{"username":"{}"}})", support::unique_name("new"));
  BOOST_TEST(script.patch(a.admin.url(), name).status == 403);
}

BOOST_AUTO_TEST_CASE(see_no_other_company_of_their_person) {
  const auto seen = http::parse_json(script.get(support::me_url).body);
  BOOST_TEST(seen.find("memberships")->items.size() == 1U);
  BOOST_TEST(seen.find("memberships")->items[0].find("company")->text == a.id.text());
  const auto all = http::parse_json(a.admin.client.get(support::me_url).body);
  BOOST_TEST(all.find("memberships")->items.size() == 2U);
  script.headers["accept"] = "text/html";
  BOOST_TEST(script.get(support::me_url).body.find(b.id.text()) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(do_what_their_user_may_do_otherwise) {
  BOOST_TEST(script.patch(a.staff.url(), R"({"role":"admin"})").status == 200);
  BOOST_TEST(script.post(support::customers_url, R"({"name":"K","email":"k@k.example"})").status ==
             201);
}

BOOST_AUTO_TEST_SUITE_END()
