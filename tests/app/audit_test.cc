// tests/app/audit_test.cc — what is noted of the security of a company, and that it stays.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "base/text.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Client;
using support::password;
using support::text_at;

struct Audit : support::TwoCompanies {
  support::RawSql raw{support::config()};
  std::string seen_a = last(a), seen_b = last(b);

  static std::string login(const support::Person& person, std::string_view secret = password) {
    return fmt::format(R"({{"username":"{}","password":"{}"}})", person.username, secret);
  }
  std::string last(const support::Company& company) {
    return raw.query("SELECT HEX(MAX(id)) FROM audit WHERE company_id = " +
                     support::literal(company.id))[0][0];
  }
  // What was noted since the last call: "event by whom about whom: detail". The people of the
  // fixture go by what they are.
  std::string news(const support::Company& company) {
    auto& seen = &company == &a ? seen_a : seen_b;
    std::string text;
    for (const auto& row :
         raw.query(fmt::format("SELECT event, actor, HEX(actor_id), HEX(user_id), detail FROM audit"
                               " WHERE company_id = {} AND id > x'{}' ORDER BY id",
                               support::literal(company.id), seen)))
      text +=
          fmt::format("{} by {} about {}: {}\n", row[0],
                      row[2] == "NULL" ? "(" + row[1] + ")" : name(row[2]), name(row[3]), row[4]);
    seen = last(company);
    return text;
  }
  std::string name(const std::string& id) {
    for (const auto* company : {&a, &b}) {
      const std::string where = company == &a ? "a" : "b";
      for (const auto& [person, what] :
           {std::pair{&company->admin, ".admin"}, std::pair{&company->staff, ".staff"},
            std::pair{&company->other, ".other"}})
        if (support::literal(person->id) == "x'" + base::ascii_lower(id) + "'") return where + what;
    }
    return id == "NULL" ? "nobody" : "somebody new";
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audit, Audit)

BOOST_AUTO_TEST_CASE(notes_who_comes_and_goes) {
  Client client(service);
  client.post("/api/v1/auth/login/", login(a.staff, "wrong"));
  client.post("/api/v1/auth/login/", R"({"username":"nobody_at_all","password":"wrong"})");
  client.log_in(a.staff.username, password);
  client.log_in(a.other.username, password);
  client.post("/api/v1/auth/logout/", "");
  client.post("/api/v1/auth/token/", login(a.staff));
  BOOST_TEST(news(a) == "login.failed by () about a.staff: \n"
                        "login by a.staff about a.staff: \n"
                        "logout by a.staff about a.staff: \n"
                        "login by a.other about a.other: \n"
                        "logout by a.other about a.other: \n"
                        "login by a.staff about a.staff: web token\n");
  BOOST_TEST(news(b) == "");
}

BOOST_AUTO_TEST_CASE(notes_what_happens_to_people) {
  auto& admin = a.admin.client;
  const auto name = a.staff.username;
  support::hire(a, service);
  admin.patch(a.staff.url(), fmt::format(R"({{"role":"admin","username":"{}_x"}})", name));
  admin.patch(a.staff.url(), R"({"password":"Bade-9175-Decaf!"})");
  admin.remove(a.staff.url());
  a.other.client.patch(a.other.url(), fmt::format(R"({{"password":"Bade-9175-Decaf!",)"
                                                  R"("current_password":"{}"}})",
                                                  password));
  a.other.client.remove("/api/v1/auth/memberships/" + a.id.text());
  BOOST_TEST(news(a) == "user.create by a.admin about somebody new: staff\n"
                        "login by somebody new about somebody new: \n"
                        "user.role by a.admin about a.staff: staff to admin\n"
                        "user.rename by a.admin about a.staff: from " +
                            name +
                            "\n"
                            "user.password by a.admin about a.staff: \n"
                            "user.remove by a.admin about a.staff: \n"
                            "user.password by a.other about a.other: \n"
                            "user.leave by a.other about a.other: \n");
}

BOOST_AUTO_TEST_CASE(notes_invitations_tokens_and_sessions) {
  auto& admin = a.admin.client;
  const auto invited = text_at(admin.post(support::invitations_url, R"({"role":"admin"})"), "id");
  admin.remove(std::string(support::invitations_url) + invited);
  const auto token =
      text_at(admin.post(support::api_tokens_url, R"({"name":"cron","access":"read"})"), "id");
  admin.remove(std::string(support::api_tokens_url) + token);
  admin.remove(support::sessions_url);
  const auto url = std::string(support::sessions_url) + a.session.text();
  BOOST_TEST(a.staff.client.remove(url).status == 204);
  BOOST_TEST(a.other.client.remove(url).status == 404);
  BOOST_TEST(news(a) == fmt::format("invitation.create by a.admin about nobody: {0} as admin\n"
                                    "invitation.revoke by a.admin about nobody: {0}\n"
                                    "token.create by a.admin about a.admin: {1} to read: cron\n"
                                    "token.revoke by a.admin about nobody: {1}\n"
                                    "session.revoke by a.admin about a.admin: all others\n"
                                    "session.revoke by a.staff about nobody: {2}\n",
                                    invited, token, a.session.text()));
}

BOOST_AUTO_TEST_CASE(notes_in_each_company_of_a_person_what_concerns_that_company) {
  const auto accept = fmt::format(R"({{"token":"{}"}})", b.invitation_token);
  a.admin.client.post(support::accept_url, accept);
  a.admin.client.post(support::switch_url, fmt::format(R"({{"company":"{}"}})", b.id.text()));
  BOOST_TEST(news(a) == "logout by a.admin about a.admin: \n");
  BOOST_TEST(news(b) ==
             fmt::format("invitation.accept by somebody new about somebody new: {} as staff\n"
                         "switch by somebody new about somebody new: \n",
                         b.invitation.text()));
  const auto me = text_at(a.admin.client.get(support::me_url), "user.url");
  a.admin.client.patch(me, fmt::format(R"({{"password":"Bade-9175-Decaf!",)"
                                       R"("current_password":"{}"}})",
                                       password));
  BOOST_TEST(news(a) == "user.password by a.admin about a.admin: \n");
  BOOST_TEST(news(b) == "user.password by somebody new about somebody new: \n");
}

BOOST_AUTO_TEST_CASE(says_from_where_and_in_which_request) {
  Client client(service);
  client.remote_address = "192.0.2.7";
  client.request_id = "0123456789abcdef";
  client.log_in(a.staff.username, password);
  const auto row = raw.query("SELECT address, request_id FROM audit WHERE company_id = " +
                             support::literal(a.id) + " ORDER BY id DESC LIMIT 1")[0];
  BOOST_TEST(row[0] == "192.0.2.7");
  BOOST_TEST(row[1] == "0123456789abcdef");
}

BOOST_AUTO_TEST_CASE(notes_nothing_that_was_refused) {
  a.admin.client.remove(a.admin.url());
  a.admin.client.patch(a.admin.url(), R"({"role":"staff"})");
  a.staff.client.remove(a.other.url());
  a.staff.client.patch(a.staff.url(), R"({"password":"x"})");
  BOOST_TEST(news(a) == "");
}

BOOST_AUTO_TEST_CASE(costs_neither_reading_nor_a_message_anything) {
  settings.remember_callers = false;  // the statements are counted: who asks is one of them
  const auto message = fmt::format(R"({{"to_user":"{}","text":"hello"}})", a.staff.url());
  a.admin.client.post(support::messages_url, message);
  a.admin.client.get(support::messages_url);
  db.take_usage();
  BOOST_TEST(a.admin.client.get(support::messages_url).status == 200);
  BOOST_TEST(db.take_usage().statements == 2);
  BOOST_TEST(a.admin.client.post(support::messages_url, message).status == 201);
  // Who asks, the message, and what app/conversations.h says, in a transaction.
  BOOST_TEST(db.take_usage().statements == 6);
  BOOST_TEST(news(a) == "");
}

BOOST_AUTO_TEST_SUITE_END()
