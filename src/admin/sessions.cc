// admin/sessions.cc — `partywall session …`. Tests: tests/api/admin_test.py.
#include <fmt/format.h>

#include "admin/print.h"
#include "admin/task.h"
#include "auth/lock.h"
#include "auth/sessions.h"
#include "db/batch.h"
#include "db/unscoped.h"

namespace admin {
namespace {

using base::Time;
using base::Uuid;

struct Session {
  Uuid id;
  std::string username;
  std::string address;
  std::string user_agent;
  Time created_at;
  Time last_seen_at;
  Time expires_at;

  FIELDS(Session, id, username, address, user_agent, created_at, last_seen_at, expires_at)
};

constexpr base::Literal select_sessions = R"(
    SELECT s.id, u.username, s.address, s.user_agent, s.created_at, s.last_seen_at, s.expires_at
      FROM sessions s JOIN users u ON u.company_id = s.company_id AND u.id = s.user_id
     WHERE s.company_id = ? AND s.expires_at > ? AND s.last_seen_at > ?)";

constexpr db::Scoped<Session, Time, Time, db::Batch> select_batch{select_sessions +
                                                                  db::in_batches("s.id")};
constexpr db::Scoped<Session, Time, Time, Uuid, db::Batch> select_batch_of_user{
    select_sessions + " AND s.user_id = ?" + db::in_batches("s.id")};

struct Owner {
  Uuid id;  // of the user
  Uuid identity_id;

  FIELDS(Owner, id, identity_id)
};

constexpr db::Scoped<Owner, Uuid> select_owner{R"(
    SELECT u.id, u.identity_id FROM sessions s
      JOIN users u ON u.company_id = s.company_id AND u.id = s.user_id
     WHERE s.company_id = ? AND s.id = ? AND u.removed_at IS NULL)"};
constexpr db::Scoped<Owner, db::Batch> select_people{
    "SELECT id, identity_id FROM users"
    " WHERE company_id = ? AND removed_at IS NULL AND identity_id IS NOT NULL" +
    db::in_batches("id")};

constexpr db::Scoped<void, Uuid> delete_one{"DELETE FROM sessions WHERE company_id = ? AND id = ?"};
constexpr db::Scoped<db::Number, Uuid> count_sessions{
    "SELECT COUNT(id) AS value FROM sessions WHERE company_id = ? AND user_id = ?"};
constexpr db::Scoped<db::Number, Uuid> count_families{
    "SELECT COUNT(id) AS value FROM token_families WHERE company_id = ? AND user_id = ?"};

constexpr db::Scoped<db::Number, Uuid> count_api_tokens{
    "SELECT COUNT(id) AS value FROM api_tokens WHERE company_id = ? AND user_id = ?"};
constexpr db::Scoped<db::Number, Uuid> count_password_links{
    "SELECT COUNT(id) AS value FROM password_links WHERE company_id = ? AND user_id = ?"};
constexpr db::Scoped<void> delete_invitations{"DELETE FROM invitations WHERE company_id = ?"};
constexpr db::Scoped<void> delete_password_links{"DELETE FROM password_links WHERE company_id = ?"};

void list(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  std::optional<Uuid> user;
  if (const auto name = typed.find("--user")) user = task.person(*name).id;
  const auto now = Time::now();
  const auto idle = now.plus_seconds(-auth::session_idle_seconds);
  std::vector<Session> all;
  const auto read = [&](const auto& batch) {
    return user ? task.db.all(select_batch_of_user, task.tenant(), now, idle, *user, batch)
                : task.db.all(select_batch, task.tenant(), now, idle, batch);
  };
  db::for_each_row(read, [&](const auto& session) { all.push_back(session); });
  print(rest::Document::of(all), "id username address created_at last_seen_at user_agent",
        task.as_json());
}

struct Revoked {
  std::int64_t revoked = 0;
  std::string database;  // so that who has left -c out sees it

