// admin/rebuild.cc — `partywall rebuild`: the keys by which texts are found and kept unique, made
// anew while the pool runs; and what is kept beside messages (admin/conversations.h). Tests:
// tests/api/rebuild_test.py.
//
// A row is only written where its keys are not what they should be, and only while it still has the
// texts that they were made of: whoever changes a text meanwhile makes its key, too.
#include "admin/rebuild.h"

#include <fmt/format.h>

#include "admin/conversations.h"
#include "admin/print.h"
#include "admin/task.h"
#include "auth/identities.h"
#include "base/text.h"
#include "db/batch.h"
#include "db/derived.h"
#include "db/unscoped.h"
#include "rest/crud.h"

namespace admin {

using base::Uuid;

namespace {

// The row of `derived` that says by which rules the stored keys were made.
constexpr const char* search_keys = "search keys";

// Two rows that have one key now.
struct Collision {
  Uuid company;
  std::string of;  // "customers.email"
  Uuid id;
  Uuid other;

  FIELDS(Collision, company, of, id, other)
};

struct Result {
  std::int64_t companies = 0, rows = 0, changed = 0;
  std::vector<Collision> collisions;
  Recounted messages;

  FIELDS(Result, companies, rows, changed, collisions, messages)
};

struct Customer {
  Uuid id;
  std::string name, email, name_key, email_key;
  std::int64_t email_twin = 0;

  FIELDS(Customer, id, name, email, name_key, email_key, email_twin)
};

constexpr db::Scoped<Customer, db::Batch> select_customers{
    "SELECT id, name, email, name_key, email_key, email_twin FROM customers"
    " WHERE company_id = ?" +
    db::in_batches("id")};

constexpr db::Scoped<void, std::string, std::string, std::int64_t, Uuid, std::string, std::string>
    set_keys{R"(
    UPDATE customers SET name_key = ?, email_key = ?, email_twin = ?
     WHERE company_id = ? AND id = ? AND name = ? AND email = ?)"};

constexpr db::Scoped<rest::RowId, std::string, Uuid> select_holder{R"(
    SELECT id FROM customers WHERE company_id = ? AND email_key = ? AND id <> ?
     ORDER BY email_twin LIMIT 1)"};

constexpr db::Scoped<NamedUser, db::Batch> select_users{
    "SELECT id, identity_id, username FROM users"
    " WHERE company_id = ? AND identity_id IS NOT NULL" +
    db::in_batches("id")};

// The rows of one company.
template <class Row, class Work>
void for_each_row(Task& task, const db::Tenant& tenant,
                  const db::Scoped<Row, db::Batch>& select_batch, Work work) {
  db::for_each_row([&](const auto& batch) { return task.db.all(select_batch, tenant, batch); },
                   work);
}

// A customer whose address belongs to another row gets the first number that nobody has.
void rebuild_customer(Task& task, const db::Tenant& tenant, const Uuid& company,
                      const Customer& row, Result& result) {
  const auto name = base::search_key(row.name), email = base::search_key(row.email);
  if (row.name_key == name && row.email_key == email && row.email_twin == 0) return;
  for (std::int64_t twin = 0;; twin++) {
    try {
      const auto set =
          task.db.run(set_keys, tenant, name, email, twin, row.id, row.name, row.email);
      const bool differs = row.name_key != name || row.email_key != email || row.email_twin != twin;
      if (differs) result.changed += set;
      return;
    } catch (const db::DuplicateKey&) {
      const auto holder = task.db.find(select_holder, tenant, email, row.id);
      if (holder && twin == 0)
        result.collisions.push_back({company, "customers.email", row.id, holder->id});
    }
  }
}

// A name whose key belongs to somebody else keeps the one that it has.
void rebuild_user(Task& task, const Uuid& company, const NamedUser& person, Result& result) {
  auth::Identities identities(task.db);
  const auto holder = identities.by_key(auth::username_key(person.username));
  if (holder && holder->id == person.identity_id) return;
  if (holder)
    return result.collisions.push_back({company, "users.username", person.id, holder->id});
  try {
    task.db.transaction([&] {
      const auto identity = identities.lock(person.identity_id);
      if (identity) identities.rename(identity->id, identity->username);
    });
    result.changed++;
  } catch (const db::DuplicateKey&) {  // somebody was faster, and is found now
    rebuild_user(task, company, person, result);
  }
}

Result rebuild_keys(Task& task) {
  Result result;
  task.for_each_company([&](const db::Tenant& tenant, const Uuid& company) {
    result.companies++;
    if (!task.has_moved(tenant))
      for_each_row(task, tenant, select_customers, [&](const Customer& row) {
        result.rows++;
        rebuild_customer(task, tenant, company, row, result);
      });
    for_each_row(task, tenant, select_users, [&](const NamedUser& person) {
      result.rows++;
      rebuild_user(task, company, person, result);
    });
  });
  return result;
}

void print_for_people(const Result& result) {
  fmt::print("{} of {} rows in {} companies got other keys\n", result.changed, result.rows,
             result.companies);
  if (!result.collisions.empty())
    fmt::print("these have a key that another row has:\n{}",
               layout(rest::Document::of(result.collisions).value({}), "company of id other"));
}

void run(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  if (typed.has("COMPANY")) task.refuse_moved();
  auto result = rebuild_keys(task);
  if (!typed.has("COMPANY")) db::Derived(task.db).set(search_keys, base::folding_version());
  task.for_each_company(
      [&](const db::Tenant& tenant, const Uuid&) { recount(task, tenant, result.messages); });
  if (task.as_json())
    print(rest::Document::of(result), "", true);
  else {
    print_for_people(result);
    print_recounted(result.messages);
  }
  if (!result.collisions.empty())
    throw std::runtime_error(
        "where two rows have one key, change one of them and run rebuild again");
}

constexpr Command commands[] = {
    {"rebuild", "make anew the keys of texts and the counts of messages; the pool may run",
     "[COMPANY]", "json", run},
};

}  // namespace

void rebuild_where_due(const base::Config& config, bool is_new) {
  const Typed nothing;
  Task task(config, nothing);
  recount_where_due(task, is_new);
  if (are_keys_made_by_our_rules(task.db)) return;
  const auto result = rebuild_keys(task);
  db::Derived(task.db).set(search_keys, base::folding_version());
  if (result.changed > 0 || !result.collisions.empty()) print_for_people(result);
}

bool are_keys_made_by_our_rules(db::Connection& db) {
  return db::Derived(db).rules(search_keys) == base::folding_version();
}

std::span<const Command> rebuild() { return commands; }

}  // namespace admin
