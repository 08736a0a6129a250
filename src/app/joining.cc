// app/joining.cc — opening and accepting an invitation: somebody new joins, or somebody who is
// there and cannot log in gets a login. Tables: sql/0007_invitations.sql,
// sql/0043_invitations_of_people.sql. Tests: tests/app/invitations_test.cc,
// tests/app/imported_people_test.cc.
#include <fmt/format.h>

#include "app/company.h"
#include "app/email.h"
#include "app/login.h"
#include "app/noun.h"
#include "app/own_password.h"
#include "app/second_factor.h"
#include "app/users/change.h"
#include "app/users/users.h"
#include "auth/identities.h"
#include "auth/lock.h"
#include "auth/password.h"
#include "auth/second_factor.h"
#include "auth/sessions.h"
#include "base/text.h"

namespace app {
namespace {

using auth::Role;

struct Opening {
  std::optional<std::string> token;

  FIELDS(Opening, token)
};

struct Acceptance {
  std::optional<std::string> token;
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<std::string> current_password, code;
  std::optional<std::string> display_name;

  static constexpr auto fields() {
    auto username = username_rule;
    auto password = password_rule;
    username.required = password.required = false;
    return std::tuple{
        base::field("token", &Acceptance::token),
        rest::field("username", &Acceptance::username, username),
        rest::field("password", &Acceptance::password, password),
        rest::field("current_password", &Acceptance::current_password, current_password_rule),
        rest::field("code", &Acceptance::code, code_rule),
        rest::field("display_name", &Acceptance::display_name, display_name_rule)};
  }
};

struct Offer {
  std::string company;
  Role role = Role::staff;
  std::string username;
  Time expires_at;
  std::string person;

  static constexpr auto fields() {
    return std::tuple{
        base::field("company", &Offer::company), base::field("role", &Offer::role),
        base::field("username", &Offer::username), base::field("expires_at", &Offer::expires_at),
        rest::field("person", &Offer::person,
                    {.help = "Who is in the company already and gets a login by it; empty: "
                             "somebody new joins.",
                     .since = 2})};
  }
};

// Somebody of the company who cannot log in yet, and for whom an invitation is.
struct Waiting {
  Uuid id;
  std::string username, display_name;
  Role role = Role::staff;

  FIELDS(Waiting, id, username, display_name, role)

  const std::string& called() const { return display_name.empty() ? username : display_name; }
};

struct Joined {
  Company company;
  User user;
  std::optional<std::string> email;  // set by whoever knew the password then, an admin perhaps

