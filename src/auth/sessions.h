// auth/sessions.h — browser sessions: what is in the cookie, and the rows behind it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "base/uuid.h"
#include "db/connection.h"

namespace auth {

class Principal;

constexpr std::string_view session_cookie = "sessionid";
constexpr int session_seconds = 14 * 24 * 3600;  // as the reference: two weeks, absolute

// base64url(version, company_id, 32 random bytes). The company is a claim that the row confirms.
struct SessionClaim {
  base::Uuid company_id;
  base::Digest token_hash;  // SHA-256 of the random bytes: all that is stored
};
std::optional<SessionClaim> read_session_cookie(std::string_view cookie);

// Writes a new session and answers the cookie's value.
std::string begin_session(db::Connection& db, const Principal& principal);

// Ends the session that the principal came with.
void end_session(db::Connection& db, const Principal& principal);

// Ends all sessions of one user of the tenant.
void end_sessions(db::Connection& db, const db::Tenant& tenant, const base::Uuid& user_id);

}  // namespace auth
