// tests/db/connection_test.cc — how arguments are bound, and a write that another one stands in the
// way of.
#include "db/connection.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <thread>

#include "support/raw_sql.h"
#include "support/tenant.h"
#include "support/two_companies.h"

namespace {

using base::Uuid;

struct Name {
  std::string name;
  FIELDS(Name, name)
};

constexpr db::Scoped<void, std::string, Uuid> rename_customer{
    "UPDATE customers SET name = ? WHERE company_id = ? AND id = ?"};
constexpr db::Scoped<void, std::string> rename_company{
    "UPDATE companies SET name = ? WHERE company_id = ?"};
constexpr db::Scoped<Name, Uuid> select_customer{
    "SELECT name FROM customers WHERE company_id = ? AND id = ?"};

struct Period {
  std::int64_t since = 0, until = 0;
  FIELDS(Period, since, until)
};
struct Twice {
  std::string text;
  static constexpr auto placeholders() { return std::tuple{&Twice::text, &Twice::text}; }
};
struct Shown {
  base::SelfLink<"/shown/"> url;
  Uuid id;
  Twice text;
  std::string note;
  static constexpr auto fields() {
    return std::tuple{base::field("url", &Shown::url), base::hidden("id", &Shown::id),
                      base::field("text", &Shown::text), base::computed("note", &Shown::note)};
  }
};
static_assert(db::placeholders_of<Uuid>() == 1);
static_assert(db::placeholders_of<Period>() == 2);
static_assert(db::placeholders_of<Twice>() == 2);
static_assert(db::placeholders_of<Shown>() == 3);

// Somebody else, on a connection of their own, with a transaction open.
struct Conflict : support::TwoCompanies {
  const db::Tenant tenant = db::TenantForTest::make(a.id);
  support::RawSql other{support::config()};
  const std::string customer = fmt::format(" WHERE company_id = {} AND id = {}",
                                           support::literal(a.id), support::literal(a.customer));
  const std::string company = " WHERE company_id = " + support::literal(a.id);

  Conflict() {
    other.execute("START TRANSACTION");
    db.take_usage();
  }
  ~Conflict() { other.execute("ROLLBACK"); }

  std::string customers_name() { return db.one(select_customer, tenant, a.customer).name; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(an_argument, support::TwoCompanies)

BOOST_AUTO_TEST_CASE(that_is_a_struct_fills_the_placeholders_of_its_fields) {
  struct Change {
    std::optional<std::string> name, phone;
    FIELDS(Change, name, phone)
  };
  constexpr db::Scoped<void, Change, Uuid> update{
      "UPDATE customers SET name = COALESCE(?, name), phone = COALESCE(?, phone)"
      " WHERE company_id = ? AND id = ?"};
  constexpr db::Scoped<Name, Uuid, Twice> find{
      "SELECT phone FROM customers WHERE company_id = ? AND id = ? AND phone = ? AND name <> ?"};
  const db::Tenant tenant = db::TenantForTest::make(a.id);
  const auto name = db.one(select_customer, tenant, a.customer).name;
  db.run(update, tenant, Change{{}, "12"}, a.customer);
  BOOST_TEST(db.one(select_customer, tenant, a.customer).name == name);
  BOOST_TEST(db.one(find, tenant, a.customer, Twice{"12"}).name == "12");
  BOOST_TEST(!db.find(find, tenant, a.customer, Twice{name}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_write_in_conflict, Conflict)

BOOST_AUTO_TEST_CASE(runs_its_whole_transaction_again_after_a_deadlock) {
  // The other one has changed more rows, so the database gives up ours.
  BOOST_TEST(other.execute("UPDATE users SET token_generation = token_generation" + company) == 0);
  BOOST_TEST(other.execute("UPDATE users SET token_generation = token_generation + 1" + company) ==
             0);
  BOOST_TEST(other.execute("UPDATE companies SET name = 'Theirs'" + company) == 0);
  std::thread crossing;
  int attempts = 0;
  db.transaction([&] {
    if (++attempts == 2) crossing.join();
    db.run(rename_customer, tenant, fmt::format("Attempt {}", attempts), a.customer);
    if (attempts == 1)
      crossing = std::thread([&] {
        other.execute("UPDATE customers SET name = 'Theirs'" + customer);
        other.execute("ROLLBACK");
      });
    db.run(rename_company, tenant, "Ours");
  });
  BOOST_TEST(attempts == 2);
  BOOST_TEST(customers_name() == "Attempt 2");
  BOOST_TEST(db.take_usage().deadlocks == 1);
}

BOOST_AUTO_TEST_CASE(gives_up_after_three_attempts_and_leaves_nothing_half_done) {
  BOOST_TEST(other.execute("UPDATE companies SET name = 'Theirs'" + company) == 0);
  const auto before = customers_name();
  int attempts = 0;
  const auto work = [&] {
    attempts++;
    db.run(rename_customer, tenant, "Half", a.customer);
    db.run(rename_company, tenant, "Ours");
  };
  BOOST_CHECK_EXCEPTION(db.transaction(work), base::Error,
                        [](const auto& error) { return error.code == base::Code::unavailable; });
  BOOST_TEST(attempts == 3);
  BOOST_TEST(customers_name() == before);
}

BOOST_AUTO_TEST_CASE(runs_again_as_well_when_it_is_a_single_statement) {
  BOOST_TEST(other.execute("UPDATE customers SET name = 'Theirs'" + customer) == 0);
  support::RawSql looking{support::config()};
  const auto waits = [&] {
    return std::stoll(looking.query("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_waits'").at(0).at(1));
  };
  std::thread release([&, before = waits()] {  // when ours waits for the second time
    while (waits() < before + 2) std::this_thread::yield();
    other.execute("ROLLBACK");
  });
  db.run(rename_customer, tenant, "Ours", a.customer);
  release.join();
  BOOST_TEST(customers_name() == "Ours");
  BOOST_TEST(db.take_usage().deadlocks == 1);
}

BOOST_AUTO_TEST_CASE(is_a_503_with_retry_after_for_the_client) {
  BOOST_TEST(other.execute("UPDATE customers SET name = 'Theirs'" + customer) == 0);
  const auto answer =
      a.admin.client.patch("/api/v1/customers/" + a.customer.text(), R"({"name":"Ours"})");
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(!support::header(answer, "Retry-After").empty());
}

BOOST_AUTO_TEST_SUITE_END()
