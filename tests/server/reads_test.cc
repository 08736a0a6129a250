// tests/server/reads_test.cc — what the database reads for a GET is bounded by what is answered,
// however much a company has, and whatever the server's statistics say.
//
// PARTYWALL_MESSAGES says how many messages there are; the other tables follow it.
#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "app/routes.h"
#include "rest/schema.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::literal;

// A table of the numbers from 0 up to a million, `n`.
constexpr std::string_view numbers = R"((
  SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d AS n FROM
    {0} a, {0} b, {0} c, {0} e, {0} f, {0} g) numbers)";
constexpr std::string_view digits =
    "(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5"
    " UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";

struct Large : support::TwoCompanies {
  long messages =
      std::getenv("PARTYWALL_MESSAGES") ? std::atol(std::getenv("PARTYWALL_MESSAGES")) : 20'000;
  support::RawSql raw{support::config()};

  Large() { fill(); }

  // Rows number 0 to count - 1 of a table; `id` is a prefix of theirs.
  void insert(std::string_view into, std::string_view values, long count) {
    const auto sql = fmt::format("INSERT INTO {} SELECT {} FROM {} WHERE n < {}", into, values,
                                 fmt::format(fmt::runtime(numbers), digits), count);
    BOOST_REQUIRE_EQUAL(raw.execute(sql), 0);
  }
  std::string id(int prefix) const {
    return fmt::format("UNHEX(CONCAT('{:012x}70008000', LPAD(HEX(n), 12, '0')))", prefix);
  }
  // Half of the rows of a table have one time: they were brought in at once.
  void fill() {
    const auto company = literal(a.id), admin = literal(a.admin.id), staff = literal(a.staff.id);
    const std::string time = "'2020-01-01' + INTERVAL GREATEST(n, 1000) SECOND";
    insert("users (company_id, id, username, role, created_at, removed_at)",
           company + "," + id(1) + ", CONCAT('person', n), 'staff', " + time +
               ", IF(n % 2 = 0, NULL, '2021-01-01')",
           messages / 20);
    insert("customers (company_id, id, name, email, phone, notes, created_at, updated_at,"
           " name_key, email_key)",
           company + "," + id(2) +
               ", CONCAT('Customer ', n), CONCAT('c', n, '@x.example'), n, '', " + time +
               ", '2020-01-01', CONCAT('customer ', n), CONCAT('c', n, '@x.example')",
           messages / 5);
    insert("user_messages (company_id, id, from_user, to_user, text, date, read_at)",
           company + "," + id(3) + ", IF(n % 2 = 0, " + admin + "," + staff + "), IF(n % 2 = 0, " +
               staff + "," + admin + "), CONCAT('Number ', n), " + time +
               ", IF(n < 1000, '2021-01-01', NULL)",
           messages);
    insert("sessions (company_id, token_hash, id, user_id, user_agent, address, created_at,"
           " last_seen_at, expires_at)",
           company + ", CONCAT('hash', n)," + id(4) + "," + admin + ", '', '127.0.0.1', " + time +
               ", UTC_TIMESTAMP(6), IF(n % 2 = 0, '2021-01-01', '2099-01-01')",
           messages / 20);
    insert("invitations (company_id, id, token_hash, role, username, uses_left, created_at,"
           " expires_at)",
           company + "," + id(5) + ", CONCAT('hash', n), 'staff', '', n % 2, " + time +
               ", '2099-01-01'",
           messages / 20);
    insert("api_tokens (company_id, id, token_hash, user_id, name, access, created_at, expires_at)",
           company + "," + id(6) + ", CONCAT('hash', n)," + admin + ", 'script', 'read', " + time +
               ", '2099-01-01'",
           messages / 20);
    insert("exports (company_id, id, kind, state, asked_by, created_at, expires_at, host,"
           " rows_written, bytes_written)",
           company + "," + id(7) + ", 'personal', 'done', " + admin + ", " + time +
               ", '2099-01-01', '', 0, 0",
           messages / 20);
  }
  // What stands for a parameter of a path.
  std::string parameter(const std::string& name) const {
    return name == "{export_id}" ? "00000000-0007-7000-8000-000000000000" : a.ids().at(name).text();
  }

