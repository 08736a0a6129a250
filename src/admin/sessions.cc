// admin/sessions.cc — `partywall session …`. Tests: tests/api/admin_test.py.
#include <fmt/format.h>

#include "admin/print.h"
#include "admin/task.h"
#include "auth/lock.h"
#include "auth/sessions.h"
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

#define SESSIONS                                                                                 \
  "SELECT s.id, u.username, s.address, s.user_agent, s.created_at, s.last_seen_at, s.expires_at" \
  " FROM sessions s JOIN users u ON u.company_id = s.company_id AND u.id = s.user_id"            \
  " WHERE s.company_id = ? AND s.expires_at > ? AND s.last_seen_at > ?"

constexpr db::Scoped<Session, Time, Time, Uuid, std::int64_t> select_page{
    SESSIONS " AND s.id > ? ORDER BY s.id LIMIT ?"};
constexpr db::Scoped<Session, Time, Time, Uuid, Uuid, std::int64_t> select_page_of_user{
    SESSIONS " AND s.user_id = ? AND s.id > ? ORDER BY s.id LIMIT ?"};

struct Owner {
  Uuid user_id;
  Uuid identity_id;

  FIELDS(Owner, user_id, identity_id)
};

constexpr db::Scoped<Owner, Uuid> select_owner{R"(
    SELECT u.id, u.identity_id FROM sessions s
      JOIN users u ON u.company_id = s.company_id AND u.id = s.user_id
     WHERE s.company_id = ? AND s.id = ? AND u.removed_at IS NULL)"};
constexpr db::Scoped<Owner, Uuid, std::int64_t> select_people{R"(
    SELECT id, identity_id FROM users
     WHERE company_id = ? AND removed_at IS NULL AND id > ? ORDER BY id LIMIT ?)"};

constexpr db::Scoped<void, Uuid> delete_one{"DELETE FROM sessions WHERE company_id = ? AND id = ?"};
constexpr db::Scoped<db::Number, Uuid> count_sessions{
    "SELECT COUNT(id) FROM sessions WHERE company_id = ? AND user_id = ?"};
constexpr db::Scoped<db::Number, Uuid> count_families{
    "SELECT COUNT(id) FROM token_families WHERE company_id = ? AND user_id = ?"};

void list(const base::Config& config, const Typed& typed) {
  constexpr std::int64_t at_a_time = 1000;
  Task task(config, typed);
  std::optional<Uuid> user;
  if (const auto name = typed.find("--user")) user = task.person(*name).id;
  const auto now = Time::now();
  const auto idle = now.plus_seconds(-auth::session_idle_seconds);
  std::vector<Session> all;
  for (bool more = true; more;) {
    const auto after = all.empty() ? Uuid::lowest() : all.back().id;
    const auto next =
        user ? task.db.all(select_page_of_user, task.tenant(), now, idle, *user, after, at_a_time)
             : task.db.all(select_page, task.tenant(), now, idle, after, at_a_time);
    all.insert(all.end(), next.begin(), next.end());
    more = next.size() == at_a_time;
  }
  print(to_json(all), "id username address created_at last_seen_at user_agent", task.as_json());
}

struct Revoked {
  std::int64_t revoked = 0;

  FIELDS(Revoked, revoked)
};

// Ends all logins of one user of the company, by cookie and by web token; how many.
std::int64_t end_all_of(Task& task, const Owner& owner) {
  const auto& tenant = task.tenant();
  std::int64_t count = 0;
  task.db.transaction([&] {
    auth::lock_person(task.db, owner.identity_id);
    count = task.db.one(count_sessions, tenant, owner.user_id).value +
            task.db.one(count_families, tenant, owner.user_id).value;
    if (count == 0) return;
    auth::end_logins(task.db, tenant, owner.user_id);
    task.audit({"session.revoke", owner.user_id, "all"});
  });
  return count;
}

std::int64_t end_everybodys(Task& task) {
  constexpr std::int64_t at_a_time = 1000;
  std::int64_t count = 0;
  auto after = Uuid::lowest();
  for (bool more = true; more;) {
    const auto people = task.db.all(select_people, task.tenant(), after, at_a_time);
    for (const auto& owner : people) count += end_all_of(task, owner);
    more = people.size() == at_a_time;
    if (more) after = people.back().user_id;
  }
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
      if (ended == 1) task.audit({"session.revoke", owner->user_id, id->text()});
    });
  if (ended == 0)
    throw std::runtime_error(fmt::format("there is no session \"{}\" in this company", session));
}

void revoke(const base::Config& config, const Typed& typed) {
  if (typed.has("SESSION") + typed.has("--user") + typed.has("--all") != 1)
    throw Misuse("name a SESSION, or give --user USERNAME or --all");
  Task task(config, typed);
  Revoked revoked{1};
  if (const auto name = typed.find("--user")) {
    const auto person = task.person(*name);
    revoked.revoked = end_all_of(task, {person.id, person.identity_id});
  } else if (typed.has("--all")) {
    revoked.revoked = end_everybodys(task);
  } else {
    end_one(task, typed.get("SESSION"));
  }
  print(to_json(revoked), "revoked", task.as_json());
}

constexpr Command commands[] = {
    {"session list", "print where people are logged in", "COMPANY", "user json", list},
    {"session revoke", "end a session, or all of a user or of the company", "COMPANY [SESSION]",
     "user all json", revoke},
};

}  // namespace

std::span<const Command> sessions() { return commands; }

}  // namespace admin
