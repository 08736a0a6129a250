// auth/sessions.cc — see sessions.h.
#include "auth/sessions.h"

#include "auth/authenticator.h"
#include "auth/tokens.h"
#include "base/text.h"
#include "db/failures.h"

namespace auth {
namespace {

using base::Time;
using base::Uuid;

constexpr db::Scoped<void, std::string, Uuid, Uuid, std::string, std::string, Time, Time, Time>
    insert_session{R"(
    INSERT INTO sessions (company_id, token_hash, id, user_id, user_agent, address, created_at,
                          last_seen_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))"};

constexpr db::Scoped<void, Time, std::string> update_last_seen{R"(
    UPDATE sessions SET last_seen_at = ? WHERE company_id = ? AND token_hash = ?)"};

constexpr db::Scoped<void, Uuid, Time> delete_session{R"(
    DELETE FROM sessions WHERE company_id = ? AND user_id = ? AND expires_at = ?)"};

constexpr db::Scoped<void, Uuid, std::string> delete_sessions{R"(
    DELETE FROM sessions WHERE company_id = ? AND user_id = ? AND token_hash <> ?)"};

constexpr db::Scoped<void, Uuid> delete_family_tokens{R"(
    DELETE FROM refresh_tokens WHERE company_id = ? AND family = ?)"};
constexpr db::Scoped<void, Uuid> delete_family{R"(
    DELETE FROM token_families WHERE company_id = ? AND id = ?)"};

constexpr db::Scoped<void, Uuid, std::string> delete_tokens_of_families{R"(
    DELETE FROM refresh_tokens WHERE company_id = ? AND user_id = ? AND family <> ?)"};
constexpr db::Scoped<void, Uuid, std::string> delete_families{R"(
    DELETE FROM token_families WHERE company_id = ? AND user_id = ? AND id <> ?)"};

constexpr db::Scoped<void, Uuid> delete_api_tokens{R"(
    DELETE FROM api_tokens WHERE company_id = ? AND user_id = ?)"};

constexpr db::Scoped<void, Uuid> delete_password_links{R"(
    DELETE FROM password_links WHERE company_id = ? AND user_id = ?)"};

constexpr db::Scoped<void, Uuid> delete_password_links_made{R"(
    DELETE FROM password_links WHERE company_id = ? AND created_by = ? AND user_id <> created_by)"};

// All of a company, some at a time.
constexpr std::int64_t at_a_time = 1000;
using EndSome = db::Scoped<void, std::int64_t>;
using EndOthers = db::Scoped<void, std::string, std::int64_t>;
constexpr EndOthers end_sessions{
    "DELETE FROM sessions WHERE company_id = ? AND token_hash <> ? LIMIT ?"};
constexpr EndOthers end_refresh_tokens{
    "DELETE FROM refresh_tokens WHERE company_id = ? AND family <> ? LIMIT ?"};
constexpr EndOthers end_families{
    "DELETE FROM token_families WHERE company_id = ? AND id <> ? LIMIT ?"};
constexpr EndSome end_api_tokens{"DELETE FROM api_tokens WHERE company_id = ? LIMIT ?"};
constexpr EndSome end_links{"DELETE FROM password_links WHERE company_id = ? LIMIT ?"};
constexpr EndSome end_invitations{"DELETE FROM invitations WHERE company_id = ? LIMIT ?"};

constexpr db::Scoped<void, Uuid> outdate_access_tokens{R"(
    UPDATE users SET token_generation = token_generation + 1 WHERE company_id = ? AND id = ?)"};

// The credential of `keep`, where it is of that kind; "", which is none.
std::string kept_of(const Principal* keep, Principal::Via via) {
  return keep && keep->via == via ? keep->credential : std::string();
}

// What the browser says of itself, cut to what is kept.
std::string user_agent(const http::Request& request) {
  constexpr std::size_t kept = 200;
  const auto agent = request.header("user-agent").value_or("");
  if (!base::valid_utf8(agent)) return "";
  const auto points = base::decode(agent).substr(0, kept);
  std::string text;
  for (const auto point : points) text += base::encode(point);
  return text;
}

// A refresh that was under way may give a family a token when those of all have ended.
template <class End>
void end_web_tokens(End end) {
  constexpr int most_tries = 20;
  for (int tries = 1;; tries++) {
    try {
      return end();
    } catch (const base::Error& error) {
      if (!db::is_referred_to(error) || tries == most_tries) throw;
    }
  }
}

}  // namespace

void set_session_cookie(http::Headers& headers, const std::string& cookie, base::Time ends_at,
                        bool https) {
  const auto left = (ends_at.micros - base::Time::now().micros) / 1'000'000;
  http::set_cookie(headers, {session_cookie, cookie, static_cast<int>(left), true}, https);
}

void clear_session_cookie(http::Headers& headers, bool https) {
  http::set_cookie(headers, {session_cookie, "", 0, true}, https);
}

std::string begin_session(db::Connection& db, const Principal& principal,
                          const http::Request& request, Time ends_at) {
  const auto secret = make_secret(principal.company_id);
  const auto now = Time::now();
  db.run(insert_session, principal.tenant, secret.hash, Uuid::make(now), principal.user_id,
         user_agent(request), request.remote_address, now, now, ends_at);
  return secret.text;
}

void touch_session(db::Connection& db, const Principal& principal, Time last_seen) {
  const auto now = Time::now();
  if (now > last_seen.plus_seconds(session_touch_seconds))
    db.run(update_last_seen, principal.tenant, now, principal.credential);
}

std::string login_key(const Principal& who) {
  if (who.via == Principal::Via::session) return who.ends_at.sql();
  return who.via == Principal::Via::password ? "" : who.credential;
}

bool is_login(const Principal& principal) {
  return principal.via == Principal::Via::session || principal.via == Principal::Via::web_token;
}

void end_login(db::Connection& db, const Principal& who, const Principal& member) {
  if (who.via == Principal::Via::session) {
    db.run(delete_session, member.tenant, member.user_id, who.ends_at);
    db.note(member.tenant, db::login_ended(member.user_id, login_key(who)));
  }
  if (who.via == Principal::Via::web_token && who.company_id == member.company_id)
    end_family(db, who, Uuid::from_bytes(who.credential));
}

void end_family(db::Connection& db, const Principal& who, const Uuid& family) {
  db.run(delete_family_tokens, who.tenant, family);
  db.run(delete_family, who.tenant, family);
  db.note(who.tenant, db::login_ended(who.user_id, family.view()));
}

void end_everything(db::Connection& db, const db::Tenant& tenant, const Principal* keep) {
  const auto kept = [&](Principal::Via via) { return kept_of(keep, via); };
  const auto end = [&](const auto& statement, const auto&... but) {
    while (db.run(statement, tenant, but..., at_a_time) == at_a_time) {
    }
  };
  end(end_sessions, kept(Principal::Via::session));
  end_web_tokens([&] {
    end(end_refresh_tokens, kept(Principal::Via::web_token));
    end(end_families, kept(Principal::Via::web_token));
  });
  end(end_api_tokens);
  end(end_links);
  end(end_invitations);
}

void end_logins(db::Connection& db, const db::Tenant& tenant, const Uuid& user_id,
                const Principal* keep) {
  const auto kept = [&](Principal::Via via) { return kept_of(keep, via); };
  const auto family = kept(Principal::Via::web_token);
  db.run(delete_sessions, tenant, user_id, kept(Principal::Via::session));
  db.run(delete_tokens_of_families, tenant, user_id, family);
  db.run(delete_families, tenant, user_id, family);
  db.note(tenant, db::user_ended(user_id));
}

void end_password_links(db::Connection& db, const db::Tenant& tenant, const Uuid& user_id) {
  db.run(delete_password_links, tenant, user_id);
}

void end_password_links_made(db::Connection& db, const db::Tenant& tenant, const Uuid& user_id) {
  db.run(delete_password_links_made, tenant, user_id);
}

void end_credentials(db::Connection& db, const db::Tenant& tenant, const Uuid& user_id) {
  end_logins(db, tenant, user_id);
  end_password_links(db, tenant, user_id);
  end_password_links_made(db, tenant, user_id);
  db.run(delete_api_tokens, tenant, user_id);
  db.run(outdate_access_tokens, tenant, user_id);
}

}  // namespace auth
