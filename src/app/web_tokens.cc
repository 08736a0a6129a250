// app/web_tokens.cc — JSON web tokens: obtain, refresh, verify.
// Tables: sql/0014_token_families.sql, sql/0009_refresh_tokens.sql. Tests:
// tests/app/logins_test.cc.
#include "app/call.h"
#include "app/describe.h"
#include "app/login.h"
#include "auth/lock.h"
#include "auth/sessions.h"
#include "auth/tokens.h"
#include "http/protect.h"

namespace app {
namespace {

using auth::Claims;
using base::Time;
using base::Uuid;

// A client that lost the answer asks again at once; a thief comes later.
constexpr std::int64_t reuse_grace_seconds = 10;

struct Obtain {
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<Uuid> company;

  static constexpr auto fields() {
    return std::tuple{base::field("username", &Obtain::username),
                      base::field("password", &Obtain::password, {.trim = false, .secret = true}),
                      base::field("company", &Obtain::company, {.required = false})};
  }
};

struct Refresh {
  std::optional<std::string> refresh;

  FIELDS(Refresh, refresh)
};

struct Verify {
  std::optional<std::string> token;

  FIELDS(Verify, token)
};

struct Pair {
  std::string access;
  std::string refresh;

  FIELDS(Pair, access, refresh)
};

struct Nothing {
  static constexpr auto fields() { return std::tuple{}; }
};

struct RefreshToken {
  Uuid family;
  std::optional<Time> used_at;

