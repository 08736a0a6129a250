// auth/moved.cc — see moved.h. Tests: tests/app/moved_test.cc.
#include "auth/moved.h"

#include <optional>

#include "auth/sessions.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/literal.h"
#include "db/sql.h"

namespace auth {
namespace {

using base::Time;
using base::Uuid;

struct Address {
  std::optional<std::string> moved_to;

  FIELDS(Address, moved_to)
};

constexpr base::Literal join_any_company = " JOIN companies c ON c.company_id = u.company_id";

constexpr db::Scoped<Address, std::string, Time, Time> select_by_session{
    "SELECT c.moved_to FROM sessions s"
    " JOIN users u ON u.company_id = s.company_id AND u.id = s.user_id" +
    join_any_company +
    " WHERE s.company_id = ? AND s.token_hash = ? AND s.expires_at > ? AND s.last_seen_at > ?"
    " AND u.removed_at IS NULL"};
constexpr db::Scoped<Address, std::string, Time> select_by_api_token{
    "SELECT c.moved_to FROM api_tokens t"
    " JOIN users u ON u.company_id = t.company_id AND u.id = t.user_id" +
    join_any_company +
    " WHERE t.company_id = ? AND t.token_hash = ? AND t.expires_at > ? AND u.removed_at IS NULL"};
constexpr db::Scoped<Address, Uuid, Uuid, Time, std::int64_t> select_by_family{
    "SELECT c.moved_to FROM token_families f"
    " JOIN users u ON u.company_id = f.company_id AND u.id = f.user_id" +
    join_any_company +
    " WHERE f.company_id = ? AND f.id = ? AND f.user_id = ? AND f.expires_at > ?"
    " AND u.token_generation = ? AND u.removed_at IS NULL"};
constexpr db::Scoped<Address, Uuid> select_by_identity{
    "SELECT c.moved_to FROM users u" + join_any_company +
    " WHERE u.company_id = ? AND u.identity_id = ? AND u.removed_at IS NULL"};

void tell(const std::optional<Address>& found) {
  if (found && found->moved_to) company_moved(*found->moved_to);
}

}  // namespace

void company_moved(const std::string& address) {
  base::Error error(base::Code::gone, "This company has moved to " + address);
  error.reason = "company_moved";
  error.details = {{"moved_to", address}};
  throw error;
}

void check_moved_session(db::Connection& db, const db::Tenant& tenant, const std::string& hash) {
  const auto now = Time::now();
  tell(db.find(select_by_session, tenant, hash, now, now.plus_seconds(-session_idle_seconds)));
}

void check_moved_api_token(db::Connection& db, const db::Tenant& tenant, const std::string& hash) {
  tell(db.find(select_by_api_token, tenant, hash, Time::now()));
}

void check_moved_family(db::Connection& db, const db::Tenant& tenant, const Claims& claims) {
  tell(db.find(select_by_family, tenant, claims.family, claims.user_id, Time::now(),
               claims.generation));
}

void check_moved_member(db::Connection& db, const db::Tenant& tenant, const Uuid& identity_id) {
  tell(db.find(select_by_identity, tenant, identity_id));
}

}  // namespace auth
