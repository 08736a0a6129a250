// tests/app/moved_test.cc — a company that was moved to another installation: whoever comes to
// where it was is told its address, and nothing of it changes. (tests/api/move_test.py moves
// companies.)
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <map>
#include <thread>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Client;
using support::me_url;
using support::password;
using support::text_at;

constexpr const char* login_url = "/api/v1/auth/login/";
constexpr const char* token_url = "/api/v1/auth/token/";
constexpr const char* choose_url = "/api/v2/auth/password/";
constexpr const char* there = "https://there.example";

struct Moved : support::TwoCompanies {
  // Rows are changed behind the program's back, which it need not notice within the second.
  Moved() { settings.remember_callers = false; }
  support::RawSql raw{support::config()};

  void set(const support::Company& company, const std::string& assignment) {
    BOOST_REQUIRE(raw.execute(fmt::format("UPDATE companies SET {} WHERE company_id = {}",
                                          assignment, support::literal(company.id))) == 0);
  }
  void move(const support::Company& company) {
    set(company, fmt::format("moved_to = '{}'", there));
  }

  static std::string login(const support::Person& person, std::string_view secret = password) {
    return fmt::format(R"({{"username":"{}","password":"{}"}})", person.username, secret);
  }
  Client with(std::string header) {
    Client client(service);
    client.headers["authorization"] = std::move(header);
    return client;
  }
  // Every kind of credential, all of the staff of A.
  std::vector<Client> ways_in() {
    const auto pair = Client(service).post(token_url, login(a.staff));
    const auto token =
        a.staff.client.post(support::api_tokens_url, R"({"name":"script","access":"write"})");
    return {a.staff.client, with("Bearer " + text_at(pair, "access")),
            with("Bearer " + text_at(token, "token")),
            with(support::basic(a.staff.username, password))};
  }
  // What chooses a new password by a link.
  std::string link_for(support::Person& admin, const support::Person& person) {
    const auto made = admin.client.post(
        fmt::format("/api/v2/accounts/users/{}/password-link", person.id.text()), "{}");
    BOOST_REQUIRE(made.status == 201);
    return fmt::format(R"({{"token":"{}","password":"Bade-9175-Decaf!"}})", text_at(made, "token"));
  }
  void admin_of_a_joins_b() {
    BOOST_REQUIRE(
        a.admin.client
            .post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token))
            .status == 201);
  }
};

