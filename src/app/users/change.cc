// app/users/change.cc — see change.h.
#include "app/users/change.h"

#include <fmt/format.h>

#include "app/login.h"
#include "app/noun.h"
#include "app/own_password.h"
#include "app/users/users.h"
#include "auth/identities.h"
#include "auth/lock.h"
#include "auth/password.h"
#include "auth/sessions.h"

namespace app {
namespace {

using auth::Role;

constexpr db::Scoped<void, std::string, Uuid> update_username{R"(
    UPDATE users SET username = ? WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

constexpr db::Scoped<void, std::string, Uuid> update_display_name{R"(
    UPDATE users SET display_name = ? WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

constexpr db::Scoped<void, Role, Uuid> update_role{R"(
    UPDATE users SET role = ? WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

// Who cannot log in has no username and no password of their own: a link gives them both
// (app/password_links.cc).
void check_has_login(const UserChange& in, const StoredUser& user, base::Problems& problems) {
  if (user.identity_id) return;
  constexpr auto why = "This person has no login yet. Make a link with which they get one.";
  if (in.username && *in.username != user.username) problems.add("username", why);
  if (in.password) problems.add("password", why);
}

// The rules that need more than the field itself; asked only when all fields are well-formed.
// Answers the stored hash that `current_password` was right for, where it is asked for.
std::optional<std::string> check_new_password(Context& context, const UserChange& in,
                                              const StoredUser& user, base::Problems& problems) {
  if (!in.password) return std::nullopt;
  auth::check_password(*in.password, in.username.value_or(user.username), "password", problems);
  if (!is_self(context)) return std::nullopt;  // an admin does not know it
  if (!in.current_password) {
    problems.add("current_password", "This field is required.");
    return std::nullopt;
  }
  auto identity = confirm_own_password(context, *in.current_password, in.code, problems);
  return identity ? std::optional(std::move(identity->password_hash)) : std::nullopt;
}

// Locks whom the change is about, and who makes it; answers the identity as it is now, of who has
// one. 403 for a role that the caller may not give any more.
std::optional<db::Identity> lock_people(Context& context, const UserChange& in,
                                        const StoredUser& user) {
  if (!is_self(context))
    lock_to_administer(context, user);
  else if (context.lock_caller() != Role::admin && in.role && *in.role != user.role)
    base::forbidden();
  if (!user.identity_id) return std::nullopt;
  auto identity = auth::Identities(context.db).lock(*user.identity_id);
  if (!identity) base::not_found();
  return identity;
}

// Writes what changes, inside a transaction that has locked the person.
void write_change(Context& context, const UserChange& in, const StoredUser& user,
                  const std::optional<db::Identity>& identity, const std::string& password_hash) {
  const bool renames = in.username && *in.username != user.username;
  if (!is_self(context) && (renames || in.password)) check_is_only_ours(context, user);
  if (in.role && *in.role != user.role) {
    context.db.run(update_role, context.who().tenant, *in.role, context.id);
    if (*in.role == Role::admin)  // a company may keep out admins who have no second factor
      context.db.note(context.who().tenant, db::user_ended(context.id));
    else
      end_links_made(context, context.who().tenant, context.id);
    context.audit("user.role", context.id,
                  fmt::format("{} to {}", to_text(user.role), to_text(*in.role)));
  }
  if (in.display_name && *in.display_name != user.display_name) {
    context.db.run(update_display_name, context.who().tenant, *in.display_name, context.id);
    context.audit("user.display_name", context.id, "from " + user.display_name);
  }
  if (!identity) return;  // check_has_login
  if (renames) {
    auth::Identities(context.db).rename(identity->id, *in.username);
    for_each_company(context, "user.rename", "from " + user.username,
                     [&](const auto& tenant, const auto& user_id) {
                       context.db.run(update_username, tenant, *in.username, user_id);
                     });
  }
  if (in.password) {
    // Once given by an admin it counts as given, whoever changes it later (joining.cc).
    const bool given = !is_self(context) || identity->password_given != 0;
    auth::Identities(context.db).set_password(identity->id, password_hash, given);
    for_each_company(context, "user.password", "", [&](const auto& tenant, const auto& user_id) {
      auth::end_credentials(context.db, tenant, user_id);
    });
  }
}

}  // namespace

void check_is_only_ours(Context& context, const StoredUser& user) {
  if (context.by_operator || !user.identity_id) return;
  const auto memberships = auth::Identities(context.db).memberships(*user.identity_id);
  if (memberships.size() != 1 || memberships.front().company_id != context.who().company_id)
    throw base::Error(base::Code::forbidden,
                      "This person also belongs to another company and changes username and "
                      "password themselves.");
}

void for_each_company(Context& context, std::string_view event, const std::string& detail,
                      const std::function<void(const db::Tenant&, const Uuid&)>& change) {
  if (!is_self(context) && !context.by_operator) {  // see check_is_only_ours
    change(context.who().tenant, context.id);
    return context.audit(event, context.id, detail);
  }
  context.authenticator.for_each_membership(context.who(), [&](const auto& member) {
    change(member.tenant, member.user_id);
    audit_member(context, member, event, detail);
  });
}

bool may_change_user(const Context& context) { return context.is_admin() || is_self(context); }

Answer change_user(Context& context) {
  const auto& who = context.who();
  const auto user = stored_user(context, context.id);
  if (!may_change_user(context)) base::forbidden();
  base::Problems problems;
  const auto in = context.read<UserChange>(problems);
  // A stolen token must not outlive its end, nor act in the person's other companies.
  const bool renames_self = in.username && *in.username != user.username && is_self(context);
  if (context.by_api_token() && (in.password || renames_self)) base::forbidden();
  check_has_login(in, user, problems);
  if (user.identity_id)
    check_username_is_free(context, in.username, user.identity_id, "", problems);
  problems.throw_if_any();
  const auto confirmed = check_new_password(context, in, user, problems);
  const bool changes_role = in.role && *in.role != user.role;
  const bool demotes = changes_role && user.role == Role::admin && user.identity_id;
  if (!demotes) problems.throw_if_any();
  if (changes_role && !context.is_admin()) base::forbidden();

  const auto password_hash = in.password && problems.empty() ? context.hash(*in.password) : "";
  std::string cookie;
  context.transaction([&] {
    const auto identity = lock_people(context, in, user);
    auto all = problems;
    if (confirmed && identity && identity->password_hash != *confirmed)
      all.add("current_password", wrong_password);
    if (demotes) check_other_admin(context, who.tenant, context.id, all);
    all.throw_if_any();
    // As it was when it was decided who may do this: whoever was demoted meanwhile and says the
    // role that they had changes nothing.
    write_change(context, in, user, identity, password_hash);
    // One's own session goes on under a new id; the others have ended.
    if (in.password && is_self(context) && who.via == auth::Principal::Via::session)
      cookie = auth::begin_session(context.db, who, context.request, who.ends_at);
  });
  auto answer = context.ok(one_user(context, who.tenant, context.id));
  if (!cookie.empty()) set_session_cookie(context, cookie, who.ends_at, answer);
  return answer;
}

}  // namespace app
