// tests/app/erasure_test.cc — a company that an admin erases: who gets in until its day, and what
// they can do there.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::accept_url;
using support::at;
using support::Client;
using support::me_url;
using support::password;
using support::switch_url;
using support::text_at;

constexpr const char* login_url = "/api/v1/auth/login/";
constexpr const char* token_url = "/api/v1/auth/token/";
constexpr const char* company_url = "/api/v2/accounts/company";
constexpr const char* erasure_url = "/api/v2/accounts/company/erasure";

struct Erasure : support::TwoCompanies {
  support::RawSql raw{support::config()};

  static std::string login(const support::Person& person, std::string_view secret = password) {
    return fmt::format(R"({{"username":"{}","password":"{}"}})", person.username, secret);
  }
  std::string name_of_a() { return text_at(a.admin.client.get(company_url), "name"); }
  std::string request(std::string_view name, std::string_view secret = password) {
    return fmt::format(R"({{"name":"{}","current_password":"{}"}})", name, secret);
  }
  void erase_a() {
    const auto answer = a.admin.client.send("DELETE", company_url, request(name_of_a()));
    BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
  }
  Client logged_in(const support::Person& person) {
    Client client(service);
    client.log_in(person.username, password);
    return client;
  }
  Client bearing(std::string_view token) {
    Client client(service);
    client.headers["authorization"] = fmt::format("Bearer {}", token);
    return client;
  }
  void let_day_come() {
    settings.remember_callers = false;  // which need not notice it within the second
    raw.execute("UPDATE companies SET erase_at = NOW(6) - INTERVAL 1 SECOND WHERE company_id = " +
                support::literal(a.id));
  }
  std::string to(const support::Company& company) {
    return fmt::format(R"({{"company":"{}"}})", company.id.text());
  }
  void join_b(support::Person& person) {
    BOOST_REQUIRE(
        person.client.post(accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token))
            .status == 201);
  }
  std::string audit(std::string_view event) {
    const auto rows = raw.query(
        fmt::format("SELECT COUNT(*), MAX(actor) FROM audit WHERE event = '{}' AND company_id = {}",
                    event, support::literal(a.id)));
    return rows[0][0] + " " + rows[0][1];
  }
};

