// tests/app/own_erasure_test.cc — a person who erases their own account, in every company.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::at;
using support::Client;
using support::password;
using support::text_at;

constexpr const char* me_url = "/api/v2/auth/me";
constexpr const char* messages_url = "/api/v2/user-messages/";

struct OwnErasure : support::TwoCompanies {
  support::RawSql raw{support::config()};

  http::Response erase(Client& client, std::string_view secret = password,
                       std::string_view more = "") {
    return client.send("DELETE", me_url,
                       fmt::format(R"({{"current_password":"{}"{}}})", secret, more));
  }
  http::Response forget(Client& client) { return erase(client, password, R"(,"name":"forget")"); }
  int log_in(const support::Person& person) {
    return Client(service)
        .post("/api/v1/auth/login/",
              fmt::format(R"({{"username":"{}","password":"{}"}})", person.username, password))
        .status;
  }
  std::string count(const std::string& what) {
    return raw.query("SELECT COUNT(*) FROM " + what)[0][0];
  }
  void write(support::Person& from, const support::Person& to, std::string_view text) {
    BOOST_REQUIRE(from.client
                      .post(messages_url,
                            fmt::format(R"({{"to_user":"{}","text":"{}"}})", to.id.text(), text))
                      .status == 201);
  }
  void admin_of_a_joins_b() {
    BOOST_REQUIRE(
        a.admin.client
            .post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token))
            .status == 201);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(own_erasure, OwnErasure)

BOOST_AUTO_TEST_CASE(asks_for_the_password_and_ends_the_login_at_once) {
  auto& client = a.staff.client;
  const auto pair = Client(service).post(
      "/api/v1/auth/token/",
      fmt::format(R"({{"username":"{}","password":"{}"}})", a.staff.username, password));
  Client bearer(service), script(service);
  bearer.headers["authorization"] = "Bearer " + text_at(pair, "access");
  script.headers["authorization"] =
      "Bearer " +
      text_at(client.post(support::api_tokens_url, R"({"name":"script","access":"write"})"),
              "token");
  BOOST_TEST(client.remove(me_url).status == 400);
  BOOST_TEST(text_at(erase(client, "wrong"), "errors.0.field") == "current_password");
  BOOST_TEST(erase(script).status == 403);
  BOOST_TEST(client.get(me_url).status == 200);
  BOOST_TEST(erase(client).status == 204);
  BOOST_TEST(client.cookies.count("sessionid") == 0U);
  for (auto* each : {&bearer, &script}) BOOST_TEST(each->get(me_url).status == 401);
  BOOST_TEST(log_in(a.staff) == 401);
  BOOST_TEST(a.admin.client.get(a.staff.url()).status == 404);
  BOOST_TEST(count(fmt::format("identities WHERE username = '{}'", a.staff.username)) == "0");
  // The name is free again.
  BOOST_TEST(Client(service)
                 .post("/api/v1/accounts/",
                       fmt::format(R"({{"company":{{"name":"New"}},"user":{{"username":"{}",)"
                                   R"("password":"{}"}}}})",
                                   a.staff.username, password))
                 .status == 201);
}

BOOST_AUTO_TEST_CASE(is_no_method_of_version_1_nor_the_removal_of_oneself) {
  BOOST_TEST(
      a.staff.client
          .send("DELETE", support::me_url, fmt::format(R"({{"current_password":"{}"}})", password))
          .status == 405);
  BOOST_TEST(a.staff.client.remove(a.staff.url()).status == 403);
  BOOST_TEST(a.admin.client.remove(a.admin.url()).status == 403);
}

BOOST_AUTO_TEST_CASE(leaves_what_was_written_with_the_other_party_and_the_name) {
  write(a.staff, a.other, "Hello");
  BOOST_REQUIRE(erase(a.staff.client).status == 204);
  const auto list = a.other.client.get(messages_url);
  BOOST_TEST(text_at(list, "items.0.text") == "Hello");
  BOOST_TEST(text_at(list, "items.0.from_user.username") == a.staff.username);
  BOOST_TEST(at(list, "items.0.from_user.removed").boolean);
}

