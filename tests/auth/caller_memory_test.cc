// tests/auth/caller_memory_test.cc — what a worker answers without asking whose credential it is,
// and what it does not.
#include "auth/caller_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "auth/tokens.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Client;
using support::me_url;
using support::text_at;

struct Burst : support::TwoCompanies {
  support::Worker second;  // of the same pool
  std::string token =
      text_at(a.staff.client.post(support::api_tokens_url, R"({"name":"script","access":"write"})"),
              "token");
  std::string access =
      text_at(Client(service).post("/api/v1/auth/token/",
                                   fmt::format(R"({{"username":"{}","password":"{}"}})",
                                               a.staff.username, support::password)),
              "access");

  std::uint64_t known() { return board.slot(0).callers_known + second.board.slot(0).callers_known; }
  // Whether one of some requests was answered from memory.
  bool is_known(Client client) {
    const auto before = known();
    for (int i = 0; i < 5; i++) client.get(me_url);
    return known() > before;
  }
  // The same caller, at the other worker.
  Client elsewhere(const Client& like) {
    Client client(second.service);
    client.headers = like.headers;
    client.cookies = like.cookies;
    return client;
  }
  Client bearing(const std::string& text) {
    Client client(service);
    client.headers["authorization"] = "Bearer " + text;
    return client;
  }
  Client with_cookie(const std::string& cookie) {
    Client client(service);
    client.cookies["sessionid"] = cookie;
    return client;
  }
  std::vector<Client> ways_in() { return {a.staff.client, bearing(token), bearing(access)}; }
  std::string cookie() { return a.staff.client.cookies.at("sessionid"); }
};

// The same random bytes with another company's id.
std::string under(const base::Uuid& company, std::string_view secret) {
  auto bytes = base::from_base64url(secret).value();
  bytes.replace(1, 16, company.view());
  return base::base64url(bytes);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_memory_of_callers, Burst)

BOOST_AUTO_TEST_CASE(answers_bursts_of_every_credential_in_every_worker_as_the_database_would) {
  for (auto& client : ways_in()) {
    auto there = elsewhere(client);
    const auto first = client.get(me_url);
    BOOST_TEST(first.status == 200);
    BOOST_TEST(is_known(client));
    BOOST_TEST(is_known(there));
    for (int i = 0; i < 5; i++) BOOST_TEST(there.get(me_url).body == first.body);
  }
}

BOOST_AUTO_TEST_CASE(is_not_asked_for_what_changes_something_nor_where_a_setting_says_so) {
  for (auto& client : ways_in()) client.get(me_url);
  const auto before = known();
  for (auto& client : ways_in()) {
    client.post(support::customers_url, "{}");
    client.patch(a.staff.url(), "{}");
    client.remove(support::customers_url);
    client.send("OPTIONS", me_url, "");
  }
  BOOST_TEST(known() == before);
  settings.remember_callers = false;
  BOOST_TEST(!is_known(a.staff.client));
}

BOOST_AUTO_TEST_CASE(takes_no_credential_for_one_of_another_kind_or_company) {
  for (auto& client : ways_in()) BOOST_TEST(is_known(client));
  BOOST_TEST(bearing("pw_" + cookie()).get(me_url).status == 401);
  BOOST_TEST(with_cookie(token.substr(3)).get(me_url).status == 401);
  BOOST_TEST(with_cookie(access).get(me_url).status == 401);
  BOOST_TEST(with_cookie(under(b.id, cookie())).get(me_url).status == 401);
  BOOST_TEST(bearing("pw_" + under(b.id, token.substr(3))).get(me_url).status == 401);
  auto forged = access;
  auto& last = forged[access.rfind('.') + 1];
  last = last == 'A' ? 'B' : 'A';
  BOOST_TEST(bearing(forged).get(me_url).status == 401);
  BOOST_TEST(with_cookie(cookie()).get(me_url).status == 200);
}

BOOST_AUTO_TEST_CASE(forgets_whose_rights_are_changed_at_once_in_every_worker) {
  const auto all = [&](int status) {
    for (auto& client : ways_in()) {
      BOOST_TEST(client.get(me_url).status == status);
      BOOST_TEST(elsewhere(client).get(me_url).status == status);
    }
  };
  all(200);
  a.admin.client.patch(a.staff.url(), R"({"role":"admin"})");
  for (auto& client : ways_in())
    BOOST_TEST(text_at(elsewhere(client).get(me_url), "user.role") == "admin");
  a.staff.client.patch(a.staff.url(), fmt::format(R"({{"username":"{}_"}})", a.staff.username));
  for (auto& client : ways_in())
    BOOST_TEST(text_at(elsewhere(client).get(me_url), "user.username") == a.staff.username + "_");
  BOOST_TEST(a.admin.client.remove(a.staff.url()).status == 204);
  all(401);
}

// A worker by another clock.
struct Clocked : Burst {
  server::Service by(std::int64_t (*clock)()) {
    memories.push_back(std::make_unique<auth::CallerMemory>(
        support::Pool::get().callers, support::Pool::get().marks, board.slot(0), clock));
    return {settings, db, board, board.slot(0), app::all_routes(), memories.back().get()};
  }
  std::vector<std::unique_ptr<auth::CallerMemory>> memories;

  // Whether there is an entry for a session, however old.
  static bool is_kept(const Client& client) {
    const auto claim = auth::read_secret(client.cookies.at("sessionid")).value();
    auth::Credential credential{claim.company_id, auth::Principal::Via::session, {}};
    std::ranges::copy(claim.hash, credential.digest.begin());
    return support::Pool::get().callers.find(credential).has_value();
  }
};

BOOST_FIXTURE_TEST_CASE(keeps_nothing_of_a_row_that_took_a_second, Clocked) {
  static std::int64_t looks;
  looks = 0;
  auto slow = by([] { return base::boottime_micros() + looks++ * 1'000'000; });
  Client client(service);
  client.log_in(a.staff.username, support::password);
  Client slowly(slow);
  slowly.cookies = client.cookies;
  BOOST_TEST(slowly.get(me_url).status == 200);
  BOOST_TEST(!is_kept(client));
  client.get(me_url);
  BOOST_TEST(is_kept(client));
}

BOOST_FIXTURE_TEST_CASE(ends_after_a_second, Clocked) {
  auto later = by([] { return base::boottime_micros() + 1'000'000; });
  a.staff.client.get(me_url);
  Client client(later);
  client.cookies = a.staff.client.cookies;
  const auto before = known();
  client.get(me_url);
  BOOST_TEST(known() == before);
}

BOOST_AUTO_TEST_SUITE_END()
