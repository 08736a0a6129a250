// admin/moved_tables.h — the tables that a move takes along, and the statements on each.
//
// What is in an archive (app/archive/tables.h), and what would take too long to be made anew while
// nobody may write: the counts beside messages, and the keys of requests that may be sent again.
// Whatever else a company has rows in stays where it is: `stays_behind` says why, and a test
// compares both with the schema.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "admin/moved_rows.h"
#include "app/archive/statements.h"
#include "db/capture.h"

namespace admin::moved {

// Each table:
//
// captured   its name and its primary key
// last       the last place that there are rows of
// after      so many rows in the order of their places, from the one after that on
// find       the row of that place
// add, put   writes a new row; writes one that may be there
// erase      deletes the row of that place
// compared   what --back looks at

enum class Compared {
  whole,       // both sides have the same rows
  since_then,  // so they have from the oldest one here on: `partywall clean` deletes older ones
  nothing,     // rows come and go on either side, and what made one made another one elsewhere
};

// Statements on a table whose rows are found by one id; Select ends after company_id = ?.
template <Literal Name, class RowType, Literal Select, Literal Id = "id", Literal Column = "id">
struct ById {
  using Row = RowType;
  static constexpr db::Captured captured{Name.view(), Column.view()};
  static constexpr auto compared = Compared::whole;

  static constexpr db::Scoped<Place> select_last{"SELECT " + Column + " AS place FROM " + Name +
                                                 " WHERE company_id = ? ORDER BY " + Column +
                                                 " DESC LIMIT 1"};
  static constexpr db::Scoped<Row, std::string, std::int64_t> select_after{
      Select + " AND " + Id + " > ? ORDER BY " + Id + " LIMIT ?"};
  static constexpr db::Scoped<Row, std::string> select_one{Select + " AND " + Id + " = ?"};
  static constexpr db::Scoped<void, std::string> delete_one{
      "DELETE FROM " + Name + " WHERE company_id = ? AND " + Column + " = ?"};

  static std::string last(const Side& side) {
    const auto row = side.db.find(select_last, side.tenant);
    return row ? row->place : "";
  }
  static std::vector<Row> after(const Side& side, const std::string& place, std::int64_t rows) {
    return side.db.all(select_after, side.tenant, place, rows);
  }
  static std::optional<Row> find(const Side& side, const std::string& place) {
    return side.db.find(select_one, side.tenant, place);
  }
  static void erase(const Side& side, const std::string& place) {
    side.db.run(delete_one, side.tenant, place);
  }
};

struct Companies {
  using Row = CompanyRow;
  static constexpr db::Captured captured{"companies", ""};
  static constexpr auto compared = Compared::whole;

  static constexpr db::Scoped<Row> select_one{R"(
      SELECT name, address, created_at, suspended_at, messages_days, messages_kept_until
        FROM companies WHERE company_id = ?)"};
  static constexpr db::Scoped<void, archive::CompanyRow, std::optional<Time>> update_one{R"(
      UPDATE companies SET name = ?, address = ?, created_at = ?, suspended_at = ?,
                           messages_days = ?, messages_kept_until = ?
       WHERE company_id = ?)"};

  static std::string place(const Row&) { return "the one"; }
  static std::string last(const Side&) { return ""; }
  static std::vector<Row> after(const Side& side, const std::string& place, std::int64_t) {
    if (!place.empty()) return {};
    return side.db.all(select_one, side.tenant);
  }
  static std::optional<Row> find(const Side& side, const std::string&) {
    return side.db.find(select_one, side.tenant);
  }
  static void add(const Side& side, const Row& row) { put(side, row); }
  static void put(const Side& side, const Row& row) {
    side.db.run(update_one, side.tenant, row.row, row.messages_kept_until);
  }
  static void erase(const Side&, const std::string&) {}
};

struct Users : ById<"users", archive::UserRow, archive::select_users_of> {
  static constexpr db::Scoped<void, std::string, auth::Role, Time, std::optional<Time>, Uuid>
      update_one{R"(
      UPDATE users SET username = ?, role = ?, created_at = ?, removed_at = ?
       WHERE company_id = ? AND id = ?)"};

