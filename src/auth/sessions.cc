// auth/sessions.cc — see sessions.h.
#include "auth/sessions.h"

#include "auth/authenticator.h"

namespace auth {
namespace {

constexpr char cookie_version = 1;
constexpr std::size_t token_size = 32;

constexpr db::Scoped<void, std::string, base::Uuid, base::Time, base::Time> insert_session{R"(
    INSERT INTO sessions (company_id, token_hash, user_id, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?))"};

constexpr db::Scoped<void, std::string> delete_session{R"(
    DELETE FROM sessions WHERE company_id = ? AND token_hash = ?)"};

constexpr db::Scoped<void, base::Uuid> delete_sessions{R"(
    DELETE FROM sessions WHERE company_id = ? AND user_id = ?)"};

}  // namespace

std::optional<SessionClaim> read_session_cookie(std::string_view cookie) {
  const auto bytes = base::from_base64url(cookie);
  if (!bytes || bytes->size() != 1 + 16 + token_size || bytes->front() != cookie_version)
    return std::nullopt;
  const std::string_view all = *bytes;
  return SessionClaim{base::Uuid::from_bytes(all.substr(1, 16)), base::sha256(all.substr(17))};
}

std::string begin_session(db::Connection& db, const Principal& principal) {
  const auto token = base::random_string(token_size);
  const auto now = base::Time::now();
  db.run(insert_session, principal.tenant, std::string(base::view(base::sha256(token))),
         principal.user_id, now, now.plus_seconds(session_seconds));
  return base::base64url(cookie_version + std::string(principal.company_id.view()) + token);
}

void end_session(db::Connection& db, const Principal& principal) {
  db.run(delete_session, principal.tenant, std::string(base::view(principal.session)));
}

void end_sessions(db::Connection& db, const db::Tenant& tenant, const base::Uuid& user_id) {
  db.run(delete_sessions, tenant, user_id);
}

}  // namespace auth
