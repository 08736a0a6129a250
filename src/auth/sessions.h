// auth/sessions.h — browser sessions: the cookie's secret (auth/tokens.h) and the rows behind it.
#pragma once
#include <string>
#include <string_view>

#include "base/uuid.h"
#include "db/connection.h"
#include "http/request.h"
#include "http/response.h"

namespace auth {

class Principal;

constexpr std::string_view session_cookie = "sessionid";
constexpr int session_seconds = 14 * 24 * 3600;      // as the reference: two weeks, absolute
constexpr int session_idle_seconds = 3 * 24 * 3600;  // a session that is not used ends before that
constexpr int session_touch_seconds = 60;            // how exact "last seen" is

// Gives the browser the cookie of a session, as long as that lasts, and takes it away.
void set_session_cookie(http::Headers& headers, const std::string& cookie, base::Time ends_at,
                        bool https);
void clear_session_cookie(http::Headers& headers, bool https);

// Writes a new session for the request's browser and answers the cookie's value. It ends at
// `ends_at` at the latest: another session of the same login has the same end.
std::string begin_session(db::Connection& db, const Principal& principal,
                          const http::Request& request, base::Time ends_at);

// Notes that the session was used, at most once in session_touch_seconds.
void touch_session(db::Connection& db, const Principal& principal, base::Time last_seen);

// The following end credentials from the next request on. They belong into a transaction that has
// locked whose they are (auth/lock.h).

// Whether the principal came with a session or a web token, which a login has made.
bool is_login(const Principal& principal);

// By what a stream of events knows the login that somebody came with: when it ends, the family of a
// web token, or an API token's hash; "" for a password, which no login is.
std::string login_key(const Principal& who);

// Ends what the login that `who` came with has in one company, where the same person is `member`:
// its session there, by the moment at which the whole login ends, which no other login of the
// person has; or the family of its web token.
void end_login(db::Connection& db, const Principal& who, const Principal& member);

// Ends one family of web tokens of a user.
void end_family(db::Connection& db, const Principal& who, const base::Uuid& family);

// Ends all sessions and web tokens of one user of the tenant, but for the login that `keep` came
// with; nullptr: all.
void end_logins(db::Connection& db, const db::Tenant& tenant, const base::Uuid& user_id,
                const Principal* keep = nullptr);

// Ends the link with which one user of the tenant may choose a new password.
void end_password_links(db::Connection& db, const db::Tenant& tenant, const base::Uuid& user_id);

// Ends the links for a new password that one user of the tenant made for others.
void end_password_links_made(db::Connection& db, const db::Tenant& tenant,
                             const base::Uuid& user_id);

// Ends whatever lets anybody into the company, but for the login that `keep` came with: sessions,
// tokens, invitations and links. Some rows a statement; outside of a transaction each is one of its
// own, so nobody waits long however many there are.
void end_everything(db::Connection& db, const db::Tenant& tenant, const Principal* keep = nullptr);

// Ends all sessions and all tokens of one user of the tenant, API tokens and links for a new
// password too: who held a session of theirs may have made some.
void end_credentials(db::Connection& db, const db::Tenant& tenant, const base::Uuid& user_id);

}  // namespace auth