  static std::string place(const Row& row) { return std::string(row.id.view()); }
  static void add(const Side& side, const Row& row) {
    side.db.run(archive::insert_user, side.tenant, row.id, row.name, row.role, row.created_at,
                row.removed_at);
  }
  static void put(const Side& side, const Row& row) {
    if (side.db.run(update_one, side.tenant, row.name, row.role, row.created_at, row.removed_at,
                    row.id) == 0)
      add(side, row);
  }
};

inline constexpr Literal select_moved_customers =
    "SELECT id, name, email, phone, notes, created_at, updated_at, email_twin FROM customers"
    " WHERE company_id = ?";

struct Customers : ById<"customers", CustomerRow, select_moved_customers> {
  static std::string place(const Row& row) { return std::string(row.row.id.view()); }
  static void add(const Side& side, const Row& row) {
    side.db.run(archive::insert_customer, side.tenant, row.row, row.email_twin);
  }
  // Nothing refers to it, so it makes way for another one that has its e-mail address meanwhile.
  static void put(const Side& side, const Row& row) {
    erase(side, place(row));
    add(side, row);
  }
};

struct Messages : ById<"user_messages", archive::MessageRow, archive::select_messages_of> {
  static constexpr db::Scoped<void, Uuid, Uuid, std::string, Time, std::optional<Time>, Uuid>
      update_one{R"(
      UPDATE user_messages SET from_user = ?, to_user = ?, text = ?, date = ?, read_at = ?
       WHERE company_id = ? AND id = ?)"};

  static std::string place(const Row& row) { return std::string(row.id.view()); }
  static void add(const Side& side, const Row& row) {
    side.db.run(archive::insert_message, side.tenant, row);
  }
  static void put(const Side& side, const Row& row) {
    if (side.db.run(update_one, side.tenant, row.from_user, row.to_user, row.text, row.date,
                    row.read_at, row.id) == 0)
      add(side, row);
  }
};

inline constexpr Literal select_moved_keys =
    "SELECT id, digest, created_at FROM idempotency_keys WHERE company_id = ?";

struct Keys : ById<"idempotency_keys", KeyRow, select_moved_keys> {
  static constexpr auto compared = Compared::nothing;
  static constexpr db::Scoped<void, KeyRow> insert_one{R"(
      INSERT INTO idempotency_keys (company_id, id, digest, created_at) VALUES (?, ?, ?, ?))"};

  static std::string place(const Row& row) { return std::string(row.id.view()); }
  static void add(const Side& side, const Row& row) { side.db.run(insert_one, side.tenant, row); }
  static void put(const Side& side, const Row& row) {
    erase(side, place(row));
    add(side, row);
  }
};

inline constexpr Literal select_moved_conversations =
    "SELECT user_id, other_id, last_message, last_date, unread FROM conversations"
    " WHERE company_id = ?";

struct Conversations {
  using Row = ConversationRow;
  static constexpr db::Captured captured{"conversations", "user_id", "other_id"};
  static constexpr auto compared = Compared::whole;

  static constexpr db::Scoped<Place> select_last{R"(
      SELECT CONCAT(user_id, other_id) AS place FROM conversations WHERE company_id = ?
       ORDER BY user_id DESC, other_id DESC LIMIT 1)"};
  static constexpr db::Scoped<Row, std::string, std::string, std::string, std::int64_t>
      select_after{select_moved_conversations +
                   " AND (user_id > ? OR (user_id = ? AND other_id > ?))"
                   " ORDER BY user_id, other_id LIMIT ?"};
  static constexpr db::Scoped<Row, std::string, std::string> select_one{
      select_moved_conversations + " AND user_id = ? AND other_id = ?"};
  static constexpr db::Scoped<void, Row> insert_one{R"(
      INSERT INTO conversations (company_id, user_id, other_id, last_message, last_date, unread)
      VALUES (?, ?, ?, ?, ?, ?))"};
  static constexpr db::Scoped<void, Uuid, Time, std::int64_t, Uuid, Uuid> update_one{R"(
      UPDATE conversations SET last_message = ?, last_date = ?, unread = ?
       WHERE company_id = ? AND user_id = ? AND other_id = ?)"};
  static constexpr db::Scoped<void, std::string, std::string> delete_one{
      "DELETE FROM conversations WHERE company_id = ? AND user_id = ? AND other_id = ?"};

