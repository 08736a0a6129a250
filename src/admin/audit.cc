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
  std::string actor;  // "operator", a user's name then, or "" for somebody unknown
  std::string by;     // the same, as it is printed
  std::optional<Uuid> by_user;
  std::optional<std::string> about;  // a user's name now
  std::optional<Uuid> about_user;
  std::string detail;
  std::string address;
  std::string request;

  static constexpr auto fields() {
    return std::tuple{
        base::field("id", &Row::id),          base::field("date", &Row::date),
        base::field("event", &Row::event),    base::hidden("actor", &Row::actor),
        base::computed("by", &Row::by),       base::field("by_user", &Row::by_user),
        base::field("about", &Row::about),    base::field("about_user", &Row::about_user),
        base::field("detail", &Row::detail),  base::field("address", &Row::address),
        base::field("request", &Row::request)};
  }
};

constexpr base::Literal select_rows = R"(
    SELECT a.id, a.date, a.event, a.actor, a.actor_id AS by_user, u.username AS about,
           a.user_id AS about_user, a.detail, a.address, a.request_id AS request FROM audit a
      LEFT JOIN users u ON u.company_id = a.company_id AND u.id = a.user_id
     WHERE a.company_id = ?)";

constexpr db::Scoped<Row, std::int64_t> select_newest{select_rows + " ORDER BY a.id DESC LIMIT ?"};
constexpr db::Scoped<Row, Uuid, Uuid, std::int64_t> select_newest_of_user{
    select_rows + " AND (a.user_id = ? OR a.actor_id = ?) ORDER BY a.id DESC LIMIT ?"};

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
  for (auto& row : rows) {
    const bool is_name = task.as_json() || row.by_user || row.actor.empty();
    row.by = is_name ? row.actor : "(" + row.actor + ")";
  }
  print(rest::Document::of(rows), "date event by about address detail", task.as_json());
}

constexpr Command commands[] = {
    {"audit list", "print who came in, who was let in or kept out, and by whom", "COMPANY",
     "limit user json", list},
};

}  // namespace

std::span<const Command> audit() { return commands; }

}  // namespace admin