  static constexpr auto fields() {
    return std::tuple{
        base::field("company", &Joined::company), base::field("user", &Joined::user),
        rest::field("email", &Joined::email, {.help = "Where your links are sent.", .since = 2})};
  }
};

constexpr db::Scoped<Waiting, Uuid> select_waiting{R"(
    SELECT u.id, u.username, u.display_name, u.role FROM invitations i
      JOIN users u ON u.company_id = i.company_id AND u.id = i.for_user
     WHERE i.company_id = ? AND i.id = ?)"};

constexpr db::Scoped<RowId, Uuid, Time> lock_one{R"(
    SELECT id FROM invitations
     WHERE company_id = ? AND id = ? AND expires_at > ? AND uses_left > 0 FOR UPDATE)"};

constexpr db::Scoped<void, Uuid> use_one{R"(
    UPDATE invitations SET uses_left = uses_left - 1 WHERE company_id = ? AND id = ?)"};

// All that can be wrong with a token is one answer.
[[noreturn]] void invalid_token() {
  base::invalid("token", "This invitation is not valid, or not any more.");
}

std::unique_ptr<const auth::Principal> check_token(Context& context, const std::string& token,
                                                   auth::Invitation& invitation) {
  auto invited = context.authenticator.by_invitation(token, invitation);
  if (!invited) invalid_token();
  return invited;
}

Answer open(Context& context) {
  auth::Invitation invitation;
  const auto invited = check_token(context, *context.read<Opening>().token, invitation);
  const auto waiting = context.db.find(select_waiting, invited->tenant, invitation.id);
  return context.ok(Offer{one_company(context, invited->tenant).name,
                          waiting ? waiting->role : invitation.role, invitation.username,
                          invitation.expires_at, waiting ? waiting->called() : ""});
}

bool is_for(const auth::Invitation& invitation, const std::string& username) {
  return invitation.username.empty() ||
         auth::username_key(invitation.username) == auth::username_key(username);
}

// What is in an invitation, and who accepts it.
struct Joining {
  const auth::Principal& invited;
  const auth::Invitation& invitation;
  std::optional<Waiting> waiting;
  NewMember member;
};

// Takes the invitation, inside a transaction and after the locks of who joins.
void take(Context& context, const Joining& joining) {
  const auto& [invited, invitation, waiting, member] = joining;
  if (waiting && !auth::lock_member(context.db, invited.tenant, waiting->id, std::nullopt))
    invalid_token();
  keep_company(context, invited.tenant);
  if (!context.db.find(lock_one, invited.tenant, invitation.id, Time::now())) invalid_token();
  context.db.run(use_one, invited.tenant, invitation.id);
}

// Writes who joins as that person: somebody new, or who was waiting for it.
void write_member(Context& context, const Joining& joining, const Uuid& identity_id) {
  const auto& tenant = joining.invited.tenant;
  if (joining.waiting)
    give_login(context.db, tenant, identity_id, joining.member);
  else
    insert_user(context, tenant, identity_id, joining.member);
}

// A password with which somebody joins, in the place of one that an admin knows.
struct NewPassword {
  std::string replaced;  // the stored hash that `current_password` was right for
  std::string hash;
};

// The admin who gave a password to somebody could otherwise follow into the further company. So the
// person chooses a new one in this very request, and again whenever they join one: it may have been
// that admin who joined the last.
std::optional<NewPassword> choose_password(Context& context, const Acceptance& in) {
  const auto identity = auth::Identities(context.db).find(context.who().identity_id);
  if (!identity) base::not_found();
  if (identity->password_given == 0) return std::nullopt;
  base::Problems problems;
  if (!in.password)
    problems.add("password",
                 "Choose a new password: an admin of your company may know the one that you have.");
  if (!in.current_password) problems.add("current_password", "This field is required.");
  problems.throw_if_any();
  auth::check_password(*in.password, identity->username, "password", problems);
  if (base::nfc(*in.password) == base::nfc(*in.current_password))
    problems.add("password", "This is the password that you have. Choose a new one.");
  const auto confirmed = confirm_own_password(context, *in.current_password, in.code, problems);
  problems.throw_if_any();
  return NewPassword{confirmed->password_hash, context.hash(*in.password)};
}

// Ends all that was got or set with the password that was given, in every company, and answers the
// cookie of the caller's session, which goes on under a new id; "": it is no session.
std::string replace_password(Context& context, auth::LockedPerson& person,
                             const NewPassword& chosen) {
  const auto& who = context.who();
  if (person.identity.password_hash != chosen.replaced)
    base::invalid("current_password", wrong_password);
  auth::Identities(context.db).set_password(who.identity_id, chosen.hash, true);
  end_factor(context, person.identity);
  end_email(context);
  context.authenticator.for_each_membership(who, [&](const auto& member) {
    auth::end_credentials(context.db, member.tenant, member.user_id);
    audit_member(context, member, "user.password");
  });
  if (who.via != auth::Principal::Via::session) return "";
  return auth::begin_session(context.db, who, context.request, who.ends_at);
}

// Whoever is logged in joins as the person they are. Answers the cookie of a session that goes on
// under a new id; "": it goes on as it is.
std::string join_as_caller(Context& context, Joining joining,
                           const std::optional<NewPassword>& chosen) {
  auto person = auth::lock_caller(context.db, context.who());
  take(context, joining);
  if (person.belongs_to(joining.invited.company_id))
    base::invalid("token", "You belong to this company already.");
  if (!is_for(joining.invitation, person.identity.username)) invalid_token();
  if (person.identity.password_given != 0 && !chosen)
    throw base::Error(base::Code::conflict, "An admin has set your password meanwhile.");
  end_own_password_links(context);  // one may be in the hands of an admin, who could come along
  const auto cookie = chosen ? replace_password(context, person, *chosen) : "";
  joining.member.username = person.identity.username;
  write_member(context, joining, person.identity.id);
  if (person.identity.factor.is_on())
    auth::note_factor(context.db, joining.invited.tenant, joining.member.id, true);
  return cookie;
}

// Anybody else signs up with a name and a password.
void check_newcomer(Context& context, const auth::Invitation& invitation, const Acceptance& in) {
  base::Problems problems;
  if (!in.username) problems.add("username", "This field is required.");
  if (!in.password) problems.add("password", "This field is required.");
  check_username_is_free(context, in.username, {}, "", problems);
  check_credentials({in.username, in.password, {}}, "", problems);
  if (in.username && !is_for(invitation, *in.username))
    problems.add("username", "This invitation is for somebody else.");
  problems.throw_if_any();
}

// Whoever made a link for somebody's own row may have used it: the password counts as given.
void join_as_newcomer(Context& context, const Joining& joining, const std::string& password_hash) {
  take(context, joining);
  const auto chosen_by = joining.waiting ? ChosenBy::admin : ChosenBy::person;
  write_member(context, joining,
               insert_identity(context, joining.invited.company_id, joining.member.username,
                               password_hash, chosen_by));
}

Answer accept(Context& context) {
  const auto in = context.read<Acceptance>();
  auth::Invitation invitation;
  const auto invited = check_token(context, *in.token, invitation);
  const bool is_known = context.caller.principal != nullptr;
  if (!is_known) check_newcomer(context, invitation, in);
  const auto chosen = is_known ? choose_password(context, in) : std::nullopt;
  const auto password_hash = is_known ? "" : context.hash(*in.password);
  const auto waiting = context.db.find(select_waiting, invited->tenant, invitation.id);
  const auto& username = is_known ? context.who().username : *in.username;
  const NewMember member{
      waiting ? waiting->id : Uuid::make(Time::now()), username,
      in.display_name.value_or(waiting ? kept_display_name(waiting->called(), username) : ""),
      waiting ? waiting->role : invitation.role};
  const Joining joining{*invited, invitation, waiting, member};
  std::string cookie;
  context.db.transaction([&] {
    if (is_known)
      cookie = join_as_caller(context, joining, chosen);
    else
      join_as_newcomer(context, joining, password_hash);
    context.audit_own(invited->tenant, member.id, member.username, "invitation.accept",
                      fmt::format("{} as {}", invitation.id.text(), to_text(member.role)));
  });
  Joined joined{
      one_company(context, invited->tenant), one_user(context, invited->tenant, member.id), {}};
  if (is_known) joined.email = auth::Identities(context.db).email(context.who().identity_id).email;
  auto answer = context.made(joined);
  if (!cookie.empty()) set_session_cookie(context, cookie, context.who().ends_at, answer);
  return answer;
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "invitation-open",
     .path = "/auth/invitation/",
     .since = 1,
     .summary = "What an invitation offers.",
     .operations = {{{.method = post, .access = anyone, .handle = open, .answers = 200}}},
     .form = {post, describe_fields<Offer, Opening>}},
    {.name = "invitation-accept",
     .path = "/auth/invitation/accept/",
     .since = 1,
     .summary = "Join: as the person who is logged in, or with a new name and password.",
     .operations = {{{.method = post, .access = anyone, .handle = accept, .by = By::no_api_token}}},
     .form = {post, describe_fields<Joined, Acceptance>}},
};

}  // namespace

std::span<const Route> joining() { return routes; }

}  // namespace app