  FIELDS(Revoked, revoked, database)
};

// Ends all logins of one user of a company, by cookie and by web token, and a link with which they
// would choose a new password; with `tokens` also their API tokens there. Answers how many.
std::int64_t end_all_of(Task& task, const db::Tenant& tenant, const Uuid& user, bool tokens) {
  auto count = task.db.one(count_sessions, tenant, user).value +
               task.db.one(count_families, tenant, user).value +
               task.db.one(count_password_links, tenant, user).value;
  if (tokens) count += task.db.one(count_api_tokens, tenant, user).value;
  if (count == 0) return 0;
  if (tokens) {
    auth::end_credentials(task.db, tenant, user);
  } else {
    auth::end_logins(task.db, tenant, user);
    auth::end_password_links(task.db, tenant, user);
  }
  task.audit(tenant, {"session.revoke", user, tokens ? "all, and tokens" : "all"});
  return count;
}

// Where no company was typed, in all companies of the person at once: a session can switch from one
// that is still to come into one that is done.
std::int64_t end_all_of_person(Task& task, const db::Tenant& tenant, const Owner& owner,
                               bool tokens) {
  std::int64_t count = 0;
  task.db.transaction([&] {
    count = 0;
    auth::lock_person(task.db, owner.identity_id);
    if (task.is_of_one_company())
      count = end_all_of(task, tenant, owner.id, tokens);
    else
      task.for_each_membership(owner.identity_id,
                               [&](const db::Tenant& theirs, const auto& member) {
                                 count += end_all_of(task, theirs, member.user_id, tokens);
                               });
  });
  return count;
}

// Ends the invitations and the links for a new password of a company, which let in as well.
std::int64_t end_links(Task& task, const db::Tenant& tenant) {
  std::int64_t count = 0;
  task.db.transaction([&] {
    count = task.db.run(delete_invitations, tenant) + task.db.run(delete_password_links, tenant);
    if (count > 0)
      task.audit(tenant, {"invitation.revoke", {}, fmt::format("all, and links: {}", count)});
  });
  return count;
}

// Ends those of everybody in a company, and with `tokens` whatever else lets in there.
std::int64_t end_everybodys(Task& task, const db::Tenant& tenant, bool tokens) {
  std::int64_t count = tokens ? end_links(task, tenant) : 0;
  db::for_each_row(
      [&](const auto& batch) { return task.db.all(select_people, tenant, batch); },
      [&](const auto& owner) { count += end_all_of_person(task, tenant, owner, tokens); });
  return count;
}

void end_one(Task& task, const std::string& session) {
  const auto id = Uuid::parse(session);
  const auto owner = id ? task.db.find(select_owner, task.tenant(), *id) : std::nullopt;
  int ended = 0;
  if (owner)
    task.db.transaction([&] {
      auth::lock_person(task.db, owner->identity_id);
      ended = task.db.run(delete_one, task.tenant(), *id);
      if (ended == 0) return;
      task.audit({"session.revoke", owner->id, id->text()});
      task.db.note(task.tenant(), db::user_ended(owner->id));
    });
  if (ended == 0)
    throw std::runtime_error(fmt::format("there is no session \"{}\" in this company", session));
}

void revoke(const base::Config& config, const Typed& typed) {
  if (typed.has("SESSION") + typed.has("--user") + typed.has("--all") != 1)
    throw Misuse("name a SESSION, or give --user USERNAME or --all");
  if (!typed.has("COMPANY") && !typed.has("--all")) throw Misuse("name the COMPANY");
  if (typed.has("--tokens") && !typed.has("--all")) throw Misuse("--tokens goes with --all");
  Task task(config, typed);
  Revoked revoked{1, config.db_name};
  if (const auto name = typed.find("--user")) {
    const auto person = task.person(*name);
    revoked.revoked =
        end_all_of_person(task, task.tenant(), {person.id, person.identity_id}, false);
  } else if (typed.has("--all")) {
    revoked.revoked = 0;
    task.for_each_company([&](const db::Tenant& tenant, const Uuid&) {
      revoked.revoked += end_everybodys(task, tenant, typed.has("--tokens"));
    });
  } else {
    end_one(task, typed.get("SESSION"));
  }
  print(rest::Document::of(revoked), "revoked database", task.as_json());
}

constexpr Command commands[] = {
    {"session list", "print where people are logged in", "COMPANY", "user json", list},
    {"session revoke", "end a session, or all of a user, of the company or of all companies",
     "[COMPANY] [SESSION]", "user all tokens json", revoke},
};

}  // namespace

std::span<const Command> sessions() { return commands; }

}  // namespace admin