void check_gone(const http::Response& response) {
  BOOST_TEST(response.status == 410);
  const auto* location = response.headers.find("Location");
  BOOST_TEST((location ? *location : "none") == there);
  BOOST_TEST(response.body ==
             fmt::format(R"({{"detail":"This company has moved to {0}","code":"company_moved",)"
                         R"("moved_to":"{0}"}})",
                         there));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(moved_companies, Moved)

BOOST_AUTO_TEST_CASE(tell_every_credential_their_address) {
  auto ways = ways_in();
  for (auto& client : ways) BOOST_TEST(client.get(me_url).status == 200);
  move(a);
  for (auto& client : ways) {
    check_gone(client.get(me_url));
    check_gone(client.post(support::customers_url, R"({"name":"K","email":"k@k.example"})"));
  }
  BOOST_TEST(b.staff.client.get(me_url).status == 200);
}

BOOST_AUTO_TEST_CASE(tell_it_to_whoever_has_the_right_password_and_to_nobody_else) {
  move(a);
  check_gone(Client(service).post(login_url, login(a.staff)));
  check_gone(Client(service).post(token_url, login(a.staff)));
  BOOST_TEST(Client(service).post(login_url, login(a.staff, "wrong")).status == 401);
  BOOST_TEST(Client(service).get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(say_so_as_a_problem_in_version_2) {
  move(a);
  const auto response = a.staff.client.get("/api/v2/auth/me");
  BOOST_TEST(response.status == 410);
  BOOST_TEST(text_at(response, "code") == "company_moved");
  BOOST_TEST(text_at(response, "moved_to") == there);
}

BOOST_AUTO_TEST_CASE(say_so_although_they_are_suspended) {
  set(a, "suspended_at = NOW(6)");
  move(a);
  check_gone(a.staff.client.get(me_url));
}

BOOST_AUTO_TEST_CASE(are_passed_over_by_a_login_that_leads_elsewhere) {
  admin_of_a_joins_b();
  move(a);
  Client again(service);
  again.log_in(a.admin.username, password);
  BOOST_TEST(text_at(again.get(me_url), "company.id") == b.id.text());
  check_gone(again.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", a.id.text())));
}

// Nobody would notice that it is another company.
BOOST_AUTO_TEST_CASE(are_not_replaced_by_another_company_where_a_program_asks) {
  admin_of_a_joins_b();
  move(a);
  check_gone(with(support::basic(a.admin.username, password)).get(me_url));
  check_gone(Client(service).post(token_url, login(a.admin)));
}

BOOST_AUTO_TEST_CASE(keep_no_session_that_a_new_password_ends) {
  admin_of_a_joins_b();
  Client in_b(service);
  in_b.log_in(a.admin.username, password);
  in_b.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", b.id.text()));
  move(a);
  const auto url = std::string(support::users_url) + text_at(in_b.get(me_url), "user.id");
  BOOST_TEST(in_b.patch(url, fmt::format(R"({{"password":"Bade-9175-Decaf!",)"
                                         R"("current_password":"{}"}})",
                                         password))
                 .status == 200);
  set(a, "moved_to = NULL");
  BOOST_TEST(a.admin.client.get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(say_nothing_to_whom_they_do_not_know) {
  move(a);
  Client stranger(service);
  stranger.cookies = a.staff.client.cookies;
  stranger.cookies["sessionid"].back() = stranger.cookies["sessionid"].back() == 'A' ? 'B' : 'A';
  BOOST_TEST(stranger.get(me_url).status == 401);
  BOOST_TEST(with("Basic " + std::string("eDp5")).get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(tell_it_to_whoever_has_a_link_for_a_new_password) {
  const auto link = link_for(a.admin, a.staff);
  move(a);
  const auto told = Client(service).post(choose_url, link);
  BOOST_TEST(told.status == 410);
  BOOST_TEST(text_at(told, "moved_to") == there);
  set(a, "moved_to = NULL");
  BOOST_TEST(Client(service).post(choose_url, link).status == 200);
}

// There they want another link.
BOOST_AUTO_TEST_CASE(are_not_said_to_be_the_place_of_who_is_in_another_company) {
  BOOST_REQUIRE(a.admin.client.patch(a.staff.url(), R"({"role":"admin"})").status == 200);
  const auto link = link_for(a.staff, a.admin);
  admin_of_a_joins_b();
  move(a);
  BOOST_TEST(Client(service).post(choose_url, link).status == 400);
}

BOOST_AUTO_TEST_CASE(let_nobody_join) {
  move(b);
  const auto token = fmt::format(R"({{"token":"{}"}})", b.invitation_token);
  check_gone(a.admin.client.post("/api/v1/auth/invitation/", token));
  check_gone(a.admin.client.post(support::accept_url, token));
}

// What is asked for here does not go along.
BOOST_AUTO_TEST_CASE(are_neither_erased_nor_exported_while_they_are_on_their_way) {
  const auto name = text_at(a.admin.client.get("/api/v2/accounts/company"), "name");
  const auto erase = [&] {
    return a.admin.client.send(
        "DELETE", "/api/v2/accounts/company",
        fmt::format(R"({{"name":"{}","current_password":"{}"}})", name, password));
  };
  const auto export_it = [&] {
    return a.admin.client.post("/api/v2/exports/", R"({"kind":"company"})");
  };
  set(a, "moving_to = 'there', moving_until = UTC_TIMESTAMP(6) + INTERVAL 1 DAY");
  for (const auto& answer : {erase(), export_it()}) {
    BOOST_TEST(answer.status == 409);
    BOOST_TEST(text_at(answer, "detail") == "The company is being moved: wait until that is done.");
  }
  set(a, "moving_until = UTC_TIMESTAMP(6)");  // it was given up
  BOOST_TEST(export_it().status == 201);
  BOOST_TEST(erase().status == 200);
}

// A cookie that no page can take away lasts two weeks.
BOOST_AUTO_TEST_CASE(keep_nobody_from_what_anyone_may) {
  move(a);
  auto& client = a.staff.client;
  const auto cookie = client.cookies["sessionid"];
  for (const std::string version : {"/api/v1", "/api/v2"}) {
    for (const auto* url : {"/", "/versions/", "/docs/", "/openapi.json", "/auth/login/"})
      BOOST_TEST(client.get(version + url).status == 200);
    const auto account =
        fmt::format(R"({{"company":{{"name":"New"}},"user":{{"username":"{}","password":"{}"}}}})",
                    support::unique_name("founder"), password);
    BOOST_TEST(client.post(version + "/accounts/", account).status == 201);
    const auto token = fmt::format(R"({{"token":"{}"}})", b.invitation_token);
    BOOST_TEST(client.post(version + "/auth/invitation/", token).status == 200);
    BOOST_TEST(client.get(version + "/auth/me").status == 410);
  }
  const auto newcomer = fmt::format(R"({{"token":"{}","username":"{}","password":"{}"}})",
                                    b.invitation_token, support::unique_name("new"), password);
  BOOST_TEST(client.post(support::accept_url, newcomer).status == 201);
  BOOST_TEST(client.get("/api/v2/auth/password-link?token=x").status == 400);
  BOOST_TEST(client.cookies["sessionid"] == cookie);
  set(a, "moved_to = NULL");
  BOOST_TEST(client.get(me_url).status == 200);
}

BOOST_AUTO_TEST_CASE(leave_nothing_in_a_browser_for_somebody_else_who_logs_in) {
  move(a);
  auto& client = a.staff.client;
  const auto answer = client.post(login_url, login(b.staff));
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(support::header(answer, "Clear-Site-Data") == R"("storage")");
  BOOST_TEST(client.get(me_url).status == 200);
}

BOOST_AUTO_TEST_CASE(let_people_log_out) {
  move(a);
  for (const auto* url : {"/api/v1/auth/logout/", "/api/v2/auth/logout/"}) {
    auto& client = url[6] == '1' ? a.staff.client : a.admin.client;
    const auto before = client.cookies;
    BOOST_TEST(client.post(url, "").status == 204);
    set(a, "moved_to = NULL");
    client.cookies = before;
    BOOST_TEST(client.get(me_url).status == 401);
    move(a);
  }
}

BOOST_AUTO_TEST_CASE(are_what_a_web_token_is_verified_against) {
  const auto pair = Client(service).post(token_url, login(a.staff));
  move(a);
  for (const auto* kind : {"access", "refresh"})
    check_gone(Client(service).post("/api/v1/auth/token/verify/",
                                    fmt::format(R"({{"token":"{}"}})", text_at(pair, kind))));
}

// As `--back` does it under requests: nobody is told that their credential is not good.
BOOST_AUTO_TEST_CASE(return_between_two_statements_of_a_request) {
  auto ways = ways_in();
  const auto pair = Client(service).post(token_url, login(a.staff));
  const auto refresh = fmt::format(R"({{"token":"{}"}})", text_at(pair, "refresh"));
  std::jthread other([&](const std::stop_token& stopping) {
    support::RawSql there_and_back(support::config());
    const auto where = fmt::format(" WHERE company_id = {}", support::literal(a.id));
    while (!stopping.stop_requested())
      for (const auto* address : {"'https://there.example'", "NULL"})
        there_and_back.execute(fmt::format("UPDATE companies SET moved_to = {}{}", address, where));
  });
  std::map<int, int> statuses;
  for (int i = 0; i < 300; i++) {
    for (auto& client : ways) statuses[client.get(me_url).status]++;
    statuses[Client(service).post("/api/v1/auth/token/verify/", refresh).status]++;
  }
  other.request_stop();
  other.join();
  BOOST_TEST(statuses[200] > 0);
  BOOST_TEST(statuses[410] > 0);
  BOOST_TEST(statuses.size() == 2);
}

BOOST_AUTO_TEST_CASE(are_remembered_of_nobody) {
  settings.remember_callers = true;
  Client client(service);  // who has asked for nothing yet
  client.log_in(a.staff.username, password);
  move(a);
  for (int i = 0; i < 2; i++) check_gone(client.get(me_url));
}

BOOST_AUTO_TEST_SUITE_END()
