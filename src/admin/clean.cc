// admin/clean.cc — `partywall clean`: deletes what has expired, messages and audit rows that are
// older than they are kept (admin/retention.h), and companies that are to be deleted
// (admin/purge.h).
// Tests: tests/api/clean_test.py.
//
// Nothing that it deletes is usable any more, whether it runs or not. Each statement deletes a few
// hundred rows of one company (or a hundred of what is of none) and is a transaction of its own:
// nobody waits for long. What expires while it runs is left for the next time, so it ends.
#include <fmt/format.h>

#include <algorithm>

#include "admin/move_state.h"
#include "admin/mover.h"
#include "admin/pace.h"
#include "admin/print.h"
#include "admin/purge.h"
#include "admin/retention.h"
#include "admin/task.h"
#include "auth/outbox.h"
#include "auth/throttle.h"
#include "base/standard_output.h"

namespace admin {
namespace {

using base::Time;

constexpr std::int64_t at_a_time = 500;
using base::day_seconds;

// Deletes at most so many rows whose time is before that one.
using DeleteSome = db::Scoped<void, Time, std::int64_t>;

// Gone as soon as they have expired.
constexpr DeleteSome sessions{
    "DELETE FROM sessions WHERE company_id = ? AND expires_at < ? ORDER BY expires_at LIMIT ?"};
constexpr DeleteSome refresh_tokens{
    "DELETE FROM refresh_tokens WHERE company_id = ? AND expires_at < ?"
    " ORDER BY expires_at LIMIT ?"};
constexpr DeleteSome token_families{
    "DELETE FROM token_families WHERE company_id = ? AND expires_at < ?"
    " ORDER BY expires_at LIMIT ?"};
constexpr DeleteSome invitations{
    "DELETE FROM invitations WHERE company_id = ? AND (uses_left < 1 OR expires_at < ?) LIMIT ?"};
constexpr DeleteSome password_links{
    "DELETE FROM password_links WHERE company_id = ? AND expires_at < ?"
    " ORDER BY expires_at LIMIT ?"};
// Their owners can look for a while why a script gets in no more.
constexpr std::int64_t api_tokens_seconds = 30 * day_seconds;
constexpr DeleteSome api_tokens{
    "DELETE FROM api_tokens WHERE company_id = ? AND expires_at < ? LIMIT ?"};
constexpr DeleteSome idempotency_keys{
    "DELETE FROM idempotency_keys WHERE company_id = ? AND created_at < ?"
    " ORDER BY created_at LIMIT ?"};
// Their files go when they have expired (admin/exports.cc). Rows of a host that is gone are left.
constexpr std::int64_t exports_seconds = day_seconds;
constexpr DeleteSome exports{
    "DELETE FROM exports WHERE company_id = ? AND expires_at < ? ORDER BY expires_at LIMIT ?"};
constexpr DeleteSome audit{
    "DELETE FROM audit WHERE company_id = ? AND date < ? ORDER BY date LIMIT ?"};
// The longest window of a throttle is an hour, and an address is known for 30 days
// (auth/throttle.cc). What has no company is deleted by these statements, a hundred rows at a time.
constexpr std::int64_t throttles_seconds = day_seconds, known_addresses_seconds = 31 * day_seconds;
constexpr std::int64_t without_company_at_a_time = 100;

struct Deleted {
  std::string table;
  std::int64_t deleted = 0;

