// app/invitations.cc — links that an admin makes for people to join; app/joining.cc opens them.
// Tables: sql/0007_invitations.sql, sql/0043_invitations_of_people.sql. Tests:
// tests/app/invitations_test.cc.
#include "app/invitations.h"

#include <fmt/format.h>

#include "auth/tokens.h"
#include "http/protect.h"

namespace app {
namespace {

using auth::Role;

constexpr std::int64_t default_days = 7, max_days = 30, max_uses = 100;

struct Invitation {
  Uuid id;
  Role role = Role::staff;
  std::string username;  // who may use it; "": whoever has the link
  std::int64_t uses_left = 0;
  Time created_at, expires_at;
  std::optional<UserUrl> created_by;  // with whose right to invite it ends; empty: an operator
  std::optional<UserUrl> for_user;    // who is here and cannot log in; empty: somebody new
  // Only in the answer to its making.
  std::optional<std::string> token;
  std::optional<SiteLink> link;

  static constexpr auto fields() {
    return std::tuple{
        base::field("id", &Invitation::id),
        base::field("role", &Invitation::role),
        base::field("username", &Invitation::username),
        base::field("uses_left", &Invitation::uses_left),
        base::field("created_at", &Invitation::created_at),
        base::field("expires_at", &Invitation::expires_at),
        base::field("created_by", &Invitation::created_by),
        rest::field("for_user", &Invitation::for_user,
                    {.help = "Who gets a login by it. Null: somebody new joins.", .since = 2}),
        base::computed("token", &Invitation::token),
        base::computed("link", &Invitation::link)};
  }
};

struct InvitationInput {
  std::optional<Role> role;
  std::optional<std::string> username;
  std::optional<std::int64_t> days, uses;

  static constexpr auto fields() {
    auto username = username_rule;
    username.required = false;
    username.blank = true;
    return std::tuple{
        rest::field("role", &InvitationInput::role, {.required = false}),
        rest::field("username", &InvitationInput::username, username),
        rest::field("days", &InvitationInput::days,
                    {.required = false,
                     .least = 1,
                     .most = max_days,
                     .help = "How many days it is good; 7 where nothing is said."}),
        rest::field("uses", &InvitationInput::uses,
                    {.required = false,
                     .least = 1,
                     .most = max_uses,
                     .help = "How many people may join with it; 1 where nothing is said."})};
  }
};

constexpr base::Literal columns = R"(
    SELECT id, role, username, uses_left, created_at, expires_at, created_by, for_user
      FROM invitations)";
constexpr base::Literal in_order = " FORCE INDEX (in_order) WHERE company_id = ?";
constexpr auto select_invitations = columns + " WHERE company_id = ?";
constexpr OldestFirst<Invitation, Time> select_page{
    columns + in_order + " AND uses_left > 0 AND expires_at > ?", "created_at"};
constexpr Places<> places{"SELECT created_at AS time, id FROM invitations" + in_order,
                          "created_at"};
constexpr db::Scoped<Invitation, Uuid> select_one{select_invitations + " AND id = ?"};
constexpr db::Scoped<Invitation, Uuid> lock_one{select_invitations + " AND id = ? FOR UPDATE"};

constexpr db::Scoped<void, Invitation, std::string> insert_one{R"(
    INSERT INTO invitations
        (company_id, id, role, username, uses_left, created_at, expires_at, created_by, for_user,
         token_hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"};

constexpr db::Scoped<void, Uuid> delete_one{R"(
    DELETE FROM invitations WHERE company_id = ? AND id = ?)"};
constexpr db::Scoped<void, Uuid> delete_of_user{R"(
    DELETE FROM invitations WHERE company_id = ? AND for_user = ?)"};

std::optional<UserUrl> maker_of(const Context& context) {
  return context.maker() ? std::optional(UserUrl{*context.maker()}) : std::nullopt;
}

// The secret goes into no row.
void insert(Context& context, const Invitation& made, const std::string& secret_hash) {
  context.db.run(insert_one, context.who().tenant, made, secret_hash);
  context.audit("invitation.create",
                made.for_user ? std::optional(made.for_user->id) : std::nullopt,
                fmt::format("{} as {}{}{}", made.id.text(), to_text(made.role),
                            made.username.empty() ? "" : " for ", made.username));
}

Answer index(Context& context) {
  const auto& tenant = context.who().tenant;
  auto page = context.read_page();
  const auto place = places.limit(context.db, tenant, page);
  return context.list(select_page.all(context.db, tenant, page, Time::now()), page, place);
}

// Says nothing about whether the username exists anywhere.
Answer create(Context& context) {
  auto [in, earlier] = context.read_new<InvitationInput>(select_one);
  if (earlier) return *std::move(earlier);
  const auto secret = auth::make_secret(context.who().company_id);
  const auto now = Time::now();
  const Invitation made{context.new_id(),
                        in.role.value_or(Role::staff),
                        in.username.value_or(""),
                        in.uses.value_or(1),
                        now,
                        now.plus_seconds(in.days.value_or(default_days) * base::day_seconds),
                        maker_of(context),
                        {},
                        secret.text,
                        SiteLink{invitation_path(secret.text)}};
  context.db.transaction([&] {
    context.lock_admin();
    context.remember(in);
    insert(context, made, secret.hash);
  });
  auto answer = context.made(made);
  http::keep_nowhere(answer.headers);
  return answer;
}

Answer destroy(Context& context) {
  Answer answer;
  context.db.transaction([&] {
    context.lock_admin();
    answer = delete_row<delete_one, "invitation.revoke">(context);
  });
  return answer;
}

// In the order of auth/lock.h.
void lock(Context& context) {
  context.lock_caller();
  context.db.find(lock_one, context.who().tenant, context.id);
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "invitation-list",
     .path = "/accounts/invitations/",
     .since = 1,
     .summary = "Links that let people join your company. A link is shown once.",
     .operations = {{{get, admin, index},
                     {.method = post,
                      .access = admin,
                      .handle = create,
                      .by = By::no_api_token,
                      .summary = "Invite somebody: the link is shown once."}}},
     .form = {post, describe_fields<Invitation, InvitationInput>}},
    {.name = "invitation-detail",
     .path = "/accounts/invitations/{invitation_id}",
     .since = 1,
     .summary = "Revoke an invitation.",
     .operations = {{{delete_, admin, destroy}}},
     .lock = lock,
     .shown_as = show_row<select_one>},
};

}  // namespace

std::span<const Route> invitations() { return routes; }

std::string invitation_path(const std::string& token) { return "/#/invitation/" + token; }

MadeInvitation invite_user(Context& context, const StoredUser& user) {
  const auto secret = auth::make_secret(context.who().company_id);
  const auto now = Time::now();
  const Invitation made{.id = Uuid::make(now),
                        .role = user.role,
                        .username = "",
                        .uses_left = 1,
                        .created_at = now,
                        .expires_at = now.plus_seconds(default_days * base::day_seconds),
                        .created_by = maker_of(context),
                        .for_user = UserUrl{context.id},
                        .token = {},
                        .link = {}};
  context.db.run(delete_of_user, context.who().tenant, context.id);
  insert(context, made, secret.hash);
  return {secret.text, made.expires_at};
}

}  // namespace app
