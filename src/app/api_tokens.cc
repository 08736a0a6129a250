// app/api_tokens.cc — tokens for one's scripts: named, read-only or not, shown once.
// Table: sql/0008_api_tokens.sql. Tests: tests/app/api_tokens_test.cc.
#include <fmt/format.h>

#include "app/noun.h"
#include "auth/tokens.h"
#include "http/protect.h"

namespace app {
namespace {

constexpr std::int64_t default_days = 90, max_days = 365;

struct ApiToken {
  Uuid id;
  std::string name, access;
  Time created_at, expires_at;
  std::optional<Time> last_used_at;
  std::optional<std::string> token;  // only in the answer to its making

  static constexpr auto fields() {
    return std::tuple{base::field("id", &ApiToken::id),
                      base::field("name", &ApiToken::name),
                      rest::field("access", &ApiToken::access, {.choices = "read write"}),
                      base::field("created_at", &ApiToken::created_at),
                      base::field("expires_at", &ApiToken::expires_at),
                      base::field("last_used_at", &ApiToken::last_used_at),
                      base::computed("token", &ApiToken::token)};
  }
};

struct ApiTokenInput {
  std::optional<std::string> name, access;
  std::optional<std::int64_t> days;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("name", &ApiTokenInput::name, {.max_length = 100, .example = "nightly"}),
        rest::field("access", &ApiTokenInput::access,
                    {.choices = "read write", .help = "Only read, or change things, too."}),
        rest::field("days", &ApiTokenInput::days,
                    {.required = false,
                     .least = 1,
                     .most = max_days,
                     .help = "How many days it is good; 90 where nothing is said."})};
  }
};

constexpr base::Literal columns = R"(
    SELECT id, name, access, created_at, expires_at, last_used_at FROM api_tokens)";
constexpr base::Literal of_user = " WHERE company_id = ? AND user_id = ?";
constexpr auto select_tokens = columns + of_user;
constexpr OldestFirst<ApiToken, Uuid> select_page{columns + " FORCE INDEX (of_user)" + of_user,
                                                  "created_at"};
constexpr db::Scoped<ApiToken, Uuid, Uuid> select_one{select_tokens + " AND id = ?"};
constexpr db::Scoped<ApiToken, Uuid, Uuid> lock_one{select_tokens + " AND id = ? FOR UPDATE"};

constexpr db::Scoped<void, ApiToken, std::string, Uuid> insert_one{R"(
    INSERT INTO api_tokens
        (company_id, id, name, access, created_at, expires_at, last_used_at, token_hash, user_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))"};

constexpr db::Scoped<void, Uuid, Uuid> delete_one{R"(
    DELETE FROM api_tokens WHERE company_id = ? AND id = ? AND user_id = ?)"};

Answer index(Context& context) {
  const auto page = context.read_page();
  const auto& who = context.who();
  return context.list(select_page.all(context.db, who.tenant, page, who.user_id), page);
}

std::optional<ApiToken> find_one(Context& context, const db::Scoped<ApiToken, Uuid, Uuid>& select,
                                 const Uuid& id) {
  return context.db.find(select, context.who().tenant, context.who().user_id, id);
}

Answer create(Context& context) {
  auto [in, earlier] = context.read_new<ApiTokenInput>(
      [&](const Uuid& id) { return find_one(context, select_one, id); });
  if (earlier) return *std::move(earlier);
  const auto secret = auth::make_secret(context.who().company_id);
  const auto now = Time::now();
  const ApiToken token{context.new_id(),
                       *in.name,
                       *in.access,
                       now,
                       now.plus_seconds(in.days.value_or(default_days) * base::day_seconds),
                       {},
                       std::string(auth::api_token_prefix) + secret.text};
  context.db.transaction([&] {
    context.lock_caller();
    const auto& who = context.who();
    context.remember(in);
    context.db.run(insert_one, who.tenant, token, secret.hash, who.user_id);
    context.audit("token.create", who.user_id,
                  fmt::format("{} to {}: {}", token.id.text(), token.access, token.name));
  });
  auto answer = context.made(token);
  http::keep_nowhere(answer.headers);
  return answer;
}

Answer destroy(Context& context) {
  Answer answer;
  context.db.transaction([&] {
    context.lock_caller();
    answer = delete_own_row<delete_one, "token.revoke">(context);
    context.db.note(context.who().tenant, db::user_ended(context.who().user_id));
  });
  return answer;
}

Answer show(Context& context) {
  const auto token = find_one(context, select_one, context.id);
  if (!token) base::not_found();
  return context.ok(*token);
}

// In the order of auth/lock.h.
void lock(Context& context) {
  context.lock_caller();
  find_one(context, lock_one, context.id);
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "api-token-list",
     .path = "/auth/api-tokens/",
     .since = 1,
     .summary = "Tokens for your scripts. A token is shown once, when it is made.",
     .operations = {{{get, staff, index},
                     // A stolen token must not outlive its end.
                     {.method = post,
                      .access = staff,
                      .handle = create,
                      .by = By::no_api_token,
                      .summary = "Make a token for a script. It is shown once."}}},
     .form = {post, describe_fields<ApiToken, ApiTokenInput>}},
    {.name = "api-token-detail",
     .path = "/auth/api-tokens/{api_token_id}",
     .since = 1,
     .summary = "End a token.",
     .operations = {{{delete_, staff, destroy}}},
     .lock = lock,
     .shown_as = show},
};

}  // namespace

std::span<const Route> api_tokens() { return routes; }

}  // namespace app
