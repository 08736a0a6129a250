// admin/check.cc — `partywall check`: whether the rows hold together. Changes nothing. Tests:
// tests/api/check_test.py.
//
// The database keeps most of it by itself. What it did not look at are rows that were written with
// foreign_key_checks = 0 (a restored dump), by hand, or by a disk that lies; and what the program
// derives from other rows. All of it is read as it was at one moment, while the pool runs. Each
// read goes along a key in batches, so memory is bounded, and nobody waits:
//
//   references     db/references.h
//   messages       admin/check_messages.h
//   users          by the primary key; for each its identity, by the name's key
//   customers      by the primary key
//   identities     by the primary key; for each its first user, by the key of memberships, and
//                  whether a key opens its second factor
#include <fmt/format.h>

#include <array>

#include "admin/check_messages.h"
#include "admin/findings.h"
#include "admin/move_state.h"
#include "admin/print.h"
#include "admin/rebuild.h"
#include "admin/task.h"
#include "app/conversations.h"
#include "auth/identities.h"
#include "auth/second_factor.h"
#include "base/standard_output.h"
#include "base/text.h"
#include "db/migrate.h"
#include "db/references.h"
#include "rest/crud.h"

namespace admin {
namespace {

using base::Uuid;

// A statement may take as long as this on a disk that is slow.
constexpr int statement_seconds = 60;

struct User {
  Uuid id;
  std::optional<Uuid> identity_id;
  std::string username;
  auth::Role role = auth::Role::staff;
  std::optional<base::Time> removed_at;
  std::int64_t has_factor = 0;

  FIELDS(User, id, identity_id, username, role, removed_at, has_factor)
};
constexpr db::Scoped<User, db::Batch> select_users{
    "SELECT id, identity_id, username, role, removed_at, has_factor FROM users"
    " WHERE company_id = ?" +
    db::in_batches("id")};

struct Customer {
  Uuid id;
  std::string name, email, name_key, email_key;

  FIELDS(Customer, id, name, email, name_key, email_key)
};
constexpr db::Scoped<Customer, db::Batch> select_customers{
    "SELECT id, name, email, name_key, email_key FROM customers WHERE company_id = ?" +
    db::in_batches("id")};

// By what somebody could come in.
using FindOne = db::Scoped<rest::RowId, Uuid>;
constexpr FindOne session{"SELECT id FROM sessions WHERE company_id = ? AND user_id = ? LIMIT 1"};
constexpr FindOne api_token{
    "SELECT id FROM api_tokens WHERE company_id = ? AND user_id = ? LIMIT 1"};
constexpr FindOne token_family{
    "SELECT id FROM token_families WHERE company_id = ? AND user_id = ? LIMIT 1"};
constexpr FindOne refresh_token{
    "SELECT id FROM refresh_tokens WHERE company_id = ? AND user_id = ? LIMIT 1"};
constexpr FindOne invitation{
    "SELECT id FROM invitations WHERE company_id = ? AND created_by = ? LIMIT 1"};
constexpr FindOne password_link{
    "SELECT id FROM password_links WHERE company_id = ? AND user_id = ? LIMIT 1"};
constexpr FindOne password_link_made{
    "SELECT id FROM password_links WHERE company_id = ? AND created_by = ? LIMIT 1"};

struct WayIn {
  const char* table;
  const FindOne& find;
};
constexpr std::array<WayIn, 7> ways_in = {{{"sessions", session},
                                           {"api_tokens", api_token},
                                           {"token_families", token_family},
                                           {"refresh_tokens", refresh_token},
                                           {"invitations", invitation},
                                           {"password_links", password_link},
                                           {"password_links", password_link_made}}};

// Throws Findings::Enough with the last finding that there is room for.
class Check {
 public:
  // The keys of second factors are lent for the lifetime.
  Check(Task& task, const std::vector<std::string>& factor_keys, Findings& findings)
      : task_(task),
        findings_(findings),
        references_(task.db),
        identities_(task.db),
        factors_(factor_keys) {}

  std::int64_t companies = 0;        // that were looked at
  std::int64_t of_previous_key = 0;  // second factors
  bool are_counts_kept = false;
  std::vector<std::string> moves;  // that are not over: no findings

  // The company that was typed, or all, and what belongs to none.
  void run(bool is_one_company) {
    check_schema();
    are_counts_kept = app::are_counts_kept(task_.db);
    if (!is_one_company) check_without_company();
    task_.for_each_company([&](const db::Tenant& tenant, const Uuid& company) {
      findings_.set_company(company);
      check_company(tenant, company);
      companies++;
    });
    findings_.set_company({});
  }

 private:
  void check_schema() {
    using enum db::Step::State;
    for (const auto& step : db::migration_status(task_.db)) {
      if (step.state == changed)
        findings_.add("schema_migrations", step.name + " is not what this release has");
      if (step.state == unknown)
        findings_.add("schema_migrations", step.name + " is of another release");
    }
    are_keys_ours_ = are_keys_made_by_our_rules(task_.db);
    if (!are_keys_ours_)
      findings_.add("derived", "keys of names were made by other rules: run `partywall rebuild`");
  }

  void check_without_company() {
    references_.find_lost_companies([&](std::string_view table, const Uuid& company) {
      findings_.set_company(company);
      findings_.add(table, "there are rows of this company, which is not there");
      findings_.set_company({});
    });
    db::for_each_row([&](const auto& batch) { return identities_.with_companies(batch); },
                     [&](const auto& identity) {
                       if (!identity.company_id)
                         findings_.add("identities", fmt::format("{} has no user in any company",
                                                                 identity.id.text()));
                       if (identity.factor.factor_secret) check_factor(identity);
                     });
    if (not_opened_ > 0)
      findings_.add("identities",
                    fmt::format("second factors that no key of [second_factor] opens: {}; it is "
                                "the key of another host, or of before a restore",
                                not_opened_));
  }