  // How many rows the server has read, for everybody.
  long rows_read() {
    long sum = 0;
    for (const auto& row : raw.query("SHOW GLOBAL STATUS LIKE 'Handler_read%'"))
      sum += std::atol(row.at(1).c_str());
    return sum;
  }
  // How many it reads for one answer; what asking costs is known from asking twice.
  long read_for(const std::function<void()>& ask) {
    const auto before = rows_read(), asked = rows_read() - before;
    ask();
    return rows_read() - before - 2 * asked;
  }

  void check(const std::string& url, bool has_key) {
    http::Response answer;
    const auto read = read_for([&] { answer = a.admin.client.get(url); });
    BOOST_TEST_CONTEXT("GET " << url << " read " << read << " rows") {
      BOOST_TEST(answer.status == 200);
      const auto json = http::parse_json(answer.body.empty() ? "{}" : answer.body);  // of a stream
      const auto* items = json.find("items");
      const auto& list = items ? *items : json;
      const bool is_list = list.type == http::Value::Type::list;
      const auto rows = is_list ? static_cast<long>(list.items.size()) : 1;
      BOOST_TEST(read <= (has_key ? 3 * rows + 60 : 1060));
    }
    const auto next = support::header(answer, "Link");
    const auto start = next.find("/api/"), end = next.find('>');
    if (next.empty() || url.find("cursor=") != url.npos) return;
    check(next.substr(start, end - start), has_key);
  }

  void check_page(const std::string& url) {
    http::Response answer;
    auto request = a.admin.client.request("GET", url);
    request.headers.emplace_back("accept", "text/html");
    const auto read = read_for([&] { answer = a.admin.client.send(request); });
    BOOST_TEST_CONTEXT("the page of " << url << " read " << read << " rows") {
      BOOST_TEST(answer.status == 200);
      BOOST_TEST(read <= 1200);
    }
  }

  std::vector<std::string> values_of(const rest::FieldInfo& field) const {
    if (field.type == "uuid") return {a.staff.id.text(), a.admin.id.text(), a.other.id.text()};
    if (field.name == "read") return {"true", "false"};
    if (field.name == "email") return {"c77@x.example", "nobody@x.example"};
    return {"customer 19", "77", "nothing"};
  }

  void check_route(const rest::Route& route, const rest::Version& version) {
    auto url = std::string(version.prefix) + std::string(route.path);
    const auto* get = route.operation(http::Method::get);
    const bool is_document = route.describes && !route.shown_fields();
    const bool wants_link = route.name == "export-file";
    if (!get || route.guard == rest::Guard::credential || is_document || wants_link) return;
    if (const auto open = url.find('{'); open != url.npos) {
      const auto name = url.substr(open, url.find('}') - open + 1);
      url.replace(open, name.size(), parameter(name));
    }
    check_page(url);
    std::vector<std::string> orders = {""};
    if (route.list.timeline)
      orders.push_back("order=-" +
                       std::string(route.list.timeline->orders)
                           .substr(0, std::string(route.list.timeline->orders).find(' ')));
    // What has ended is no part of these two lists, and their keys do not have that.
    const bool has_key = route.name != "session-list" && route.name != "invitation-list";
    for (const auto& order : orders) check(url + "?" + order, has_key);
    if (!route.list.filters) return;
    for (const auto& order : orders)
      for (const auto& field : route.list.filters(version))
        for (const auto& value : values_of(field))
          check(fmt::format("{}?{}={}&{}", url, field.name, value, order),
                (field.type == "uuid" && route.name != "audit-list") || field.name == "email" ||
                    value == "false");
    // And each two, newest first, of which one has no key: what is found may be nothing.
    for (const auto& one : route.list.filters(version))
      for (const auto& value : values_of(one))
        for (const auto& other : route.list.filters(version))
          for (const auto& second : values_of(other))
            if (one.name < other.name)
              check(fmt::format("{}?{}={}&{}={}&{}", url, one.name, value, other.name, second,
                                orders.back()),
                    false);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reads, Large)

BOOST_AUTO_TEST_CASE(of_the_database_are_bounded_by_what_is_answered_before_and_after_ANALYZE) {
  for (const bool analyzed : {false, true}) {
    if (analyzed)
      raw.query("ANALYZE TABLE users, customers, user_messages, sessions, invitations, api_tokens, "
                "exports");
    const auto& routes = app::all_routes();
    for (const auto& version : routes.versions)
      for (const auto* route : routes)
        if (route->is_in(version)) check_route(*route, version);
  }
}

BOOST_AUTO_TEST_SUITE_END()
