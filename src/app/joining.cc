// app/joining.cc — opening and accepting an invitation.
// Table: sql/0007_invitations.sql. Tests: tests/app/invitations_test.cc.
#include <fmt/format.h>

#include "app/company.h"
#include "app/describe.h"
#include "app/users.h"
#include "db/unscoped.h"

namespace app {
namespace {

using auth::Role;
using base::Time;
using base::Uuid;

struct Opening {
  std::optional<std::string> token;

  FIELDS(Opening, token)
};

struct Acceptance {
  std::optional<std::string> token;
  std::optional<std::string> username;
  std::optional<std::string> password;

  static constexpr auto fields() {
    auto username = username_rule;
    auto password = password_rule;
    username.required = password.required = false;
    return std::tuple{base::field("token", &Acceptance::token),
                      base::field("username", &Acceptance::username, username),
                      base::field("password", &Acceptance::password, password)};
  }
};

struct Offer {
  std::string company;
  Role role = Role::staff;
  std::string username;
  Time expires_at;

  FIELDS(Offer, company, role, username, expires_at)
};

struct Joined {
  Company company;
  User user;

  FIELDS(Joined, company, user)
};

constexpr db::Scoped<void, Uuid> use_one{R"(
    UPDATE invitations SET uses_left = uses_left - 1
     WHERE company_id = ? AND id = ? AND uses_left > 0)"};

// All that can be wrong with a token is one answer.
std::unique_ptr<const auth::Principal> check_token(Call& call, const std::string& token,
                                                   auth::Invitation& invitation) {
  auto invited = call.authenticator.by_invitation(token, invitation);
  if (!invited) base::invalid("token", "This invitation is not valid, or not any more.");
  return invited;
}

http::Response open(Call& call) {
  auth::Invitation invitation;
  const auto invited = check_token(call, *call.read<Opening>().token, invitation);
  return call.ok(Offer{one_company(call, invited->tenant).name, invitation.role,
                       invitation.username, invitation.expires_at});
}

// Whoever is logged in joins as the person they are; anybody else signs up with a name and
// password.
void join_as_caller(Call& call, const auth::Principal& invited, const auth::Invitation& invitation,
                    const Uuid& user_id) {
  const auto identity = call.db.find(db::Exempt::lock_identity, call.who().identity_id);
  if (!identity) base::not_found();
  if (!identity->chose_password)
    throw base::Error(base::Code::forbidden,
                      "Choose a password of your own first: an admin of your company knows the "
                      "one that you have.");
  if (call.authenticator.enter_as(call.who(), invited.company_id))
    base::invalid("token", "You belong to this company already.");
  if (!invitation.username.empty() &&
      auth::username_key(invitation.username) != auth::username_key(identity->username))
    base::invalid("token", "This invitation is not valid, or not any more.");
  insert_user(call, invited.tenant, user_id, identity->id, identity->username, invitation.role);
}

void join_as_newcomer(Call& call, const auth::Principal& invited,
                      const auth::Invitation& invitation, const Uuid& user_id,
                      const Acceptance& in) {
  const Credentials credentials{in.username, in.password};
  base::Problems problems;
  if (!in.username) problems.add("username", "This field is required.");
  if (!in.password) problems.add("password", "This field is required.");
  check_username_is_free(call, in.username, {}, "", problems);
  check_credentials(credentials, "", problems);
  if (in.username && !invitation.username.empty() &&
      auth::username_key(invitation.username) != auth::username_key(*in.username))
    problems.add("username", "This invitation is for somebody else.");
  problems.throw_if_any();
  const auto identity_id = insert_identity(call, invited.company_id, credentials, ChosenBy::person);
  insert_user(call, invited.tenant, user_id, identity_id, *in.username, invitation.role);
}

http::Response accept(Call& call) {
  const auto in = call.read<Acceptance>();
  auth::Invitation invitation;
  const auto invited = check_token(call, *in.token, invitation);
  const auto user_id = Uuid::make(Time::now());
  const auto username = call.caller.principal ? call.who().username : in.username.value_or("");
  call.db.transaction([&] {
    if (call.caller.principal)
      join_as_caller(call, *invited, invitation, user_id);
    else
      join_as_newcomer(call, *invited, invitation, user_id, in);
    if (call.db.run(use_one, invited->tenant, invitation.id) == 0)
      base::invalid("token", "This invitation is not valid, or not any more.");
    call.audit_own(invited->tenant, user_id, username, "invitation.accept",
                   fmt::format("{} as {}", invitation.id.text(), to_text(invitation.role)));
  });
  return call.json(
      201, Joined{one_company(call, invited->tenant), one_user(call, invited->tenant, user_id)});
}

using enum http::Method;
using enum auth::Access;
constexpr View views[] = {
    {.name = "invitation-open",
     .path = "/api/v1/auth/invitation/",
     .summary = "What an invitation offers.",
     .operations = {{{post, anyone, open}}},
     .form = {post, describe_fields<Offer, Opening>}},
    {.name = "invitation-accept",
     .path = "/api/v1/auth/invitation/accept/",
     .summary = "Join: as the person who is logged in, or with a new name and password.",
     .operations = {{{post, anyone, accept}}},
     .form = {post, describe_fields<Joined, Acceptance>}},
};

}  // namespace

std::span<const View> joining() { return views; }

}  // namespace app
