// tests/db/connection_test.cc — how arguments are bound, a write that another one stands in the way
// of, and a database that does not take it.
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

struct Change {
  std::optional<std::string> name, phone;
  FIELDS(Change, name, phone)
};
constexpr db::Scoped<void, Change, Uuid> update_customer{
    "UPDATE customers SET name = COALESCE(?, name), phone = COALESCE(?, phone)"
    " WHERE company_id = ? AND id = ?"};
constexpr db::Scoped<Name, Uuid, Twice> select_by_phone{
    "SELECT phone AS name FROM customers"
    " WHERE company_id = ? AND id = ? AND phone = ? AND name <> ?"};

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

// While this lives, the database itself answers a change of a customer with an error.
struct Refusing {
  support::RawSql owner{support::config()};

  // `when` is a condition in a trigger's language.
  explicit Refusing(int number, const std::string& when = "TRUE") {
    owner.execute("DROP TRIGGER IF EXISTS refusing");
    BOOST_REQUIRE(owner.execute(fmt::format(
                      "CREATE TRIGGER refusing BEFORE UPDATE ON customers FOR EACH ROW"
                      " IF {} THEN SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {}; END IF",
                      when, number)) == 0);
  }
  ~Refusing() { owner.execute("DROP TRIGGER refusing"); }
};