  FIELDS(RefreshToken, family, used_at)
};

constexpr db::Scoped<void, Uuid, Uuid, Uuid, Time> insert_one{R"(
    INSERT INTO refresh_tokens (company_id, id, family, user_id, expires_at)
    VALUES (?, ?, ?, ?, ?))"};

constexpr db::Scoped<RefreshToken, Uuid> select_one{R"(
    SELECT family, used_at FROM refresh_tokens WHERE company_id = ? AND id = ?)"};

constexpr db::Scoped<void, Time, Uuid> use_one{R"(
    UPDATE refresh_tokens SET used_at = ? WHERE company_id = ? AND id = ? AND used_at IS NULL)"};

constexpr db::Scoped<RowId, Uuid, Time> select_used_later{R"(
    SELECT id FROM refresh_tokens WHERE company_id = ? AND family = ? AND used_at > ? LIMIT 1)"};

constexpr db::Scoped<void, Uuid, Uuid, Time, Time> insert_family{R"(
    INSERT INTO token_families (company_id, id, user_id, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?))"};

[[noreturn]] void not_valid(std::string_view message) {
  base::Error error(base::Code::unauthorized, std::string(message));
  error.reason = "token_not_valid";
  throw error;
}

void check_configured(const Call& call) {
  if (call.config.token_keys.empty())
    throw base::Error(base::Code::unavailable, "Web tokens are not configured here.");
}

// Signs a pair of a family and notes its refresh token. Neither outlives the family.
http::Response answer_pair(Call& call, const auth::Principal& who, const Uuid& family,
                           Time ends_at) {
  const auto now = Time::now();
  Claims claims{Claims::Type::access,
                who.company_id,
                who.user_id,
                Uuid::make(now),
                family,
                who.token_generation,
                now,
                std::min(now.plus_seconds(auth::access_seconds), ends_at)};
  const auto access = sign(claims, call.config.token_keys);
  claims.type = Claims::Type::refresh;
  claims.id = Uuid::make(now);
  claims.expires_at = ends_at;
  call.db.run(insert_one, who.tenant, claims.id, family, who.user_id, ends_at);
  auto response = call.ok(Pair{access, sign(claims, call.config.token_keys)});
  http::keep_nowhere(response);
  return response;
}

http::Response obtain(Call& call) {
  const auto in = call.read<Obtain>();
  check_configured(call);
  const auto identity = call.authenticator.check(*in.username, *in.password, call.request);
  const auto who = identity && in.company ? call.authenticator.enter(*identity, *in.company)
                   : identity             ? call.authenticator.enter(*identity)
                                          : nullptr;
  if (identity && in.company && !who)
    base::invalid("company", "You do not belong to such a company.");
  if (!who) wrong_login();
  http::Response response;
  call.db.transaction([&] {
    if (!auth::still_holds(call.db, *who)) wrong_login();
    const auto now = Time::now();
    const auto family = Uuid::make(now);
    const auto ends_at = now.plus_seconds(auth::refresh_seconds);
    call.db.run(insert_family, who->tenant, family, who->user_id, now, ends_at);
    response = answer_pair(call, *who, family, ends_at);
    call.audit_own(who->tenant, who->user_id, who->username, "login", "web token");
  });
  return response;
}

// Whether a used token comes from somebody who should not have it: later than a client that lost
// the answer would ask again, or after the answer's own token was used.
bool is_stolen(Call& call, const db::Tenant& tenant, const RefreshToken& token, Time now) {
  return token.used_at && (now > token.used_at->plus_seconds(reuse_grace_seconds) ||
                           call.db.find(select_used_later, tenant, token.family, *token.used_at));
}

// One use each: of two at the same moment, one finds the token used.
http::Response refresh(Call& call) {
  const auto in = call.read<Refresh>();
  Claims claims;
  const auto who = call.authenticator.by_refresh_token(*in.refresh, claims);
  const auto now = Time::now();
  http::Response response;
  call.db.transaction([&] {
    response = {};
    if (!auth::still_holds(call.db, *who)) not_valid("Token is blacklisted");
    const auto row = call.db.find(select_one, who->tenant, claims.id);
    if (!row || row->family != claims.family) not_valid("Token is blacklisted");
    if (call.db.run(use_one, who->tenant, now, claims.id) == 1) {
      response = answer_pair(call, *who, row->family, who->ends_at);
      return;
    }
    if (!is_stolen(call, who->tenant, *row, now)) return;
    auth::end_family(call.db, who->tenant, row->family);
    auth::note(call.db, who->tenant, auth::unknown_actor(call.request),
               {"token.reused", who->user_id});
  });
  if (response.body.empty()) not_valid("Token is blacklisted");
  return response;
}

http::Response verify(Call& call) {
  const auto in = call.read<Verify>();
  const auto claims = auth::verify(*in.token, call.config.token_keys);
  if (!claims) not_valid("Token is invalid or expired");
  if (claims->type == Claims::Type::access) {
    const auto who = call.authenticator.by_claims(*claims);
    if (!who) not_valid("Token is invalid or expired");
    auth::check_open(*who);
  }
  if (claims->type == Claims::Type::refresh) {
    Claims again;
    const auto who = call.authenticator.by_refresh_token(*in.token, again);
    const auto row = call.db.find(select_one, who->tenant, claims->id);
    if (!row || row->used_at) not_valid("Token is blacklisted");
  }
  return call.ok(Nothing{});
}

using enum http::Method;
using enum auth::Access;
constexpr View views[] = {
    {.name = "token-obtain",
     .path = "/api/v1/auth/token/",
     .summary = "JSON web tokens for a name and a password.",
     .operations = {{{post, anyone, obtain}}},
     .form = {post, describe_fields<Pair, Obtain>},
     .guard = Guard::credential},
    {.name = "token-refresh",
     .path = "/api/v1/auth/token/refresh/",
     .summary = "A new pair for a refresh token, which is used up.",
     .operations = {{{post, anyone, refresh}}},
     .form = {post, describe_fields<Pair, Refresh>},
     .guard = Guard::credential},
    {.name = "token-verify",
     .path = "/api/v1/auth/token/verify/",
     .summary = "Whether a token is good.",
     .operations = {{{post, anyone, verify}}},
     .form = {post, describe_fields<Nothing, Verify>},
     .guard = Guard::credential},
};

}  // namespace

std::span<const View> web_tokens() { return views; }

}  // namespace app
