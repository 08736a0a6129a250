// app/archive/tables.h — which tables and columns of a company are in its archive.
//
// A table is a struct: its fields are the names in the archive, the columns that are read
// and those that are written (app/archive/statements.h), and the compiler compares them. What is
// left out is listed at the end, each with its reason. A test compares both with the schema, so a
// new table or column is decided on here before the tests pass.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "app/company.h"
#include "auth/role.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "rest/rule.h"

namespace app::archive {

// The longest text that any request of any release could bring.
inline constexpr rest::Rule text_rule = {.blank = true, .max_bytes = 1024 * 1024};
constexpr rest::Rule up_to(std::size_t characters) {
  return {.blank = true, .max_length = characters};
}
constexpr rest::Rule name_up_to(std::size_t characters) { return {.max_length = characters}; }

struct CompanyRow {
  std::string name, address;
  base::Time created_at;
  std::optional<base::Time> suspended_at;
  std::int64_t messages_days = 0;

  static constexpr std::string_view table = "companies";
  static constexpr auto fields() {
    return std::tuple{
        rest::field("name", &CompanyRow::name, name_up_to(100)),
        rest::field("address", &CompanyRow::address, up_to(250)),
        base::field("created_at", &CompanyRow::created_at),
        base::field("suspended_at", &CompanyRow::suspended_at),
        rest::field("messages_days", &CompanyRow::messages_days, {.most = most_messages_days})};
  }
};

// By the name that people are shown by: the name to log in with is not their company's.
struct UserRow {
  base::Uuid id;
  std::string name;
  auth::Role role = auth::Role::staff;
  base::Time created_at;
  std::optional<base::Time> removed_at;

  static constexpr std::string_view table = "users";
  static constexpr auto fields() {
    return std::tuple{
        base::field("id", &UserRow::id), rest::field("name", &UserRow::name, name_up_to(150)),
        base::field("role", &UserRow::role), base::field("created_at", &UserRow::created_at),
        base::field("removed_at", &UserRow::removed_at)};
  }
};

struct CustomerRow {
  base::Uuid id;
  std::string name, email, phone, notes;
  base::Time created_at, updated_at;

  static constexpr std::string_view table = "customers";
  static constexpr auto fields() {
    return std::tuple{base::field("id", &CustomerRow::id),
                      rest::field("name", &CustomerRow::name, up_to(100)),
                      rest::field("email", &CustomerRow::email, up_to(254)),
                      rest::field("phone", &CustomerRow::phone, up_to(30)),
                      rest::field("notes", &CustomerRow::notes, text_rule),
                      base::field("created_at", &CustomerRow::created_at),
                      base::field("updated_at", &CustomerRow::updated_at)};
  }
  KEYS(CustomerRow, name, email)
};

struct MessageRow {
  base::Uuid id, from_user, to_user;
  std::string text;
  base::Time date;
  std::optional<base::Time> read_at;

  static constexpr std::string_view table = "user_messages";
  static constexpr auto fields() {
    return std::tuple{base::field("id", &MessageRow::id),
                      base::field("from_user", &MessageRow::from_user),
                      base::field("to_user", &MessageRow::to_user),
                      rest::field("text", &MessageRow::text, text_rule),
                      base::field("date", &MessageRow::date),
                      base::field("read_at", &MessageRow::read_at)};
  }
};

// With the names that people are shown by now, and without what a detail may say of names to log in
// with (keeps_detail).
struct AuditRow {
  base::Uuid id;
  base::Time date;
  std::string event;
  std::optional<base::Uuid> actor_id;
  std::string actor;
  std::optional<base::Uuid> user_id;
  std::string detail, address;

