// app/password_links.cc — links with which a person chooses a new password: for whoever lost
// theirs. Table: sql/0037_password_links.sql. Tests: tests/app/password_links_test.cc. Who cannot
// log in yet, as an import leaves people, gets an invitation in its place (app/invitations.h).
//
// An admin makes one only for somebody who is in no other company: they could use it themselves. So
// the password that is chosen by a link counts as given by an admin (joining.cc), also where an
// operator made it, who may hand it to an admin. Not by one that went to the person's own e-mail
// address (app/mailed_links.cc), which is said to be made by themselves.
#include "app/password_links.h"

#include "app/invitations.h"
#include "app/noun.h"
#include "app/users/change.h"
#include "app/users/users.h"
#include "auth/identities.h"
#include "auth/lock.h"
#include "auth/password.h"
#include "auth/sessions.h"
#include "auth/subscriber.h"
#include "auth/throttle.h"
#include "auth/tokens.h"
#include "http/protect.h"

namespace app {
namespace {

constexpr std::int64_t good_for_seconds = 3600;

struct PasswordLink {
  std::string username;
  Time expires_at;
  std::string token;
  SiteLink link;

  static constexpr auto fields() {
    return std::tuple{
        base::field("username", &PasswordLink::username),
        rest::field("expires_at", &PasswordLink::expires_at,
                    {.help = "An hour after its making; a week for who cannot log in yet."}),
        base::field("token", &PasswordLink::token),
        rest::field("link", &PasswordLink::link, {.help = "For the person alone: shown once."})};
  }
};

struct Nothing {
  static constexpr auto fields() { return std::tuple{}; }
};

struct Choice {
  std::optional<std::string> token;
  std::optional<std::string> password;

  static constexpr auto fields() {
    return std::tuple{rest::field("token", &Choice::token,
                                  {.secret = true,
                                   .help = "What comes after #/password/ in the link.",
                                   .example = "Token"}),
                      rest::field("password", &Choice::password, password_rule)};
  }
};

struct Chosen {
  std::string username;

