// tests/app/suspension_test.cc — a company whose people an operator keeps out, and lets in again.
#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Client;
using support::me_url;
using support::password;
using support::text_at;

constexpr const char* login_url = "/api/v1/auth/login/";
constexpr const char* token_url = "/api/v1/auth/token/";
constexpr const char* refresh_url = "/api/v1/auth/token/refresh/";

struct Suspension : support::TwoCompanies {
  // Rows are changed behind the program's back, which it need not notice within the second.
  Suspension() { settings.remember_callers = false; }
  support::RawSql raw{support::config()};

  void suspend(const support::Company& company, std::string_view moment = "NOW(6)") {
    raw.execute(fmt::format("UPDATE companies SET suspended_at = {} WHERE company_id = {}", moment,
                            support::literal(company.id)));
  }
  void resume(const support::Company& company) { suspend(company, "NULL"); }

  static std::string login(const support::Person& person, std::string_view secret = password) {
    return fmt::format(R"({{"username":"{}","password":"{}"}})", person.username, secret);
  }
  Client bearing(std::string_view token) {
    Client client(service);
    client.headers["authorization"] = fmt::format("Bearer {}", token);
    return client;
  }
  Client basic(const support::Person& person) {
    Client client(service);
    client.headers["authorization"] = support::basic(person.username, password);
    return client;
  }
  // Every kind of credential, all of the staff of A.
  std::vector<Client> ways_in() {
    const auto pair = Client(service).post(token_url, login(a.staff));
    const auto token =
        a.staff.client.post(support::api_tokens_url, R"({"name":"script","access":"write"})");
    return {a.staff.client, bearing(text_at(pair, "access")), bearing(text_at(token, "token")),
            basic(a.staff)};
  }
  void admin_of_a_joins_b() {
    BOOST_REQUIRE(
        a.admin.client
            .post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token))
            .status == 201);
  }
};

void check_refused(const http::Response& response) {
  BOOST_TEST(response.status == 403);
  BOOST_TEST(response.body ==
             R"({"detail":"This company is suspended.","code":"company_suspended"})");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(suspension, Suspension)

BOOST_AUTO_TEST_CASE(refuses_every_credential_from_the_next_request_on_and_resuming_restores_it) {
  auto ways = ways_in();
  for (auto& client : ways) BOOST_TEST(client.get(me_url).status == 200);
  suspend(a);
  for (auto& client : ways) {
    check_refused(client.get(me_url));
    check_refused(client.get("/api/v1/auth/company/"));
    check_refused(client.post(support::customers_url, R"({"name":"K","email":"k@k.example"})"));
  }
  check_refused(a.admin.client.patch(support::company_url, R"({"name":"x"})"));
  resume(a);
  for (auto& client : ways) BOOST_TEST(client.get(me_url).status == 200);
}

BOOST_AUTO_TEST_CASE(holds_in_every_worker) {
  support::Worker other_worker;
  other_worker.settings.remember_callers = false;
  Client elsewhere(other_worker.service);
  elsewhere.log_in(a.staff.username, password);
  suspend(a);
  check_refused(elsewhere.get(me_url));
}

BOOST_AUTO_TEST_CASE(costs_no_further_statement) {
  a.staff.client.get(support::company_url);
  db.take_usage();
  a.staff.client.get(support::company_url);
  BOOST_TEST(db.take_usage().statements == 2);
  suspend(a);
  a.staff.client.get(support::company_url);
  BOOST_TEST(db.take_usage().statements == 1);
}

BOOST_AUTO_TEST_CASE(is_told_to_whoever_has_the_right_password_and_to_nobody_else) {
  suspend(a);
  Client client(service);
  check_refused(client.post(login_url, login(a.staff)));
  check_refused(client.post(token_url, login(a.staff)));
  BOOST_TEST(client.post(login_url, login(a.staff, "wrong")).status == 401);
  BOOST_TEST(client.post(token_url, login(a.staff, "wrong")).status == 401);
  BOOST_TEST(client.cookies.count("sessionid") == 0U);
}

BOOST_AUTO_TEST_CASE(ends_no_session_and_no_refresh_token_but_lets_none_be_used) {
  const auto pair = Client(service).post(token_url, login(a.staff));
  const auto refresh = fmt::format(R"({{"refresh":"{}"}})", text_at(pair, "refresh"));
  suspend(a);
  check_refused(Client(service).post(refresh_url, refresh));
  check_refused(a.staff.client.get(me_url));
  BOOST_TEST(a.staff.client.cookies.count("sessionid") == 1U);
  resume(a);
  BOOST_TEST(Client(service).post(refresh_url, refresh).status == 200);
}

BOOST_AUTO_TEST_CASE(leaves_the_other_companies_of_a_person_alone) {
  admin_of_a_joins_b();
  Client in_b(service);
  in_b.log_in(a.admin.username, password);
  in_b.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", b.id.text()));
  suspend(a);
  check_refused(a.admin.client.get(me_url));
  BOOST_TEST(text_at(in_b.get(me_url), "company.id") == b.id.text());
  check_refused(in_b.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", a.id.text())));
  // A login, which shows where it leads, leads into the other company; a script's does not.
  Client again(service);
  again.log_in(a.admin.username, password);
  BOOST_TEST(text_at(again.get(me_url), "company.id") == b.id.text());
  check_refused(basic(a.admin).get(me_url));
  check_refused(Client(service).post(token_url, login(a.admin)));
}

BOOST_AUTO_TEST_CASE(does_not_keep_an_old_password_alive_where_it_is_changed_elsewhere) {
  admin_of_a_joins_b();
  Client in_b(service);
  in_b.log_in(a.admin.username, password);
  in_b.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", b.id.text()));
  suspend(a);
  const auto url = std::string(support::users_url) + text_at(in_b.get(me_url), "user.id");
  BOOST_TEST(in_b.patch(url, fmt::format(R"({{"password":"Bade-9175-Decaf!",)"
                                         R"("current_password":"{}"}})",
                                         password))
                 .status == 200);
  resume(a);
  BOOST_TEST(a.admin.client.get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(lets_nobody_join) {
  suspend(b);
  const auto token = fmt::format(R"({{"token":"{}"}})", b.invitation_token);
  check_refused(a.admin.client.post("/api/v1/auth/invitation/", token));
  check_refused(a.admin.client.post(support::accept_url, token));
}

BOOST_AUTO_TEST_SUITE_END()
