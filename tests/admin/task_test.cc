// tests/admin/task_test.cc — an operator's command: in which company it works, and that it works in
// no other.
#include "admin/task.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using http::Method;
using support::Client;
using support::password;

admin::Typed in(const std::string& company) {
  admin::Typed typed;
  typed.set("COMPANY", company);
  return typed;
}

struct Operator : support::TwoCompanies {
  support::RawSql raw{support::config()};

  std::string name(const support::Company& company) {
    return raw.query("SELECT name FROM companies WHERE company_id = " +
                     support::literal(company.id))[0][0];
  }
  Client login(std::string_view username, std::string_view secret) {
    Client client(service);
    client.log_in(username, secret);
    return client;
  }
};

constexpr const char* new_password = "Bade-9175-Decaf!";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(operators, Operator)

BOOST_AUTO_TEST_CASE(name_a_company_by_its_id_or_by_its_name_when_only_one_has_it) {
  const auto by_id = in(a.id.text()), by_name = in(name(a)), by_nothing = in("no such company");
  BOOST_TEST((admin::Task(support::config(), by_id).company_id() == a.id));
  BOOST_TEST((admin::Task(support::config(), by_name).company_id() == a.id));
  BOOST_CHECK_THROW(admin::Task(support::config(), by_nothing).tenant(), std::runtime_error);
  const auto nobodys = in(base::Uuid::make(base::Time::now()).text());
  BOOST_CHECK_THROW(admin::Task(support::config(), nobodys).tenant(), std::runtime_error);
  b.admin.client.patch(support::company_url, fmt::format(R"({{"name":"{}"}})", name(a)));
  BOOST_CHECK_THROW(admin::Task(support::config(), by_name).tenant(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(find_the_people_of_the_company_and_nobody_elses) {
  const auto typed = in(a.id.text());
  admin::Task task(support::config(), typed);
  BOOST_TEST((task.person(a.staff.username).id == a.staff.id));
  BOOST_CHECK_THROW(task.person(b.staff.username), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(reach_nobody_of_another_company_by_an_id_and_change_none_of_its_rows) {
  const auto typed = in(a.id.text());
  admin::Task task(support::config(), typed);
  const auto before = raw.checksum(b.id);
  const admin::NamedUser foreign{b.staff.id, base::Uuid{}, b.staff.username};
  BOOST_CHECK_THROW(task.ask("user-detail", Method::delete_, {}, foreign), base::Error);
  BOOST_CHECK_THROW(task.ask("user-detail", Method::patch, {{"password", new_password}}, foreign),
                    base::Error);
  task.ask("user-list", Method::post,
           {{"username", support::unique_name("new")}, {"password", std::string(password)}});
  BOOST_TEST(raw.checksum(b.id) == before);
}

BOOST_AUTO_TEST_CASE(keep_the_rules_of_the_requests) {
  const auto typed = in(a.id.text());
  admin::Task task(support::config(), typed);
  const auto refused = [&](std::string_view route, Method method, const admin::Form& form,
                           const admin::NamedUser& about = {}) {
    try {
      task.ask(route, method, form, about);
    } catch (const base::Error& error) {
      return error.problems.empty() ? error.message
                                    : error.problems[0].field + ": " + error.problems[0].message;
    }
    return std::string("done");
  };
  const std::string good(password);
  BOOST_TEST(
      refused("user-list", Method::post, {{"username", a.staff.username}, {"password", good}}) ==
      "username: A user with that username already exists.");
  BOOST_TEST(refused("user-list", Method::post, {{"username", "a b"}, {"password", good}})
                 .starts_with("username: Enter a valid username."));
  BOOST_TEST(refused("user-list", Method::post,
                     {{"username", support::unique_name("x")}, {"password", "12345678"}})
                 .starts_with("password: This password is too common."));
  BOOST_TEST(refused("user-detail", Method::delete_, {}, task.person(a.admin.username)) ==
             "role: A company needs at least one admin.");
  BOOST_TEST(refused("invitation-list", Method::post, {{"days", "31"}}).starts_with("days: "));
}

BOOST_AUTO_TEST_CASE(set_the_password_of_a_person_in_all_their_companies) {
  a.admin.client.post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token));
  auto elsewhere = login(a.admin.username, password);
  elsewhere.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", b.id.text()));
  BOOST_TEST(elsewhere.get(support::me_url).status == 200);
  const auto typed = in(a.id.text());
  {
    admin::Task task(support::config(), typed);
    task.ask("user-detail", Method::patch, {{"password", new_password}},
             task.person(a.admin.username));
  }
  BOOST_TEST(a.admin.client.get(support::me_url).status == 401);
  BOOST_TEST(elsewhere.get(support::me_url).status == 401);
  login(a.admin.username, new_password);
  for (const auto& company : {a.id, b.id})
    BOOST_TEST(
        raw.query("SELECT actor, actor_id FROM audit WHERE event = 'user.password' AND"
                  " company_id = " +
                  support::literal(company))[0] == (std::vector<std::string>{"operator", "NULL"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(make_a_link_for_anybody_that_ends_what_is_open_in_all_their_companies) {
  a.admin.client.post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token));
  auto elsewhere = login(a.admin.username, password);
  elsewhere.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", b.id.text()));
  admin::Typed typed;
  admin::Task task(support::config(), typed);
  const auto person = task.person_anywhere(a.admin.username);
  const auto link = [&] {
    return task.ask("user-password-link", Method::post, {}, person).value({}).find("token")->text;
  };
  const auto choose = [&](const std::string& token) {
    return Client(service)
        .post("/api/v2/auth/password/",
              fmt::format(R"({{"token":"{}","password":"{}"}})", token, new_password))
        .status;
  };
  const auto first = link(), second = link();
  BOOST_TEST(choose(first) == 400);
  BOOST_TEST(elsewhere.get(support::me_url).status == 200);
  BOOST_TEST(choose(second) == 200);
  BOOST_TEST(a.admin.client.get(support::me_url).status == 401);
  BOOST_TEST(elsewhere.get(support::me_url).status == 401);
  login(a.admin.username, new_password);
  for (const auto& company : {a.id, b.id}) {
    const auto noted = [&](std::string_view event) {
      return raw.query(fmt::format("SELECT COUNT(*) FROM audit WHERE event = '{}' AND"
                                   " company_id = {}",
                                   event, support::literal(company)))[0][0];
    };
    BOOST_TEST(noted("user.link") == "2");
    BOOST_TEST(noted("user.password") == "1");
  }
  BOOST_CHECK_THROW(task.person_anywhere("nobody_at_all"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(invite_people_and_the_link_works) {
  const auto typed = in(b.id.text());
  admin::Task task(support::config(), typed);
  const auto made = task.ask("invitation-list", Method::post, {{"role", "admin"}}).value({});
  const auto accept = fmt::format(R"({{"token":"{}"}})", made.find("token")->text);
  BOOST_TEST(a.admin.client.post(support::accept_url, accept).status == 201);
}

BOOST_AUTO_TEST_SUITE_END()
