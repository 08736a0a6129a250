// admin/audit.cc — `partywall audit list`. Tests: tests/api/admin_test.py.
#include "auth/audit.h"

#include <algorithm>
#include <charconv>

#include "admin/print.h"
#include "admin/task.h"

namespace admin {
namespace {

using base::Time;
using base::Uuid;

constexpr std::int64_t default_limit = 100, most = 100'000;

struct Row {
  Uuid id;
  Time date;
  std::string event;
  std::string by;  // "operator", a user's name then, or "" for somebody unknown
  std::optional<Uuid> by_user;
  std::optional<std::string> about;  // a user's name now
  std::optional<Uuid> about_user;
  std::string detail;
  std::string address;
  std::string request;

  FIELDS(Row, id, date, event, by, by_user, about, about_user, detail, address, request)
};

#define AUDIT                                                                           \
  "SELECT a.id, a.date, a.event, a.actor, a.actor_id, u.username, a.user_id, a.detail," \
  " a.address, a.request_id FROM audit a"                                               \
  " LEFT JOIN users u ON u.company_id = a.company_id AND u.id = a.user_id WHERE a.company_id = ?"

constexpr db::Scoped<Row, std::int64_t> select_newest{AUDIT " ORDER BY a.id DESC LIMIT ?"};
constexpr db::Scoped<Row, Uuid, Uuid, std::int64_t> select_newest_of_user{
    AUDIT " AND (a.user_id = ? OR a.actor_id = ?) ORDER BY a.id DESC LIMIT ?"};

std::int64_t limit_of(const Typed& typed) {
  const auto text = typed.find("--limit");
  if (!text) return default_limit;
  std::int64_t limit = 0;
  const auto* end = text->data() + text->size();
  if (std::from_chars(text->data(), end, limit).ptr != end || limit < 1 || limit > most)
    throw Misuse("--limit: a whole number from 1 to 100000");
  return limit;
}

void list(const base::Config& config, const Typed& typed) {
  const auto limit = limit_of(typed);
  Task task(config, typed);
  std::vector<Row> rows;
  if (const auto name = typed.find("--user")) {
    const auto user = task.person(*name).id;
    rows = task.db.all(select_newest_of_user, task.tenant(), user, user, limit);
  } else {
    rows = task.db.all(select_newest, task.tenant(), limit);
  }
  std::reverse(rows.begin(), rows.end());
  // A user may be called so: only the brackets cannot be in a name.
  for (auto& row : rows)
    if (!task.as_json() && !row.by_user && !row.by.empty()) row.by = "(" + row.by + ")";
  print(rest::Document::of(rows), "date event by about address detail", task.as_json());
}

constexpr Command commands[] = {
    {"audit list", "print who came in, who was let in or kept out, and by whom", "COMPANY",
     "limit user json", list},
};

}  // namespace

std::span<const Command> audit() { return commands; }

}  // namespace admin
