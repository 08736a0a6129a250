// admin/sessions.cc — `partywall session …`. Tests: tests/api/admin_test.py.
#include <fmt/format.h>

#include "admin/print.h"
#include "admin/task.h"
#include "auth/sessions.h"

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

constexpr db::Scoped<void, Uuid> delete_one{"DELETE FROM sessions WHERE company_id = ? AND id = ?"};
constexpr db::Scoped<void, Uuid> delete_of_user{
    "DELETE FROM sessions WHERE company_id = ? AND user_id = ?"};
constexpr db::Scoped<void> delete_all{"DELETE FROM sessions WHERE company_id = ?"};

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

// Ends what was named, in one of three ways.
int delete_named(Task& task, const Typed& typed) {
  const auto& tenant = task.tenant();
  if (const auto name = typed.find("--user")) {
    const auto user = task.person(*name).id;
    const int count = task.db.run(delete_of_user, tenant, user);
    task.audit({"session.revoke", user, "all"});
    return count;
  }
  if (typed.has("--all")) {
    const int count = task.db.run(delete_all, tenant);
    task.audit({"session.revoke", {}, "all of the company"});
    return count;
  }
  const auto id = Uuid::parse(typed.get("SESSION"));
  if (!id || task.db.run(delete_one, tenant, *id) == 0)
    throw std::runtime_error(
        fmt::format("there is no session \"{}\" in this company", typed.get("SESSION")));
  task.audit({"session.revoke", {}, id->text()});
  return 1;
}

void revoke(const base::Config& config, const Typed& typed) {
  if (typed.has("SESSION") + typed.has("--user") + typed.has("--all") != 1)
    throw Misuse("name a SESSION, or give --user USERNAME or --all");
  Task task(config, typed);
  Revoked revoked;
  task.db.transaction([&] { revoked.revoked = delete_named(task, typed); });
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
