// app/archive/statements.h — how the rows of app/archive/tables.h are read from a company and
// written into one: for archives, and for a move (admin/moved_tables.h).
#pragma once
#include <optional>
#include <string>

#include "app/archive/tables.h"
#include "app/company.h"
#include "db/sql.h"

namespace app::archive {

// All of one company; what narrows it down is added.
inline constexpr base::Literal select_company_of =
    "SELECT name, address, created_at, suspended_at, messages_days FROM companies"
    " WHERE company_id = ?";
inline constexpr base::Literal select_users_of =
    "SELECT id, IF(LENGTH(display_name) > 0, display_name, username) AS name, role, created_at,"
    " removed_at FROM users WHERE company_id = ?";
inline constexpr base::Literal select_customers_of =
    "SELECT id, name, email, phone, notes, created_at, updated_at FROM customers"
    " WHERE company_id = ?";
inline constexpr base::Literal select_messages_of =
    "SELECT id, from_user, to_user, text, date, read_at FROM user_messages WHERE company_id = ?";
// The rows of the audit are `a`. The detail is as it is stored (without_names).
inline constexpr base::Literal select_audit_of =
    "SELECT a.id, a.date, a.event, a.actor_id, IF(a.actor_id IS NULL, a.actor,"
    " IF(LENGTH(u.display_name) > 0, u.display_name, u.username)) AS actor, a.user_id, a.detail,"
    " a.address FROM audit a"
    " LEFT JOIN users u ON u.company_id = a.company_id AND u.id = a.actor_id"
    " WHERE a.company_id = ?";

// Nobody sees it before importing_until is NULL. The last moment is messages_kept_until.
inline constexpr db::Scoped<void, CompanyRow, base::Time, std::optional<base::Time>> insert_company{
    R"(
    INSERT INTO companies (company_id, name, address, created_at, suspended_at, messages_days,
                           importing_until, messages_kept_until)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?))"};
// A person without a login, whatever theirs was.
inline constexpr db::Scoped<void, base::Uuid, std::string, auth::Role, base::Time,
                            std::optional<base::Time>>
    insert_user{R"(
    INSERT INTO users (company_id, id, username, role, created_at, removed_at)
    VALUES (?, ?, ?, ?, ?, ?))"};
// The number is email_twin.
inline constexpr db::Scoped<void, CustomerRow, std::int64_t> insert_customer{R"(
    INSERT INTO customers (company_id, id, name, email, phone, notes, created_at, updated_at,
                           name_key, email_key, email_twin)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"};
inline constexpr db::Scoped<void, MessageRow> insert_message{R"(
    INSERT INTO user_messages (company_id, id, from_user, to_user, text, date, read_at)
    VALUES (?, ?, ?, ?, ?, ?, ?))"};
// The last text is request_id.
inline constexpr db::Scoped<void, AuditRow, std::string> insert_audit{R"(
    INSERT INTO audit (company_id, id, date, event, actor_id, actor, user_id, detail, address,
                       request_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"};

// When the first of its messages may be deleted, of a company that begins here now; empty: never.
inline std::optional<base::Time> kept_until(const CompanyRow& row) {
  if (row.messages_days == 0) return std::nullopt;
  return base::Time::now().plus_seconds(messages_kept_seconds);
}

}  // namespace app::archive
