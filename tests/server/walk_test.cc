// tests/server/walk_test.cc — the fourth hold of the wall: no route tells a foreign id from a
// random one, and none changes another company's rows.
#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "app/routes.h"
#include "app/users/users.h"
#include "base/crypto.h"
#include "rest/schema.h"
#include "support/tenant.h"
#include "support/walk.h"

namespace {

using support::Client;

struct Callers : support::TwoCompanies {
  // Both roles, and every kind of credential.
  std::vector<support::WalkCaller> callers() {
    const auto session = [this](const std::string& username) {
      return [this, username] {
        Client client(service);
        client.log_in(username, support::password);
        return client;
      };
    };
    const auto bearer = [this](std::string_view url, std::string json, std::string_view token) {
      return [this, url, json, token] {
        Client client(service);
        client.log_in(b.staff.username, support::password);
        const auto value = support::text_at(client.post(url, json), token);
        client.cookies.clear();
        client.headers["authorization"] = "Bearer " + value;
        return client;
      };
    };
    const auto basic = [this] {
      Client client(service);
      client.headers["authorization"] = support::basic(b.staff.username, support::password);
      return client;
    };
    return {{"admin with a session", session(b.admin.username)},
            {"staff with a session", session(b.staff.username)},
            {"staff with a web token", bearer("/api/v1/auth/token/",
                                              fmt::format(R"({{"username":"{}","password":"{}"}})",
                                                          b.staff.username, support::password),
                                              "access")},
            {"staff with an API token to write",
             bearer(support::api_tokens_url, R"({"name":"w","access":"write"})", "token")},
            {"staff with an API token to read",
             bearer(support::api_tokens_url, R"({"name":"r","access":"read"})", "token")},
            {"staff with Basic", basic}};
  }
};

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

// A route as nobody should write it: it asks for whichever company has the row.
base::Uuid leaked_company;

rest::Answer leak(rest::Context& context) {
  const auto tenant = db::TenantForTest::make(leaked_company);
  return context.ok(app::one_user(context, tenant, context.id));
}

rest::Answer overwrite(rest::Context& context) {
  const auto tenant = db::TenantForTest::make(leaked_company);
  static constexpr db::Scoped<void, std::string> rename{
      "UPDATE companies SET name = ? WHERE company_id = ?"};
  context.db.run(rename, tenant, base::hex(base::random_string(4)));
  return rest::no_content();
}

constexpr rest::Route leaky_route{.name = "leaky",
                                  .path = "/leaky/{user_id}",
                                  .summary = "Leaks.",
                                  .operations = {{{http::Method::get, auth::Access::staff, leak}}}};

constexpr rest::Route overwriting_route{
    .name = "overwriting",
    .path = "/overwriting",
    .summary = "Writes into another company.",
    .operations = {{{http::Method::post, auth::Access::staff, overwrite}}}};

constexpr rest::Route strange_route{
    .name = "strange",
    .path = "/strange/{strange_id}",
    .summary = "Has an id that the walk does not know.",
    .operations = {{{http::Method::get, auth::Access::staff, leak}}}};

// Walks one more route than the product has; answers the findings.
std::string walk_with(Callers& two, const rest::Route& route) {
  leaked_company = two.a.id;
  const auto& all = app::all_routes();
  std::vector<const rest::Route*> routes(all.begin(), all.end());
  routes.push_back(&route);
  const rest::Routes with_one_more(routes, all.find_people, all.versions);
  server::Service service(two.settings, two.db, two.board, two.board.slot(0), with_one_more,
                          &two.memory);
  // The callers' clients go through the service that knows the route.
  std::vector<support::WalkCaller> callers;
  callers.push_back({"staff with a session", [&] {
                       Client client(service);
                       client.log_in(two.b.staff.username, support::password);
                       return client;
                     }});
  const std::vector<const rest::Route*> only = {&route};
  return joined(support::Walk(two.a, std::move(callers))
                    .findings(rest::Routes(only, all.find_people, all.versions)));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(isolation_walk, Callers)

BOOST_AUTO_TEST_CASE(finds_nothing_on_any_route) {
  support::Walk walk(a, callers());
  const auto findings = walk.findings(app::all_routes());
  BOOST_TEST(findings.empty(), joined(findings));
  BOOST_TEST(walk.compared() > 100);
}

BOOST_AUTO_TEST_CASE(finds_a_route_that_reads_another_companys_row) {
  BOOST_TEST(walk_with(*this, leaky_route).find("another company's id is answered 200") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(finds_a_route_that_writes_into_another_company) {
  BOOST_TEST(walk_with(*this, overwriting_route).find("rows of the other company changed") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(fails_for_a_route_that_it_cannot_fill_in) {
  BOOST_TEST(walk_with(*this, strange_route).find("cannot fill in {strange_id}") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