  FIELDS(Chosen, username)
};

constexpr db::Scoped<void, Uuid, std::string, Uuid, std::optional<Uuid>, Time, Time> insert_one{R"(
    INSERT INTO password_links
        (company_id, id, token_hash, user_id, created_by, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?))"};

constexpr db::Scoped<RowId, Uuid> lock_one{R"(
    SELECT id FROM password_links WHERE company_id = ? AND id = ? FOR UPDATE)"};

// For somebody who cannot log in: with it they choose a username and a password, or join as who
// they are elsewhere.
PasswordLink make_invitation(Context& context, const StoredUser& user) {
  MadeInvitation made;
  context.db.transaction([&] {
    lock_to_administer(context, user);
    made = invite_user(context, user);
  });
  return {user.username, made.expires_at, made.token, SiteLink{invitation_path(made.token)}};
}

bool may_make(Context& context) { return context.is_admin() && !is_self(context); }

PasswordLink make_link(Context& context, const StoredUser& user) {
  const auto& who = context.who();
  const auto secret = auth::make_secret(who.company_id);
  const auto now = Time::now();
  PasswordLink made{user.username, now.plus_seconds(good_for_seconds), secret.text,
                    SiteLink{password_link_path(secret.text)}};
  context.db.transaction([&] {
    lock_to_administer(context, user);
    check_is_only_ours(context, user);
    // A person has one link: this one takes the place of one that was made in whichever company.
    for_each_company(context, "user.link", "", [&](const auto& tenant, const auto& user_id) {
      auth::end_password_links(context.db, tenant, user_id);
    });
    context.db.run(insert_one, who.tenant, Uuid::make(now), secret.hash, context.id,
                   context.maker(), now, made.expires_at);
  });
  return made;
}

Answer create(Context& context) {
  context.read<Nothing>();
  const auto user = stored_user(context, context.id);
  if (is_self(context))
    throw base::Error(base::Code::forbidden,
                      "You choose a new password with the one that you have.");
  auto answer =
      context.made(user.identity_id ? make_link(context, user) : make_invitation(context, user));
  http::keep_nowhere(answer.headers);
  return answer;
}

// All that can be wrong with a link is one answer.
[[noreturn]] void invalid_link() {
  base::invalid("token", "This link is not valid, or not any more. Ask for a new one.");
}

std::unique_ptr<const auth::Principal> check_link(Context& context, const std::string& token) {
  auto throttle =
      auth::Throttle::for_links(context.db, auth::subscriber(context.request.remote_address));
  throttle.check();
  auth::PasswordLink link;
  if (auto who = context.authenticator.by_password_link(token, link)) return who;
  context.db.transaction([&] { throttle.failed(); });
  invalid_link();
}

bool is_own(const auth::PasswordLink& link, const auth::Principal& who) {
  return link.created_by == who.user_id;
}

// Locks the person, the company, whose admins stay who they are, and the link; and looks at all of
// them again. Whoever joined another company since is out of the reach of an admin's link. Answers
// whether an admin may know the password that is chosen by it, or knew one before.
bool lock(Context& context, const std::string& token, const auth::Principal& who) {
  const auto person = auth::lock_person(context.db, who.identity_id);
  keep_company(context, who.tenant);
  auth::PasswordLink link;
  const auto found = context.authenticator.by_password_link(token, link);
  if (!person || !found || !context.db.find(lock_one, who.tenant, link.id)) invalid_link();
  const bool own = is_own(link, *found);
  if (found->identity_id != who.identity_id ||
      (link.created_by && !own && person->memberships.size() != 1))
    invalid_link();
  return !own || person->identity.password_given != 0;
}

// Who holds a link is not known. In other companies than that of the link not even from where it
// was used is noted.
void note_use(Context& context, const auth::Principal& who, const auth::Principal& member) {
  auto actor = auth::unknown_actor(context.request);
  if (member.company_id != who.company_id) actor.address = actor.request_id = "";
  auth::note(context.db, member.tenant, actor, {"user.password", member.user_id, "by a link"});
}

// Nobody is logged in by it: who holds the link may not be whom it is for, and a second factor is
// asked for at the login.
Answer choose(Context& context) {
  const auto in = context.read<Choice>();
  const auto who = check_link(context, *in.token);
  base::Problems problems;
  auth::check_password(*in.password, who->username, "password", problems);
  problems.throw_if_any();
  const auto password_hash = context.hash(*in.password);
  context.db.transaction([&] {
    const bool given = lock(context, *in.token, *who);
    auth::Identities(context.db).set_password(who->identity_id, password_hash, given);
    context.authenticator.for_each_membership(*who, [&](const auto& member) {
      auth::end_credentials(context.db, member.tenant, member.user_id);
      note_use(context, *who, member);
    });
  });
  auto answer = context.ok(Chosen{who->username});
  http::keep_nowhere(answer.headers);
  return answer;
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "user-password-link",
     .path = "/accounts/users/{user_id}/password-link",
     .summary =
         "A link with which a colleague who is in no other company chooses a new password; or "
         "one who cannot log in yet, username and password.",
     .operations = {{{.method = post,
                      .access = admin,
                      .handle = create,
                      .permitted = may_make,
                      .by = By::no_api_token}}},
     .form = {post, describe_fields<PasswordLink, Nothing>}},
    {.name = "password-choose",
     .path = "/auth/password/",
     .summary = "Choose a new password by a link. All sessions and tokens end; then log in.",
     .operations = {{{.method = post,
                      .access = anyone,
                      .handle = choose,
                      .admits = auth::Admits::all,
                      .answers = 200}}},
     .form = {post, describe_fields<Chosen, Choice>}},
};

}  // namespace

std::span<const Route> password_links() { return routes; }

std::string password_link_path(const std::string& token) { return "/#/password/" + token; }

std::string make_own_link(db::Connection& db, const db::Tenant& tenant, const Uuid& company,
                          const Uuid& user_id, Time expires_at) {
  const auto secret = auth::make_secret(company);
  const auto now = Time::now();
  db.run(insert_one, tenant, Uuid::make(now), secret.hash, user_id, user_id, now, expires_at);
  return secret.text;
}

}  // namespace app