  FIELDS(Deleted, table, deleted)
};

// Calls delete_some() until it finds fewer rows than it might delete, and counts what it deleted.
template <class Work>
void repeat(std::int64_t most, std::int64_t& count, Work delete_some) {
  for (Pace pace;; pace.rest()) {
    const std::int64_t deleted = delete_some();
    count += deleted;
    if (deleted < most) return;
  }
}

struct Chore {
  std::string_view table;
  const DeleteSome& delete_some;
  Time before;
};

struct Cleaned {
  std::vector<Deleted> tables;
  std::int64_t messages = 0;
  int held = 0;    // in how many companies rows were held for longer than a statement waits
  int failed = 0;  // in how many something is wrong
};

void add(Cleaned& cleaned, std::string_view table, std::int64_t rows) {
  auto row = std::ranges::find(cleaned.tables, table, &Deleted::table);
  if (row == cleaned.tables.end()) row = cleaned.tables.insert(row, {std::string(table)});
  row->deleted += rows;
}

// Its triggers note nothing any more (db/capture.h), and only who owns the schema takes them away.
void forget_stopped_move(Task& task, const db::Tenant& tenant, const base::Uuid& company) {
  const auto state = task.db.one(moved::select_state, tenant);
  if (!state.move.moving_until || state.move.can_go_on) return;
  moved::forget_notes({task.db, tenant});
  if (state.move.is_given_up()) base::complain(moved::given_up(company));
}

// Where somebody holds a row, the rest of that company is left for the next time.
void clean_company(Task& task, const db::Tenant& tenant, const base::Uuid& company,
                   const std::vector<Chore>& chores, Cleaned& cleaned) {
  try {
    for (std::size_t i = 0; i < chores.size(); i++)
      repeat(at_a_time, cleaned.tables[i].deleted, [&] {
        return task.db.run(chores[i].delete_some, tenant, chores[i].before, at_a_time);
      });
    delete_old_messages(task.db, tenant, cleaned.messages);
    forget_stopped_move(task, tenant, company);
  } catch (const base::Error& error) {
    if (error.code == base::Code::unavailable) {
      cleaned.held++;
    } else if (dynamic_cast<const db::Refused*>(&error)) {
      cleaned.failed++;
      base::complain(
          fmt::format("in the company {}: {}; `partywall check` says what is wrong there",
                      company.text(), error.cause));
    } else {
      throw;
    }
  }
}

void clean_without_company(Task& task, Cleaned& cleaned, const char* table,
                           int (*delete_some)(db::Connection& db, Time before), Time before) {
  cleaned.tables.push_back({table});
  repeat(without_company_at_a_time, cleaned.tables.back().deleted,
         [&] { return delete_some(task.db, before); });
}

void run(const base::Config& config, const Typed& typed) {
  if (config.clean_account.user.empty())
    throw std::runtime_error("[clean] names no account of the database that may delete");
  auto with_account = config;
  with_account.db_account = config.clean_account;
  Task task(with_account, typed, false);
  const auto now = Time::now();
  const auto ago = [&](std::int64_t seconds) { return now.plus_seconds(-seconds); };
  // In an order in which nothing refers to what is deleted.
  const std::vector<Chore> chores = {
      {"sessions", sessions, now},
      {"refresh_tokens", refresh_tokens, now},
      {"token_families", token_families, now},
      {"invitations", invitations, now},
      {"password_links", password_links, now},
      {"api_tokens", api_tokens, ago(api_tokens_seconds)},
      {"idempotency_keys", idempotency_keys, ago(rest::idempotency_days * day_seconds)},
      {"exports", exports, ago(exports_seconds)},
      {"audit", audit, ago(config.audit_days * day_seconds)}};
  Cleaned cleaned;
  for (const auto& chore : chores) cleaned.tables.push_back({std::string(chore.table)});
  task.for_each_company([&](const db::Tenant& tenant, const base::Uuid& company) {
    clean_company(task, tenant, company, chores, cleaned);
  });
  cleaned.tables.push_back({"user_messages", cleaned.messages});
  clean_without_company(task, cleaned, "throttles", auth::Throttle::forget_tries,
                        ago(throttles_seconds));
  clean_without_company(task, cleaned, "mails", auth::Outbox::forget_old,
                        ago(auth::mail_lives_seconds));
  clean_without_company(task, cleaned, "known_addresses", auth::Throttle::forget_addresses,
                        ago(known_addresses_seconds));
  // The clocks of two hosts differ by less, and no request that began before is still under way.
  cleaned.held += purge_companies(
      task, ago(base::day_seconds / 24),
      [&](std::string_view table, std::int64_t rows) { add(cleaned, table, rows); });
  print(rest::Document::of(cleaned.tables), "table deleted", task.as_json());
  if (cleaned.held > 0)
    base::complain(fmt::format(
        "rows that somebody holds were left for the next time; companies: {}", cleaned.held));
  if (cleaned.failed > 0)
    throw std::runtime_error(
        fmt::format("not all could be deleted that should be; companies: {}", cleaned.failed));
}

constexpr Command commands[] = {
    {"clean", "delete what has expired, and old messages and audit rows; the pool may run", "",
     "json", run, base::Use::clean},
};

}  // namespace

std::span<const Command> clean() { return commands; }

}  // namespace admin
