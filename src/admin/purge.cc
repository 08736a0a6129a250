// admin/purge.cc — see purge.h.
#include "admin/purge.h"

#include <array>
#include <chrono>
#include <string>
#include <thread>

#include "base/literal.h"

namespace admin {
namespace {

using base::Literal;

constexpr std::int64_t rows_at_a_time = 500;
constexpr std::chrono::milliseconds pause{20};  // between two ranges

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
// with the schema. (A person's conversations are one range, whatever their number.)
constexpr std::array tables = {table<"changes">,
                               table<"exports">,
                               table<"conversations", "user_id">,
                               table<"inboxes", "user_id">,
                               table<"idempotency_keys">,
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

constexpr db::Scoped<void> delete_company{"DELETE FROM companies WHERE company_id = ?"};

constexpr auto names = [] {
  std::array<std::string_view, tables.size() + 1> all{};
  for (std::size_t i = 0; i < tables.size(); i++) all[i] = tables[i].name;
  all.back() = "companies";
  return all;
}();

}  // namespace

void purge_imports(Task& task, base::Time before,
                   const std::function<void(std::string_view table, std::int64_t rows)>& count) {
  task.for_each_given_up(before, [&](const db::Tenant& tenant) {
    for (const auto& table : tables) {
      for (std::string done;;) {
        const auto places = task.db.all(table.select_places, tenant, done, rows_at_a_time);
        if (places.empty()) break;
        const auto& last = places.back().place;
        count(table.name, task.db.run(table.delete_range, tenant, done, last));
        done = last;
        std::this_thread::sleep_for(pause);
      }
    }
    count("companies", task.db.run(delete_company, tenant));
  });
}

std::span<const std::string_view> purged_tables() { return names; }

}  // namespace admin
