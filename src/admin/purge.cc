// admin/purge.cc — see purge.h.
#include "admin/purge.h"

#include <array>
#include <string>

#include "admin/pace.h"
#include "auth/identities.h"
#include "base/literal.h"
#include "db/failures.h"

namespace admin {
namespace {

using base::Literal;

constexpr std::int64_t rows_at_a_time = 500;
constexpr std::int64_t members_at_a_time = 50;  // each a transaction of its own

// The second column of a primary key.
struct Place {
  std::string place;

  FIELDS(Place, place)
};

template <Literal Table, Literal Key>
constexpr db::Scoped<Place, std::string, std::int64_t> select_places{
    "SELECT " + Key + " AS place FROM " + Table + " WHERE company_id = ? AND " + Key +
    " > ? ORDER BY " + Key + " LIMIT ?"};
template <Literal Table, Literal Key>
constexpr db::Scoped<void, std::string, std::string> delete_range{
    "DELETE FROM " + Table + " WHERE company_id = ? AND " + Key + " > ? AND " + Key + " <= ?"};

struct Table {
  std::string_view name;
  const db::Scoped<Place, std::string, std::int64_t>& select_places;
  const db::Scoped<void, std::string, std::string>& delete_range;
};

template <Literal Name, Literal Key = "id">
constexpr Table table{Name.view(), select_places<Name, Key>, delete_range<Name, Key>};

// All that a company can have rows in, and none before those that refer to it; a test compares them
// with the schema. (A person's conversations are one range, whatever their number,
// and so are the notes of a table.)
constexpr std::array tables = {table<"changes">,
                               table<"exports">,
                               table<"conversations", "user_id">,
                               table<"inboxes", "user_id">,
                               table<"idempotency_keys">,
                               table<"move_notes", "table_name">,
                               table<"user_messages">,
                               table<"customers">,
                               table<"refresh_tokens">,
                               table<"token_families">,
                               table<"sessions", "token_hash">,
                               table<"api_tokens">,
                               table<"password_links">,
                               table<"invitations">,
                               table<"audit">,
                               table<"users">};

struct Member {
  base::Uuid id, identity_id;

  FIELDS(Member, id, identity_id)
};
constexpr db::Scoped<Member, std::int64_t> select_members{
    "SELECT id, identity_id FROM users WHERE company_id = ? AND identity_id IS NOT NULL LIMIT ?"};
constexpr db::Scoped<void, base::Uuid> delete_member{
    "DELETE FROM users WHERE company_id = ? AND id = ?"};

constexpr db::Scoped<void> delete_company{"DELETE FROM companies WHERE company_id = ?"};

constexpr auto names = [] {
  std::array<std::string_view, tables.size() + 1> all{};
  for (std::size_t i = 0; i < tables.size(); i++) all[i] = tables[i].name;
  all.back() = "companies";
  return all;
}();

using Count = std::function<void(std::string_view table, std::int64_t rows)>;

void purge_table(Task& task, const db::Tenant& tenant, const Table& table, const Count& count) {
  Pace pace;
  for (std::string done;; pace.rest()) {
    const auto places = task.db.all(table.select_places, tenant, done, rows_at_a_time);
    if (places.empty()) return;
    const auto& last = places.back().place;
    count(table.name, task.db.run(table.delete_range, tenant, done, last));
    done = last;
  }
}

// In the order of auth/lock.h: whoever leaves their other company meanwhile comes before or after.
void purge_member(Task& task, const db::Tenant& tenant, const Member& member, const Count& count) {
  bool was_last = false;
  int rows = 0;
  task.db.transaction([&] {
    auth::Identities people(task.db);
    people.lock_alone(member.identity_id);
    rows = task.db.run(delete_member, tenant, member.id);
    was_last = people.erase_if_nowhere(member.identity_id);
  });
  count("users", rows);
  count("identities", was_last ? rows : 0);  // of two runs at once one has found the user
}

// A company's people, before those of its users who are no person any more.
void purge_members(Task& task, const db::Tenant& tenant, const Count& count) {
  for (Pace pace;; pace.rest()) {
    const auto members = task.db.all(select_members, tenant, members_at_a_time);
    if (members.empty()) return;
    for (const auto& member : members) purge_member(task, tenant, member, count);
  }
}

void purge_company(Task& task, const db::Tenant& tenant, const Count& count) {
  for (const auto& table : tables) {
    if (table.name == "users") purge_members(task, tenant, count);
    purge_table(task, tenant, table, count);
  }
  count("companies", task.db.run(delete_company, tenant));
}

// Until a person's user is gone, what they change of themselves in all of their companies is noted
// in this one, too, and so is who tries their password: a row comes into a table that was emptied.
// Then all begins again, as long as there were users to delete. Answers whether all is gone.
bool purge_whole_company(Task& task, const db::Tenant& tenant, const Count& count) {
  for (;;) {
    std::int64_t users = 0;
    try {
      purge_company(task, tenant, [&](std::string_view table, std::int64_t rows) {
        if (table == "users") users += rows;
        count(table, rows);
      });
      return true;
    } catch (const base::Error& error) {
      if (error.code == base::Code::unavailable) return false;
      if (!db::is_referred_to(error)) throw;
      if (users == 0) return false;
    }
  }
}

}  // namespace

int purge_companies(Task& task, base::Time before, const Count& count) {
  int held = 0;
  task.for_each_to_purge(before, [&](const db::Tenant& tenant) {
    if (!purge_whole_company(task, tenant, count)) held++;
  });
  return held;
}

std::span<const std::string_view> purged_tables() { return names; }

}  // namespace admin