bool is_unavailable(const base::Error& error) {
  return error.code == base::Code::unavailable && !error.cause.empty();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(an_argument, support::TwoCompanies)

BOOST_AUTO_TEST_CASE(that_is_a_struct_fills_the_placeholders_of_its_fields) {
  const db::Tenant tenant = db::TenantForTest::make(a.id);
  const auto name = db.one(select_customer, tenant, a.customer).name;
  db.run(update_customer, tenant, Change{{}, "12"}, a.customer);
  BOOST_TEST(db.one(select_customer, tenant, a.customer).name == name);
  BOOST_TEST(db.one(select_by_phone, tenant, a.customer, Twice{"12"}).name == "12");
  BOOST_TEST(!db.find(select_by_phone, tenant, a.customer, Twice{name}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_snapshot, Conflict)

BOOST_AUTO_TEST_CASE(shows_what_was_there_when_it_began_whatever_is_written_meanwhile) {
  const auto before = customers_name();
  db.snapshot([&] {
    other.execute("UPDATE customers SET name = 'Later'" + customer);
    other.execute("COMMIT");
    BOOST_TEST(customers_name() == before);
  });
  BOOST_TEST(customers_name() == "Later");
}

BOOST_AUTO_TEST_CASE(takes_no_write_and_leaves_the_connection_as_it_was) {
  BOOST_CHECK_THROW(db.snapshot([&] { db.run(rename_company, tenant, "Other"); }), base::Error);
  BOOST_TEST(!db.in_transaction());
  db.run(rename_company, tenant, "Other");
}

BOOST_AUTO_TEST_CASE(that_loses_its_connection_is_not_gone_on_with) {
  const auto look = [&] { return customers_name(); };
  BOOST_CHECK_THROW(db.snapshot([&] {
    look();
    support::RawSql killer(support::config(), support::config().db_account);
    for (const auto& row : killer.query("SELECT id FROM information_schema.processlist"
                                        " WHERE db = DATABASE() AND id <> CONNECTION_ID()"))
      killer.execute("KILL " + row[0]);
    look();
  }),
                    base::Error);
  look();
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

BOOST_AUTO_TEST_CASE(gives_up_after_three_deadlocks_and_leaves_nothing_half_done) {
  const Refusing always(1213);
  int attempts = 0;
  const auto work = [&] {
    attempts++;
    db.run(rename_company, tenant, "Half");
    db.run(rename_customer, tenant, "Ours", a.customer);
  };
  BOOST_CHECK_EXCEPTION(db.transaction(work), base::Error, is_unavailable);
  BOOST_TEST(attempts == 3);
  BOOST_TEST(db.take_usage().deadlocks == 3);
  BOOST_TEST(support::text_at(a.admin.client.get(support::company_url), "name") != "Half");
}

BOOST_AUTO_TEST_CASE(runs_again_as_well_when_it_is_a_single_statement) {
  const Refusing twice(1213, "(@tries := COALESCE(@tries, 0) + 1) < 3");
  db.run(rename_customer, tenant, "Ours", a.customer);
  BOOST_TEST(customers_name() == "Ours");
  BOOST_TEST(db.take_usage().deadlocks == 2);
}

BOOST_AUTO_TEST_CASE(waits_for_a_lock_once_and_neither_a_statement_nor_a_transaction_runs_again) {
  BOOST_TEST(other.execute("UPDATE customers SET name = 'Theirs'" + customer) == 0);
  const auto rename = [&] { db.run(rename_customer, tenant, "Ours", a.customer); };
  BOOST_CHECK_EXCEPTION(rename(), base::Error, is_unavailable);
  BOOST_TEST(db.take_usage().statements == 1);
  BOOST_CHECK_EXCEPTION(db.transaction(rename), base::Error, is_unavailable);
  BOOST_TEST(db.take_usage().statements == 2);  // the other one begins it
}

BOOST_AUTO_TEST_CASE(waits_for_a_locked_table_once_and_keeps_its_connection) {
  support::RawSql locking{support::config()};
  BOOST_TEST(locking.execute("LOCK TABLES customers WRITE") == 0);
  const auto rename = [&] { db.run(rename_customer, tenant, "Ours", a.customer); };
  BOOST_CHECK_EXCEPTION(customers_name(), base::Error, is_unavailable);
  BOOST_CHECK_EXCEPTION(rename(), base::Error, is_unavailable);
  BOOST_CHECK_EXCEPTION(db.transaction(rename), base::Error, is_unavailable);
  const auto usage = db.take_usage();
  BOOST_TEST(usage.statements == 4);
  BOOST_TEST(usage.connects == 0);  // it was no read timeout
  BOOST_TEST(locking.execute("UNLOCK TABLES") == 0);
  rename();
  BOOST_TEST(customers_name() == "Ours");
}

BOOST_AUTO_TEST_CASE(is_a_503_with_retry_after_for_the_client) {
  BOOST_TEST(other.execute("UPDATE customers SET name = 'Theirs'" + customer) == 0);
  const auto answer =
      a.admin.client.patch("/api/v1/customers/" + a.customer.text(), R"({"name":"Ours"})");
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(!support::header(answer, "Retry-After").empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_database_that_takes_no_writes, Conflict)

// Read-only and demoted, full, out of its cluster, at its limits.
constexpr int numbers[] = {1290, 1836, 1792, 1036, 3100, 1114, 1021, 1026, 3,
                           1041, 1226, 1637, 1040, 1047, 1049, 3032, 4031};

BOOST_AUTO_TEST_CASE(is_unavailable_says_why_and_is_left_for_a_new_connection) {
  const auto rename = [&] { db.run(rename_customer, tenant, "Ours", a.customer); };
  for (const int number : numbers) {
    for (const bool in_transaction : {false, true}) {
      customers_name();
      db.take_usage();
      {
        const Refusing refusing(number);
        BOOST_CHECK_EXCEPTION(in_transaction ? db.transaction(rename) : rename(), base::Error,
                              [&](const auto& error) {
                                const auto shown = fmt::format("(error {})", number);
                                return is_unavailable(error) && error.cause.ends_with(shown);
                              });
      }
      BOOST_TEST(db.take_usage().connects == 0);
      customers_name();
      BOOST_TEST(db.take_usage().connects == 1, number);
    }
  }
  rename();
  BOOST_TEST(customers_name() == "Ours");
}

BOOST_AUTO_TEST_CASE(is_a_503_with_retry_after_and_its_reason_is_not_told_to_the_client) {
  for (const int number : numbers) {
    const Refusing refusing(number);
    const auto answer =
        a.admin.client.patch("/api/v1/customers/" + a.customer.text(), R"({"name":"Ours"})");
    BOOST_TEST(answer.status == 503, number);
    BOOST_TEST(!support::header(answer, "Retry-After").empty());
    BOOST_TEST(answer.body ==
               R"({"detail":"Service is temporarily unavailable.","hint":"Try again in 1 s."})");
  }
}

BOOST_AUTO_TEST_SUITE_END()