  void check_factor(const db::IdentityLine& identity) {
    if (!factors_.opens(identity.factor, identity.id))
      not_opened_++;
    else if (!factors_.is_of_first_key(identity.factor, identity.id))
      of_previous_key++;
  }

  void look_at_move(const db::Tenant& tenant, const Uuid& company) {
    const auto move = task_.db.one(moved::select_state, tenant).move;
    if (move.is_given_up())
      moves.push_back(moved::given_up(company));
    else if (const auto phase = moved::phase(move))
      moves.push_back(fmt::format("the company {}: a move is {}", company.text(), *phase));
  }

  void check_company(const db::Tenant& tenant, const Uuid& company) {
    look_at_move(tenant, company);
    references_.find_dangling(company, [&](std::string_view table, const std::string& what) {
      findings_.add(table, what);
    });
    check_users(tenant);
    if (are_keys_ours_) check_customers(tenant);
    if (are_counts_kept) check_messages(task_.db, tenant, findings_);
  }

  void check_users(const db::Tenant& tenant) {
    bool has_admin = false, can_log_in = false;
    db::for_each_row([&](const auto& batch) { return task_.db.all(select_users, tenant, batch); },
                     [&](const User& user) {
                       const bool is_present = !user.removed_at;
                       const bool is_admin = is_present && user.role == auth::Role::admin;
                       has_admin |= is_admin;
                       can_log_in |= is_admin && user.identity_id;
                       if (is_present && user.identity_id)
                         check_identity(user);
                       else
                         check_nobody(tenant, user);
                     });
    if (!can_log_in)
      findings_.add("users", has_admin ? "the company has no admin who can log in: see `partywall"
                                         " user link` and `partywall invite`"
                                       : "the company has no admin");
  }

  // A name whose key another person has stays with the older one (admin/rebuild.cc): no finding.
  void check_identity(const User& user) {
    const auto holder = identities_.by_key(auth::username_key(user.username));
    if (holder && holder->id == user.identity_id &&
        holder->factor.is_on() != (user.has_factor != 0))
      say(user, "has_factor is not that of the identity");
    if (holder && holder->id == user.identity_id && holder->username == user.username) return;
    const auto identity = identities_.find(*user.identity_id);
    if (!identity)
      return say(user, fmt::format("identity_id refers to identities {}, which is not there",
                                   user.identity_id->text()));
    if (identity->username != user.username)
      return say(user, "username is not that of the identity");
    if (are_keys_ours_ && !holder)
      findings_.add("identities", fmt::format("{}: username_key is not that of the username",
                                              identity->id.text()));
  }

  // Who was removed, or cannot log in.
  void check_nobody(const db::Tenant& tenant, const User& user) {
    if (user.removed_at && user.identity_id) say(user, "was removed, and still has an identity");
    for (const auto& [table, find] : ways_in)
      if (task_.db.find(find, tenant, user.id))
        findings_.add(table, fmt::format("user {}, who is {}, has some", user.id.text(),
                                         user.removed_at ? "removed" : "without an identity"));
  }

  void check_customers(const db::Tenant& tenant) {
    db::for_each_row(
        [&](const auto& batch) { return task_.db.all(select_customers, tenant, batch); },
        [&](const Customer& row) {
          if (row.name_key != base::search_key(row.name))
            findings_.add("customers",
                          fmt::format("{}: name_key is not that of the name", row.id.text()));
          if (row.email_key != base::search_key(row.email))
            findings_.add("customers",
                          fmt::format("{}: email_key is not that of the email", row.id.text()));
        });
  }

  void say(const User& user, const std::string& what) {
    findings_.add("users", fmt::format("{}: {}", user.id.text(), what));
  }

  Task& task_;
  Findings& findings_;
  db::References references_;
  auth::Identities identities_;
  auth::SecondFactor factors_;
  std::int64_t not_opened_ = 0;
  bool are_keys_ours_ = false;
};

void run(const base::Config& config, const Typed& typed) {
  auto patient = config;
  patient.read_timeout_seconds = statement_seconds;
  Task task(patient, typed);
  Findings findings;
  Check check(task, patient.factor_keys, findings);
  bool is_enough = false;
  try {
    task.db.snapshot([&] { check.run(typed.has("COMPANY")); });
  } catch (const Findings::Enough&) {
    is_enough = true;
  }
  const auto& all = findings.all();
  if (task.as_json() || !all.empty())
    print(rest::Document::of(all), "company table what", task.as_json());
  if (!check.are_counts_kept)
    base::complain("conversations and inboxes were not looked at: nobody has said `partywall "
                   "upgraded`, so they need not be right yet");
  for (const auto& move : check.moves) base::complain(move);
  if (check.of_previous_key > 0)
    base::complain(
        fmt::format("second factors that are sealed with the previous key: {}; `partywall "
                    "reseal` seals them anew",
                    check.of_previous_key));
  if (!all.empty())
    throw std::runtime_error(
        fmt::format("findings: {}{}", all.size(), is_enough ? ", and there it stopped" : ""));
  if (!task.as_json()) fmt::print("all is well; companies: {}\n", check.companies);
}

constexpr Command commands[] = {
    {"check", "say whether the rows hold together, and change nothing; the pool may run",
     "[COMPANY]", "json", run},
};

}  // namespace

std::span<const Command> check() { return commands; }

}  // namespace admin
