// app/web_tokens.cc — JSON web tokens: obtain, refresh, verify.
// Tables: sql/0014_token_families.sql, sql/0009_refresh_tokens.sql. Tests:
// tests/app/logins_test.cc.
#include "app/login.h"
#include "app/noun.h"
#include "auth/lock.h"
#include "auth/sessions.h"
#include "auth/tokens.h"
#include "http/protect.h"

namespace app {
namespace {

using auth::Claims;

// A client that lost the answer asks again at once; a thief comes later.
constexpr std::int64_t reuse_grace_seconds = 10;

struct Obtain {
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<Uuid> company;
  std::optional<std::string> code;

  static constexpr auto fields() {
    return std::tuple{base::field("username", &Obtain::username),
                      rest::field("password", &Obtain::password, {.trim = false, .secret = true}),
                      rest::field("company", &Obtain::company, {.required = false}),
                      rest::field("code", &Obtain::code, code_rule)};
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

struct TokenPair {
  std::string access;
  std::string refresh;

  FIELDS(TokenPair, access, refresh)
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

void check_configured(const Context& context) {
  if (context.config.token_keys.empty())
    throw base::Error(base::Code::unavailable, "Web tokens are not configured here.");
}

// Signs a pair of a family and notes its refresh token. Neither outlives the family.
Answer answer_pair(Context& context, const auth::Principal& who, const Uuid& family, Time ends_at) {
  const auto now = Time::now();
  Claims claims{Claims::Type::access,
                who.company_id,
                who.user_id,
                Uuid::make(now),
                family,
                who.token_generation,
                now,
                std::min(now.plus_seconds(auth::access_seconds), ends_at)};
  const auto access = sign(claims, context.config.token_keys);
  claims.type = Claims::Type::refresh;
  claims.id = Uuid::make(now);
  claims.expires_at = ends_at;
  context.db.run(insert_one, who.tenant, claims.id, family, who.user_id, ends_at);
  auto answer = context.ok(TokenPair{access, sign(claims, context.config.token_keys)});
  http::keep_nowhere(answer.headers);
  return answer;
}

Answer obtain(Context& context) {
  const auto in = context.read<Obtain>();
  check_configured(context);
  const auto verdict = context.authenticator.check(*in.username, *in.password, in.code.value_or(""),
                                                   context.request);
  if (!verdict) wrong_login(verdict.reason);
  const auto who = in.company ? context.authenticator.enter(*verdict.person, *in.company)
                              : context.authenticator.enter(*verdict.person);
  if (in.company && !who) base::invalid("company", "You do not belong to such a company.");
  if (!who) wrong_login();
  Answer answer;
  context.db.transaction([&] {
    if (!auth::still_holds(context.db, *who)) wrong_login();
    const auto now = Time::now();
    const auto family = Uuid::make(now);
    const auto ends_at = now.plus_seconds(auth::refresh_seconds);
    context.db.run(insert_family, who->tenant, family, who->user_id, now, ends_at);
    answer = answer_pair(context, *who, family, ends_at);
    context.audit_own(who->tenant, who->user_id, who->username, "login", "web token");
  });
  return answer;
}

// Whether a used token comes from somebody who should not have it: later than a client that lost
// the answer would ask again, or after the answer's own token was used.
bool is_stolen(Context& context, const db::Tenant& tenant, const RefreshToken& token, Time now) {
  return token.used_at &&
         (now > token.used_at->plus_seconds(reuse_grace_seconds) ||
          context.db.find(select_used_later, tenant, token.family, *token.used_at));
}

// One use each: of two at the same moment, one finds the token used.
Answer refresh(Context& context) {
  const auto in = context.read<Refresh>();
  Claims claims;
  const auto who = context.authenticator.by_refresh_token(*in.refresh, claims);
  const auto now = Time::now();
  std::optional<Answer> answer;
  context.db.transaction([&] {
    answer.reset();
    if (!auth::still_holds(context.db, *who)) not_valid("Token is blacklisted");
    const auto row = context.db.find(select_one, who->tenant, claims.id);
    if (!row || row->family != claims.family) not_valid("Token is blacklisted");
    if (context.db.run(use_one, who->tenant, now, claims.id) == 1) {
      answer = answer_pair(context, *who, row->family, who->ends_at);
      return;
    }
    if (!is_stolen(context, who->tenant, *row, now)) return;
    auth::end_family(context.db, *who, row->family);
    auth::note(context.db, who->tenant, auth::unknown_actor(context.request),
               {"token.reused", who->user_id});
  });
  if (!answer) not_valid("Token is blacklisted");
  return *std::move(answer);
}

Answer verify(Context& context) {
  const auto in = context.read<Verify>();
  const auto claims = auth::verify(*in.token, context.config.token_keys);
  if (!claims) not_valid("Token is invalid or expired");
  if (claims->type == Claims::Type::access) {
    const auto who = context.authenticator.by_claims(*claims);
    if (!who) not_valid("Token is invalid or expired");
    auth::check_open(*who, auth::Admits::erasing);
  }
  if (claims->type == Claims::Type::refresh) {
    Claims again;
    const auto who = context.authenticator.by_refresh_token(*in.token, again);
    const auto row = context.db.find(select_one, who->tenant, claims->id);
    if (!row || row->used_at) not_valid("Token is blacklisted");
  }
  return context.ok(Nothing{});
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "token-obtain",
     .path = "/auth/token/",
     .since = 1,
     .summary = "JSON web tokens for a name and a password.",
     .operations = {{{.method = post, .access = anyone, .handle = obtain, .answers = 200}}},
     .form = {post, describe_fields<TokenPair, Obtain>},
     .guard = Guard::credential},
    {.name = "token-refresh",
     .path = "/auth/token/refresh/",
     .since = 1,
     .summary = "A new pair for a refresh token, which is used up.",
     .operations = {{{.method = post, .access = anyone, .handle = refresh, .answers = 200}}},
     .form = {post, describe_fields<TokenPair, Refresh>},
     .guard = Guard::credential},
    {.name = "token-verify",
     .path = "/auth/token/verify/",
     .since = 1,
     .summary = "Whether a token is good.",
     .operations = {{{.method = post, .access = anyone, .handle = verify, .answers = 200}}},
     .form = {post, describe_fields<Nothing, Verify>},
     .guard = Guard::credential},
};

}  // namespace

std::span<const Route> web_tokens() { return routes; }

}  // namespace app