  static std::string place(const Row& row) {
    return std::string(row.user_id.view()) + std::string(row.other_id.view());
  }
  static std::string user_of(const std::string& place) { return place.substr(0, id_bytes); }
  static std::string other_of(const std::string& place) {
    return place.empty() ? "" : place.substr(id_bytes);
  }
  static std::string last(const Side& side) {
    const auto row = side.db.find(select_last, side.tenant);
    return row ? row->place : "";
  }
  static std::vector<Row> after(const Side& side, const std::string& place, std::int64_t rows) {
    return side.db.all(select_after, side.tenant, user_of(place), user_of(place), other_of(place),
                       rows);
  }
  static std::optional<Row> find(const Side& side, const std::string& place) {
    return side.db.find(select_one, side.tenant, user_of(place), other_of(place));
  }
  static void add(const Side& side, const Row& row) { side.db.run(insert_one, side.tenant, row); }
  static void put(const Side& side, const Row& row) {
    if (side.db.run(update_one, side.tenant, row.last_message, row.last_date, row.unread,
                    row.user_id, row.other_id) == 0)
      add(side, row);
  }
  static void erase(const Side& side, const std::string& place) {
    side.db.run(delete_one, side.tenant, user_of(place), other_of(place));
  }
  // Where people write without a pause, its last message is always newer than those that were
  // copied.
  static void bring_along(const Side& from, const Side& to, const Row& row) {
    const std::string message(row.last_message.view());
    if (Messages::find(to, message)) return;
    if (const auto found = Messages::find(from, message)) Messages::add(to, *found);
  }

 private:
  static constexpr std::size_t id_bytes = 16;
};

inline constexpr Literal select_moved_inboxes =
    "SELECT user_id, unread FROM inboxes WHERE company_id = ?";

struct Inboxes : ById<"inboxes", InboxRow, select_moved_inboxes, "user_id", "user_id"> {
  static constexpr db::Scoped<void, InboxRow> insert_one{
      "INSERT INTO inboxes (company_id, user_id, unread) VALUES (?, ?, ?)"};
  static constexpr db::Scoped<void, std::int64_t, Uuid> update_one{
      "UPDATE inboxes SET unread = ? WHERE company_id = ? AND user_id = ?"};

  static std::string place(const Row& row) { return std::string(row.user_id.view()); }
  static void add(const Side& side, const Row& row) { side.db.run(insert_one, side.tenant, row); }
  static void put(const Side& side, const Row& row) {
    if (side.db.run(update_one, side.tenant, row.unread, row.user_id) == 0) add(side, row);
  }
};

// Rows are only ever added, but for those that `partywall clean` finds too old.
struct Audit : ById<"audit", archive::AuditRow, archive::select_audit_of, "a.id"> {
  static constexpr db::Captured captured{.name = "audit", .key = "id", .closes = false};
  static constexpr auto compared = Compared::since_then;

  static std::string place(const Row& row) { return std::string(row.id.view()); }
  static void add(const Side& side, const Row& row) {
    side.db.run(archive::insert_audit, side.tenant, archive::without_names(row), "");
  }
  static void put(const Side& side, const Row& row) {
    if (!find(side, place(row))) add(side, row);
  }
  static void erase(const Side&, const std::string&) {}
};

// In an order in which nothing refers to what comes later.
using Tables =
    std::tuple<Companies, Users, Customers, Messages, Keys, Conversations, Inboxes, Audit>;

template <class Work>
void for_each_table(Work work) {
  std::apply([&](const auto&... table) { (work(table), ...); }, Tables{});
}

inline constexpr std::array captured = {
    Companies::captured, Users::captured,         Customers::captured, Messages::captured,
    Keys::captured,      Conversations::captured, Inboxes::captured,   Audit::captured};

// Why the rows of a table stay. Of those that an archive leaves out, too, the reason is there.
struct StaysBehind {
  std::string_view table, why;
};
inline constexpr std::array stays_behind = {
    StaysBehind{"api_tokens", "a credential of the installation that made it"},
    StaysBehind{"changes", "news for a few minutes, and streams end with the move"},
    StaysBehind{"exports", "a file of the installation that makes it"},
    StaysBehind{"invitations", "a credential of the installation that made it"},
    StaysBehind{"move_notes", "is about the move itself"},
    StaysBehind{"password_links", "a credential of the installation that made it"},
    StaysBehind{"refresh_tokens", "a credential of the installation that made it"},
    StaysBehind{"sessions", "a credential of the installation that made it"},
    StaysBehind{"token_families", "a credential of the installation that made it"},
};

}  // namespace admin::moved
