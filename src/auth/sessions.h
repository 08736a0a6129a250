// auth/sessions.h — browser sessions: the cookie's secret (auth/tokens.h) and the rows behind it.
#pragma once
#include <string>
#include <string_view>

#include "base/uuid.h"
#include "db/connection.h"
#include "http/request.h"

namespace auth {

class Principal;

constexpr std::string_view session_cookie = "sessionid";
constexpr int session_seconds = 14 * 24 * 3600;      // as the reference: two weeks, absolute
constexpr int session_idle_seconds = 3 * 24 * 3600;  // a session that is not used ends before that
constexpr int session_touch_seconds = 60;            // how exact "last seen" is

// Writes a new session for the request's browser and answers the cookie's value.
std::string begin_session(db::Connection& db, const Principal& principal,
                          const http::Request& request);

// Notes that the session was used, at most once in session_touch_seconds.
void touch_session(db::Connection& db, const Principal& principal, base::Time last_seen);

// Ends the session that the principal came with.
void end_session(db::Connection& db, const Principal& principal);

// Ends all sessions and all tokens of one user of the tenant, from the next request on.
void end_credentials(db::Connection& db, const db::Tenant& tenant, const base::Uuid& user_id);

}  // namespace auth