void check_refused(const http::Response& response) {
  BOOST_TEST(response.status == 403);
  BOOST_TEST(text_at(response, "code") == "company_erasing");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(erasure, Erasure)

BOOST_AUTO_TEST_CASE(is_asked_for_by_an_admin_with_the_companys_name_and_their_password) {
  const auto name = name_of_a();
  auto& admin = a.admin.client;
  BOOST_TEST(a.staff.client.send("DELETE", company_url, request(name)).status == 403);
  BOOST_TEST(admin.remove(company_url).status == 400);
  BOOST_TEST(text_at(admin.send("DELETE", company_url, request("Other")), "errors.0.field") ==
             "name");
  BOOST_TEST(text_at(admin.send("DELETE", company_url, request(name, "wrong")), "errors.0.field") ==
             "current_password");
  BOOST_TEST(audit("login.failed") == "1 " + a.admin.username);
  BOOST_TEST(admin.get(me_url).status == 200);
  const auto script = admin.post(support::api_tokens_url, R"({"name":"script","access":"write"})");
  BOOST_TEST(bearing(text_at(script, "token")).send("DELETE", company_url, request(name)).status ==
             403);
  BOOST_TEST(audit("company.erase") == "0 NULL");
  const auto done = admin.send("DELETE", company_url, request(name));
  BOOST_TEST(done.status == 200);
  const auto day = base::Time::parse_iso(text_at(done, "erase_at"));
  BOOST_REQUIRE(day.has_value());
  BOOST_TEST((day->micros - base::Time::now().micros) / 1'000'000 / 3600 == 30 * 24 - 1);
  BOOST_TEST(audit("company.erase") == "1 " + a.admin.username);
}

BOOST_AUTO_TEST_CASE(is_no_method_of_version_1) {
  BOOST_TEST(a.admin.client.send("DELETE", support::company_url, request(name_of_a())).status ==
             405);
  BOOST_TEST(a.admin.client.get(support::company_url).body.find("erase_at") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(takes_no_more_tries_of_a_password_than_others_do) {
  const auto wrong = request(name_of_a(), "wrong");
  for (int i = 0; i < 5; i++)
    BOOST_TEST(a.admin.client.send("DELETE", company_url, wrong).status == 400);
  BOOST_TEST(a.admin.client.send("DELETE", company_url, wrong).status == 429);
  BOOST_TEST(a.admin.client.send("DELETE", company_url, request(name_of_a())).status == 429);
}

BOOST_AUTO_TEST_CASE(under_a_condition_that_does_not_hold_does_nothing) {
  const auto name = name_of_a();
  a.admin.client.headers["if-match"] = R"("other")";
  BOOST_TEST(a.admin.client.send("DELETE", company_url, request(name)).status == 412);
  a.admin.client.headers.clear();
  BOOST_TEST(a.staff.client.get(me_url).status == 200);
  const auto seen = a.admin.client.get(company_url);
  a.admin.client.headers["if-match"] = support::header(seen, "ETag");
  BOOST_TEST(a.admin.client.send("DELETE", company_url, request(name)).status == 200);
}

BOOST_AUTO_TEST_CASE(ends_every_session_token_link_and_invitation) {
  const auto pair = Client(service).post(token_url, login(a.admin));
  const auto script =
      a.admin.client.post(support::api_tokens_url, R"({"name":"script","access":"write"})");
  const auto link =
      text_at(a.admin.client.post(
                  fmt::format("/api/v2/accounts/users/{}/password-link", a.staff.id.text()), "{}"),
              "token");
  auto beside = logged_in(a.admin);
  erase_a();
  BOOST_TEST(a.admin.client.cookies.count("sessionid") == 0U);
  for (auto* client : {&beside, &a.staff.client}) BOOST_TEST(client->get(me_url).status == 401);
  for (const auto& token : {text_at(pair, "access"), text_at(script, "token")})
    BOOST_TEST(bearing(token).get(me_url).status == 401);
  BOOST_TEST(Client(service)
                 .post("/api/v1/auth/token/refresh/",
                       fmt::format(R"({{"refresh":"{}"}})", text_at(pair, "refresh")))
                 .status == 401);
  BOOST_TEST(Client(service)
                 .post("/api/v2/auth/password/",
                       fmt::format(R"({{"token":"{}","password":"Bade-9175-Decaf!"}})", link))
                 .status == 400);
  BOOST_TEST(b.admin.client.post(accept_url, fmt::format(R"({{"token":"{}"}})", a.invitation_token))
                 .status == 400);
}

BOOST_AUTO_TEST_CASE(acts_at_once_on_a_worker_that_remembers_who_asked) {
  support::Worker other_worker;
  Client elsewhere(other_worker.service);
  elsewhere.log_in(a.staff.username, password);
  BOOST_TEST(elsewhere.get(me_url).status == 200);
  erase_a();
  BOOST_TEST(elsewhere.get(me_url).status == 401);
}

BOOST_AUTO_TEST_CASE(
    keeps_all_out_but_admins_who_are_told_until_when_with_the_right_password_alone) {
  erase_a();
  for (const auto* url : {login_url, token_url, "/api/v2/auth/login/"}) {
    check_refused(Client(service).post(url, login(a.staff)));
    BOOST_TEST(Client(service).post(url, login(a.staff, "wrong")).status == 401);
  }
  Client basic(service);
  basic.headers["authorization"] = support::basic(a.staff.username, password);
  check_refused(basic.get(me_url));
  const auto refused = Client(service).post(login_url, login(a.staff));
  const auto day = text_at(logged_in(a.admin).get(company_url), "erase_at").substr(0, 10);
  BOOST_TEST(
      text_at(refused, "detail") ==
      fmt::format("This company will be erased on {}. Until then only its admins get in.", day));
}

// However many routes there will be.
BOOST_AUTO_TEST_CASE(leaves_admins_nothing_to_do_but_what_the_table_of_routes_says) {
  erase_a();
  auto admin = logged_in(a.admin);
  int open = 0;
  support::for_each_route([&](const rest::Route& route, std::string path) {
    if (route.guard == rest::Guard::credential) return;
    if (const auto brace = path.find('{'); brace != path.npos)
      path.replace(brace, path.find('}') - brace + 1, a.staff.id.text());
    for (const auto* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS"}) {
      const auto* operation = route.operation(http::method_of(method));
      const bool is_open = operation && operation->admits != auth::Admits::open;
      if (is_open && http::method_of(method) != http::Method::get) continue;
      const auto answer = admin.send(method, path, "");
      BOOST_TEST_INFO(method << " " << path);
      BOOST_TEST((answer.status == 403) == !is_open);
      BOOST_TEST((is_open || answer.body.empty() ||
                  answer.body.find("company_erasing") != std::string::npos),
                 answer.body);
      open += is_open;
    }
    if (const auto* remove = route.operation(http::Method::delete_);
        remove && remove->admits == auth::Admits::open)
      check_refused(admin.remove(path));
  });
  BOOST_TEST(open >= 3);
  BOOST_TEST(admin.get(erasure_url).status == 200);
}

BOOST_AUTO_TEST_CASE(lets_admins_in_by_whatever_they_log_in_with) {
  erase_a();
  Client basic(service);
  basic.headers["authorization"] = support::basic(a.admin.username, password);
  BOOST_TEST(basic.get(erasure_url).status == 200);
  const auto pair = Client(service).post(token_url, login(a.admin));
  BOOST_TEST(bearing(text_at(pair, "access")).get(erasure_url).status == 200);
  const auto again =
      Client(service).post("/api/v1/auth/token/refresh/",
                           fmt::format(R"({{"refresh":"{}"}})", text_at(pair, "refresh")));
  BOOST_TEST(bearing(text_at(again, "access")).remove(erasure_url).status == 204);
}

BOOST_AUTO_TEST_CASE(is_taken_back_and_what_was_ended_stays_ended_but_for_who_keeps_it) {
  auto before = logged_in(a.staff);
  erase_a();
  auto admin = logged_in(a.admin), beside = logged_in(a.admin);
  // As a login that was under way.
  raw.execute(fmt::format(
      "INSERT INTO sessions SELECT company_id, x'{0}', {1}, {1}, '', '', NOW(6), NOW(6),"
      " NOW(6) + INTERVAL 1 DAY FROM companies WHERE company_id = {2}",
      std::string(64, '0'), support::literal(a.staff.id), support::literal(a.id)));
  BOOST_TEST(text_at(admin.get(erasure_url), "erase_at") ==
             text_at(admin.get(company_url), "erase_at"));
  BOOST_TEST(admin.remove(erasure_url).status == 204);
  BOOST_TEST((at(admin.get(company_url), "erase_at").type == http::Value::Type::null));
  BOOST_TEST((at(admin.get(erasure_url), "erase_at").type == http::Value::Type::null));
  // Nor does that end anything.
  auto staff = logged_in(a.staff);
  BOOST_TEST(admin.remove(erasure_url).status == 409);
  BOOST_TEST(staff.get(me_url).status == 200);
  BOOST_TEST(beside.get(me_url).status == 401);
  BOOST_TEST(before.get(me_url).status == 401);
  BOOST_TEST(raw.query("SELECT COUNT(*) FROM sessions WHERE company_id = " +
                       support::literal(a.id))[0][0] == "2");
  BOOST_TEST(logged_in(a.staff).get(support::users_url).status == 200);
  BOOST_TEST(admin.get(support::users_url).status == 200);
  BOOST_TEST(audit("company.keep") == "1 " + a.admin.username);
}

BOOST_AUTO_TEST_CASE(is_asked_for_once) {
  const auto name = name_of_a();
  erase_a();
  auto admin = logged_in(a.admin);
  const auto day = text_at(admin.get(company_url), "erase_at");
  check_refused(admin.send("DELETE", company_url, request(name)));
  BOOST_TEST(text_at(admin.get(company_url), "erase_at") == day);
}

BOOST_AUTO_TEST_CASE(keeps_everybody_out_from_its_day_on) {
  erase_a();
  auto admin = logged_in(a.admin);
  let_day_come();
  check_refused(admin.get(erasure_url));
  check_refused(admin.remove(erasure_url));
  check_refused(Client(service).post(login_url, login(a.admin)));
  BOOST_TEST(text_at(Client(service).post(login_url, login(a.admin)), "detail") ==
             "This company has been erased.");
}

BOOST_AUTO_TEST_CASE(leads_a_login_into_another_company_of_the_person) {
  join_b(a.admin);
  erase_a();
  auto admin = logged_in(a.admin);
  const auto me = admin.get("/api/v2/auth/me");
  BOOST_TEST(text_at(me, "company.id") == b.id.text());
  BOOST_TEST(text_at(me, "memberships.0.company") == a.id.text());
  BOOST_TEST((at(me, "memberships.0.erase_at").type == http::Value::Type::string));
  BOOST_TEST((at(me, "memberships.1.erase_at").type == http::Value::Type::null));
  // From there an admin goes on to keep it; and leaves it no sooner than it goes.
  check_refused(admin.remove("/api/v2/auth/memberships/" + a.id.text()));
  BOOST_TEST(admin.post(switch_url, to(a)).status == 200);
  check_refused(admin.get(support::users_url));
  BOOST_TEST(admin.post(switch_url, to(b)).status == 200);
  BOOST_TEST(admin.get(support::users_url).status == 200);
}

BOOST_AUTO_TEST_CASE(is_not_switched_into_by_others_than_admins) {
  const auto link = text_at(a.admin.client.post(support::invitations_url, "{}"), "token");
  BOOST_REQUIRE(b.admin.client.post(accept_url, fmt::format(R"({{"token":"{}"}})", link)).status ==
                201);
  erase_a();
  check_refused(b.admin.client.post(switch_url, to(a)));
  BOOST_TEST(b.admin.client.get(me_url).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
