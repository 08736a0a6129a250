// tests/app/invitations_test.cc — links with which people join.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::accept_url;
using support::Client;
using support::invitations_url;
using support::text_at;

struct Invitations : support::TwoCompanies {
  support::Client& admin = a.admin.client;
  Client stranger{service};

  std::string made(std::string_view json) {
    return text_at(admin.post(invitations_url, json), "token");
  }
  http::Response sign_up(std::string_view token, std::string_view username) {
    return stranger.post(accept_url,
                         fmt::format(R"({{"token":"{}","username":"{}","password":"{}"}})", token,
                                     username, support::password));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(invitations, Invitations)

BOOST_AUTO_TEST_CASE(let_a_newcomer_sign_up_into_the_company_with_the_role) {
  const auto name = support::unique_name("new");
  const auto joined = sign_up(made(R"({"role":"admin"})"), name);
  BOOST_TEST(joined.status == 201);
  BOOST_TEST(text_at(joined, "company.id") == a.id.text());
  BOOST_TEST(text_at(joined, "user.role") == "admin");
  stranger.log_in(name, support::password);
  BOOST_TEST(stranger.get(a.staff.url()).status == 200);
}

BOOST_AUTO_TEST_CASE(say_what_they_offer) {
  const auto offer = stranger.post("/api/v1/auth/invitation/",
                                   fmt::format(R"({{"token":"{}"}})", a.invitation_token));
  BOOST_TEST(offer.status == 200);
  BOOST_TEST(text_at(offer, "role") == "staff");
}

BOOST_AUTO_TEST_CASE(that_are_used_up_revoked_expired_or_invented_answer_alike) {
  const auto once = made(R"({"uses":1})");
  BOOST_TEST(sign_up(once, support::unique_name("first")).status == 201);
  const auto used_up = sign_up(once, support::unique_name("second"));
  BOOST_TEST(used_up.status == 400);

  const auto revoked = admin.post(invitations_url, "{}");
  BOOST_TEST(admin.remove(std::string(invitations_url) + text_at(revoked, "id")).status == 204);
  const auto expired = admin.post(invitations_url, "{}");
  support::RawSql(support::config())
      .execute("UPDATE invitations SET expires_at = NOW(6) WHERE id = " +
               support::literal(*base::Uuid::parse(text_at(expired, "id"))));
  for (const auto& token : {text_at(revoked, "token"), text_at(expired, "token"),
                            std::string("nonsense"), once.substr(0, once.size() - 2) + "AA"})
    BOOST_TEST(sign_up(token, support::unique_name("late")).body == used_up.body);
}

BOOST_AUTO_TEST_CASE(for_a_username_are_for_nobody_else_and_do_not_tell_whether_it_exists) {
  const auto existing =
      admin.post(invitations_url, fmt::format(R"({{"username":"{}"}})", b.admin.username));
  const auto invented = admin.post(invitations_url, R"({"username":"nobody_has_this_name"})");
  BOOST_TEST(existing.status == invented.status);
  BOOST_TEST(existing.body.size() - b.admin.username.size() ==
             invented.body.size() - std::string_view("nobody_has_this_name").size());
  const auto body = fmt::format(R"({{"token":"{}"}})", text_at(existing, "token"));
  BOOST_TEST(sign_up(text_at(existing, "token"), support::unique_name("thief")).status == 400);
  BOOST_TEST(b.admin.client.post(accept_url, body).status == 201);
}

BOOST_AUTO_TEST_CASE(are_made_listed_and_revoked_by_admins_only) {
  auto& staff = a.staff.client;
  BOOST_TEST(staff.get(invitations_url).status == 403);
  BOOST_TEST(staff.post(invitations_url, "{}").status == 403);
  BOOST_TEST(staff.remove(std::string(invitations_url) + a.invitation.text()).status == 403);
  const auto list = admin.get(invitations_url);
  BOOST_TEST(list.status == 200);
  BOOST_TEST(list.body.find("token") == std::string::npos);
  BOOST_TEST(list.body.find(a.invitation_token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(are_not_used_up_by_a_sign_up_that_fails) {
  const auto token = made(R"({"uses":1})");
  BOOST_TEST(sign_up(token, a.admin.username).status == 400);
  BOOST_TEST(sign_up(token, support::unique_name("good")).status == 201);
}

BOOST_AUTO_TEST_CASE(for_a_company_that_one_is_in_change_nothing) {
  const auto body = fmt::format(R"({{"token":"{}"}})", a.invitation_token);
  BOOST_TEST(a.admin.client.post(accept_url, body).status == 400);
}

BOOST_AUTO_TEST_CASE(name_their_maker) {
  const auto list = http::parse_json(admin.get(invitations_url).body);
  BOOST_TEST(list.items.at(0).find("created_by")->text.ends_with(a.admin.url()));
}

BOOST_AUTO_TEST_CASE(end_with_their_makers_right_to_make_them) {
  const auto invited_by = [&](support::Person& maker) {
    return text_at(maker.client.post(invitations_url, R"({"role":"admin","uses":100})"), "token");
  };
  auto removed = support::hire(a, service, "admin"), demoted = support::hire(a, service, "admin"),
       left = support::hire(a, service, "admin");
  const auto tokens = {invited_by(removed), invited_by(demoted), invited_by(left)};
  BOOST_TEST(admin.remove(removed.url()).status == 204);
  BOOST_TEST(admin.patch(demoted.url(), R"({"role":"staff"})").status == 200);
  BOOST_TEST(left.client.remove("/api/v1/auth/memberships/" + a.id.text()).status == 204);
  for (const auto& token : tokens)
    BOOST_TEST(sign_up(token, support::unique_name("late")).status == 400);
  // Nor does the right come back with the role.
  BOOST_TEST(admin.patch(demoted.url(), R"({"role":"admin"})").status == 200);
  for (const auto& token : tokens)
    BOOST_TEST(sign_up(token, support::unique_name("late")).status == 400);
  BOOST_TEST(sign_up(a.invitation_token, support::unique_name("good")).status == 201);
}

BOOST_AUTO_TEST_SUITE_END()
