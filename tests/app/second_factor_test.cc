// tests/app/second_factor_test.cc — a second factor, where two requests or two workers meet. What
// it is to a person is in tests/api/second_factor_test.py.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "auth/hasher.h"
#include "auth/lock.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Client;
using support::me_url;
using support::password;
using support::text_at;

constexpr const char* set_up_url = "/api/v2/auth/second-factor/set-up/";

struct Factors : support::TwoCompanies {
  Factors() { settings.factor_keys = {std::string(32, 'k')}; }
  support::RawSql raw{support::config()};

  // Writes what nobody can open, which is on, and one recovery code.
  void put_factor(const support::Person& person) {
    raw.execute(fmt::format("UPDATE identities SET factor_secret = 'x', factor_step = 1,"
                            " recovery_codes = UNHEX(SHA2('AAAABBBBCCCCDDDD', 256))"
                            " WHERE username = '{}'",
                            person.username));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(second_factor, Factors)

BOOST_AUTO_TEST_CASE(that_is_switched_on_meanwhile_stops_a_login_that_asked_for_none) {
  auth::Hasher hasher(board, board.slot(0));
  auth::Authenticator authenticator(db, settings, hasher);
  http::Request request;
  const auto verdict = authenticator.check(a.staff.username, password, "", request);
  BOOST_REQUIRE(verdict);
  const auto who = authenticator.enter(*verdict.person);
  BOOST_REQUIRE(who);
  const auto holds = [&] {
    bool answer = false;
    db.transaction([&] { answer = auth::still_holds(db, *who).has_value(); });
    return answer;
  };
  BOOST_TEST(holds());
  put_factor(a.staff);
  BOOST_TEST(!holds());
}

BOOST_AUTO_TEST_CASE(that_is_not_confirmed_asks_nobody_for_a_code) {
  const auto made =
      a.staff.client.post(set_up_url, fmt::format(R"({{"password":"{}"}})", password));
  BOOST_TEST(made.status == 201);
  Client(service).log_in(a.staff.username, password);
}

BOOST_AUTO_TEST_CASE(that_a_company_wants_is_wanted_at_once_on_every_worker) {
  auto boss = support::hire(a, service, "admin"), kim = support::hire(a, service, "admin");
  support::Worker other_worker;
  Client elsewhere(other_worker.service);
  elsewhere.log_in(kim.username, password);
  BOOST_TEST(elsewhere.get(me_url).status == 200);
  BOOST_TEST(kim.client.get(me_url).status == 200);
  raw.execute(fmt::format("UPDATE users SET has_factor = 1 WHERE company_id = {} AND id = {}",
                          support::literal(a.id), support::literal(boss.id)));
  put_factor(boss);
  const auto wanted = boss.client.patch(
      "/api/v2/accounts/company",
      fmt::format(R"({{"second_factor_of":"admins","current_password":"{}","code":"{}"}})",
                  password, "aaaa-bbbb-cccc-dddd"));
  BOOST_TEST(wanted.status == 200);
  for (auto* client : {&elsewhere, &kim.client}) {
    const auto refused = client->get("/api/v2/auth/me");
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(text_at(refused, "code") == "second_factor_missing");
  }
  BOOST_TEST(a.staff.client.get(me_url).status == 200);
  BOOST_TEST(b.admin.client.get(me_url).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
