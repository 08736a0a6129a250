// auth/rows.h — the rows by which the Authenticator finds out who is asking: a member of a
// company by each kind of credential, with what may keep them out. One statement each.
#pragma once
#include <optional>
#include <string>

#include "auth/authenticator.h"
#include "auth/role.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/literal.h"
#include "base/uuid.h"
#include "db/sql.h"

namespace auth {

struct UserRow {
  base::Uuid user_id;
  base::Uuid identity_id;
  std::string username;
  Role role = Role::staff;
  std::int64_t token_generation = 0;
  std::int64_t has_factor = 0;                       // a second one, which is on
  std::optional<base::Time> suspended_at, erase_at;  // the company
  std::optional<std::string> moved_to;               // its address, where it has moved
  std::string second_factor_of;  // of whom the company wants one (app/company.cc)

  FIELDS(UserRow, user_id, identity_id, username, role, token_generation, has_factor, suspended_at,
         erase_at, moved_to, second_factor_of)
};

// Says in `principal` who that is, and by what they came.
void fill(Principal& principal, UserRow member, Principal::Via via);

struct SessionRow {
  UserRow member;
  base::Time last_seen_at;
  base::Time expires_at;

  FIELDS(SessionRow, member, last_seen_at, expires_at)
  static constexpr std::size_t most_statement_bytes = 640;
};

struct FamilyRow {
  UserRow member;
  base::Time expires_at;

  FIELDS(FamilyRow, member, expires_at)
  static constexpr std::size_t most_statement_bytes = 640;
};

struct ApiTokenRow {
  UserRow member;
  std::string access;
  base::Time expires_at;
  std::optional<base::Time> last_used_at;

  FIELDS(ApiTokenRow, member, access, expires_at, last_used_at)
  static constexpr std::size_t most_statement_bytes = 640;
};

struct InvitationRow {
  Invitation invitation;
  std::optional<base::Time> suspended_at, erase_at;
  std::optional<std::string> moved_to;

  FIELDS(InvitationRow, invitation, suspended_at, erase_at, moved_to)
};

struct PasswordLinkRow {
  UserRow member;
  PasswordLink link;

  FIELDS(PasswordLinkRow, member, link)
  static constexpr std::size_t most_statement_bytes = 720;
};

// A Member's columns, and the tables that they come from: `users u` and the company.
inline constexpr base::Literal member_columns = R"(
    SELECT u.id AS user_id, u.identity_id, u.username, u.role, u.token_generation, u.has_factor,
           c.suspended_at, c.erase_at, c.moved_to, c.second_factor_of)";
inline constexpr base::Literal join_company = " JOIN companies c ON c.company_id = u.company_id";

inline constexpr db::Scoped<SessionRow, std::string, base::Time, base::Time> select_by_session{
    member_columns + R"(, s.last_seen_at, s.expires_at FROM sessions s
      JOIN users u ON u.company_id = s.company_id AND u.id = s.user_id)" +
    join_company + R"(
     WHERE s.company_id = ? AND s.token_hash = ? AND s.expires_at > ? AND s.last_seen_at > ?
       AND u.removed_at IS NULL)"};

inline constexpr db::Scoped<ApiTokenRow, std::string, base::Time> select_by_api_token{
    member_columns + R"(, t.access, t.expires_at, t.last_used_at FROM api_tokens t
      JOIN users u ON u.company_id = t.company_id AND u.id = t.user_id)" +
    join_company + R"(
     WHERE t.company_id = ? AND t.token_hash = ? AND t.expires_at > ? AND u.removed_at IS NULL)"};

inline constexpr db::Scoped<void, base::Time, std::string> update_last_used{R"(
    UPDATE api_tokens SET last_used_at = ? WHERE company_id = ? AND token_hash = ?)"};

inline constexpr db::Scoped<UserRow, base::Uuid> select_by_identity{
    member_columns + " FROM users u" + join_company + R"(
     WHERE u.company_id = ? AND u.identity_id = ? AND u.removed_at IS NULL)"};

inline constexpr db::Scoped<FamilyRow, base::Uuid, base::Uuid, base::Time> select_by_family{
    member_columns + R"(, f.expires_at FROM token_families f
      JOIN users u ON u.company_id = f.company_id AND u.id = f.user_id)" +
    join_company + R"(
     WHERE f.company_id = ? AND f.id = ? AND f.user_id = ? AND f.expires_at > ?
       AND u.removed_at IS NULL)"};

inline constexpr db::Scoped<InvitationRow, std::string, base::Time, Role> select_invitation{R"(
    SELECT i.id, i.role, i.username, i.expires_at, c.suspended_at, c.erase_at, c.moved_to
      FROM invitations i
      JOIN companies c ON c.company_id = i.company_id
      LEFT JOIN users m ON m.company_id = i.company_id AND m.id = i.created_by
     WHERE i.company_id = ? AND i.token_hash = ? AND i.expires_at > ? AND i.uses_left > 0
       AND (i.created_by IS NULL OR (m.role = ? AND m.removed_at IS NULL)))"};

inline constexpr db::Scoped<PasswordLinkRow, std::string, base::Time, base::Time, Role>
    select_password_link{member_columns + R"(, l.id, l.created_by FROM password_links l
      JOIN users u ON u.company_id = l.company_id AND u.id = l.user_id)" +
                         join_company + R"(
      LEFT JOIN users m ON m.company_id = l.company_id AND m.id = l.created_by
     WHERE l.company_id = ? AND l.token_hash = ? AND l.expires_at > ? AND u.removed_at IS NULL
       AND (c.erase_at IS NULL OR c.erase_at > ?)
       AND (l.created_by IS NULL OR l.created_by = l.user_id
            OR (m.role = ? AND m.removed_at IS NULL AND c.suspended_at IS NULL
                AND c.erase_at IS NULL)))"};

// Neither one that is still imported, nor one whose day has come.
inline constexpr db::Scoped<db::CompanyId, base::Time> select_company{R"(
    SELECT company_id AS id FROM companies
     WHERE company_id = ? AND importing_until IS NULL AND (erase_at IS NULL OR erase_at > ?))"};

}  // namespace auth