  static constexpr std::string_view table = "audit";
  static constexpr auto fields() {
    return std::tuple{base::field("id", &AuditRow::id),
                      base::field("date", &AuditRow::date),
                      rest::field("event", &AuditRow::event, up_to(40)),
                      base::field("actor_id", &AuditRow::actor_id),
                      rest::field("actor", &AuditRow::actor, up_to(150)),
                      base::field("user_id", &AuditRow::user_id),
                      rest::field("detail", &AuditRow::detail, up_to(255)),
                      rest::field("address", &AuditRow::address, up_to(45))};
  }
};

// The events whose detail names nobody.
constexpr bool keeps_detail(std::string_view event) {
  for (const std::string_view each :
       {"company.messages_days", "company.move", "company.second_factor", "export.create",
        "export.fetch", "export.link", "login", "login.failed", "session.revoke", "token.create",
        "token.revoke", "user.create", "user.display_name", "user.role"})
    if (event == each) return true;
  return false;
}

// What is in an archive of a row of the audit.
template <class Row>
Row without_names(Row row) {
  if (!keeps_detail(row.event)) row.detail.clear();
  return row;
}

// How somebody logs in; only where an operator wants that (--with-logins). No table of the company.
struct LoginRow {
  base::Uuid id;  // of the user
  std::string username, password_hash;
  bool had_second_factor = false;  // which does not come; no archive of an older release says it

  static constexpr std::string_view table = "logins";
  static constexpr auto fields() {
    return std::tuple{
        base::field("id", &LoginRow::id),
        rest::field("username", &LoginRow::username, name_up_to(150)),
        rest::field("password_hash", &LoginRow::password_hash, name_up_to(128)),
        rest::field("had_second_factor", &LoginRow::had_second_factor, {.required = false})};
  }
};

// In an order in which nothing refers to what comes later.
using Tables = std::tuple<CompanyRow, UserRow, CustomerRow, MessageRow, AuditRow>;

struct LeftOut {
  std::string_view table;
  std::string_view column;  // "": all of them
  std::string_view why;
};

inline constexpr std::array left_out = {
    LeftOut{"api_tokens", "", "a credential of the installation that made it"},
    LeftOut{"audit", "request_id", "leads into a log of that installation"},
    LeftOut{"changes", "", "news for a few minutes"},
    LeftOut{"companies", "erase_at", "is asked for where the company is, and not of a copy"},
    LeftOut{"companies", "importing_until", "says that a company is not whole yet"},
    LeftOut{"companies", "messages_kept_until", "begins anew with the import"},
    LeftOut{"companies", "moved_to", "is about the company that was left behind"},
    LeftOut{"companies", "moving_to", "is about a move from that installation"},
    LeftOut{"companies", "moving_until", "is about a move from that installation"},
    LeftOut{"companies", "read_only_since", "is about a move from that installation"},
    LeftOut{"companies", "second_factor_of",
            "would keep all admins out: their factors do not come"},
    LeftOut{"conversations", "", "derived: counted anew"},
    LeftOut{"customers", "email_key", "derived: made anew of the e-mail address"},
    LeftOut{"customers", "email_twin", "derived: numbers those of one key"},
    LeftOut{"customers", "name_key", "derived: made anew of the name"},
    LeftOut{"exports", "", "files of the installation that made them"},
    LeftOut{"idempotency_keys", "", "an answer to who asks the same installation again"},
    LeftOut{"inboxes", "", "derived: counted anew"},
    LeftOut{"invitations", "", "a credential of the installation that made it"},
    LeftOut{"move_notes", "", "is about a move from that installation"},
    LeftOut{"password_links", "", "a credential of the installation that made it"},
    LeftOut{"refresh_tokens", "", "a credential of the installation that made it"},
    LeftOut{"sessions", "", "a credential of the installation that made it"},
    LeftOut{"token_families", "", "a credential of the installation that made it"},
    LeftOut{"users", "display_name", "is the name, where there is one"},
    LeftOut{"users", "has_factor", "says what is known of a person, who does not come"},
    LeftOut{"users", "identity_id", "a person is not their company's, and may be in others"},
    LeftOut{"users", "token_generation", "ends tokens of the installation that made them"},
    LeftOut{"users", "username", "somebody logs in by it; is the name where there is no other"},
};

}  // namespace app::archive