BOOST_AUTO_TEST_CASE(leaves_no_name_but_in_the_audit_where_that_is_wished) {
  BOOST_REQUIRE(
      a.staff.client
          .patch("/api/v2/accounts/users/" + a.staff.id.text(), R"({"display_name":"Kim Miller"})")
          .status == 200);
  write(a.staff, a.other, "Hello");
  BOOST_REQUIRE(forget(a.staff.client).status == 204);
  const auto list = a.other.client.get(messages_url);
  BOOST_TEST(text_at(list, "items.0.from_user.username") == "former colleague");
  BOOST_TEST(text_at(list, "items.0.from_user.display_name") == "");
  BOOST_TEST(count(fmt::format("users WHERE username = '{}'", a.staff.username)) == "0");
  const auto audit = a.admin.client.get("/api/v2/accounts/audit/?event=user.erase");
  BOOST_TEST(text_at(audit, "items.0.actor_name") == a.staff.username);
}

BOOST_AUTO_TEST_CASE(is_in_all_companies_of_the_person) {
  const auto link =
      text_at(b.admin.client.post(support::invitations_url, R"({"role":"staff"})"), "token");
  BOOST_REQUIRE(
      a.admin.client.post(support::accept_url, fmt::format(R"({{"token":"{}"}})", link)).status ==
      201);
  auto second = support::hire(a, service, "admin");
  Client in_b(service);
  in_b.log_in(a.admin.username, password);
  BOOST_REQUIRE(
      in_b.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", b.id.text())).status ==
      200);
  const auto in_b_id = text_at(in_b.get(me_url), "user.id");
  BOOST_TEST(forget(a.admin.client).status == 204);
  BOOST_TEST(in_b.get(me_url).status == 401);
  BOOST_TEST(log_in(a.admin) == 401);
  BOOST_TEST(b.admin.client.get("/api/v2/accounts/users/" + in_b_id).status == 404);
  BOOST_TEST(second.client.get(a.admin.url()).status == 404);
  BOOST_TEST(count(fmt::format("users WHERE username = '{}'", a.admin.username)) == "0");
  // Neither company learns of the other.
  const auto rows =
      raw.query(fmt::format("SELECT address, request_id FROM audit WHERE event = 'user.erase'"
                            " AND company_id = {}",
                            support::literal(b.id)));
  BOOST_REQUIRE(rows.size() == 1U);
  BOOST_TEST((rows[0][0].empty() && rows[0][1].empty()));
}

BOOST_AUTO_TEST_CASE(of_a_last_admin_is_refused_with_the_companys_name_and_changes_nothing) {
  admin_of_a_joins_b();
  const auto name = text_at(a.admin.client.get(support::company_url), "name");
  // Asked from B, where they are not the last one.
  BOOST_REQUIRE(
      a.admin.client.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", b.id.text()))
          .status == 200);
  const auto refused = erase(a.admin.client);
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(text_at(refused, "errors.0.field") == "company");
  BOOST_TEST(text_at(refused, "errors.0.detail").find("last admin of " + name + ".") !=
             std::string::npos);
  const auto me = a.admin.client.get(me_url);
  BOOST_TEST(text_at(me, "company.id") == b.id.text());
  BOOST_TEST(text_at(me, "memberships.1.company") == b.id.text());
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_a_company_that_is_erased_itself) {
  admin_of_a_joins_b();
  const auto name = text_at(a.admin.client.get(support::company_url), "name");
  BOOST_REQUIRE(a.admin.client
                    .send("DELETE", "/api/v2/accounts/company",
                          fmt::format(R"({{"name":"{}","current_password":"{}"}})", name, password))
                    .status == 200);
  a.admin.client.log_in(a.admin.username, password);
  BOOST_TEST(erase(a.admin.client).status == 204);
}

BOOST_AUTO_TEST_SUITE_END()
