// app/user_change.cc — see user_change.h.
#include "app/user_change.h"

#include <fmt/format.h>

#include <functional>

#include "app/users.h"
#include "auth/password.h"
#include "auth/sessions.h"
#include "db/unscoped.h"

namespace app {
namespace {

using auth::Role;
using base::Uuid;

constexpr db::Scoped<void, std::string, Uuid> update_username{R"(
    UPDATE users SET username = ? WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

constexpr db::Scoped<void, Role, Uuid> update_role{R"(
    UPDATE users SET role = ? WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

// The rules that need more than the field itself; asked only when all fields are well-formed.
void check_new_password(Call& call, const UserChange& in, const Person& person,
                        base::Problems& problems) {
  if (!in.password) return;
  auth::check_password(*in.password, in.username.value_or(person.username), "password", problems);
  if (!is_self(call)) return;  // an admin does not know it
  if (!in.current_password) return problems.add("current_password", "This field is required.");
  if (!call.authenticator.confirm(call.who(), *in.current_password, call.request))
    problems.add("current_password",
                 "Your current password was entered incorrectly. Please enter it again.");
}

// An admin has no say over a person who also belongs to another company: a password that this admin
// knows would open that company too. Asked inside the transaction, with the person locked.
void check_is_only_ours(Call& call, const Person& person) {
  call.db.find(db::Exempt::lock_identity, person.identity_id);
  if (!call.by_operator && call.db.all(db::Exempt::memberships, person.identity_id).size() > 1)
    throw base::Error(base::Code::forbidden,
                      "This person also belongs to another company and changes username and "
                      "password themselves.");
}

// Calls visit with the tenant and the user id of the person in each company.
void for_each_company(Call& call,
                      const std::function<void(const db::Tenant&, const Uuid&)>& visit) {
  if (!is_self(call) && !call.by_operator)
    return visit(call.who().tenant, call.id);  // see check_is_only_ours
  call.authenticator.for_each_membership(
      call.who(), [&](const auto& member) { visit(member.tenant, member.user_id); });
}

// Notes what happened to the user of a tenant whom for_each_company visits.
void note_change(Call& call, const db::Tenant& tenant, const Uuid& user_id, std::string_view event,
                 std::string detail = {}) {
  if (is_self(call) || call.by_operator)
    call.audit_own(tenant, user_id, call.who().username, event, std::move(detail));
  else
    call.audit(event, user_id, std::move(detail));
}

// Writes what changes, inside a transaction.
void write_change(Call& call, const UserChange& in, const Person& person,
                  const std::string& password_hash) {
  const bool renames = in.username && *in.username != person.username;
  if (!is_self(call) && (renames || in.password)) check_is_only_ours(call, person);
  if (in.role && *in.role != person.role) {
    call.db.run(update_role, call.who().tenant, *in.role, call.id);
    call.audit("user.role", call.id,
               fmt::format("{} to {}", to_text(person.role), to_text(*in.role)));
  }
  if (renames) {
    call.db.run(db::Exempt::set_username, auth::username_key(*in.username), *in.username,
                person.identity_id);
    for_each_company(call, [&](const auto& tenant, const auto& user_id) {
      call.db.run(update_username, tenant, *in.username, user_id);
      note_change(call, tenant, user_id, "user.rename", "from " + person.username);
    });
  }
  if (in.password) {
    call.db.run(db::Exempt::set_password, password_hash, is_self(call), person.identity_id);
    for_each_company(call, [&](const auto& tenant, const auto& user_id) {
      auth::end_credentials(call.db, tenant, user_id);
      note_change(call, tenant, user_id, "user.password");
    });
  }
}

}  // namespace

bool may_change_user(const Call& call) { return call.is_admin() || is_self(call); }

http::Response change_user(Call& call) {
  const auto& who = call.who();
  const auto person = one_person(call, call.id);
  if (!may_change_user(call)) base::forbidden();
  base::Problems problems;
  const auto in = call.read<UserChange>(problems);
  check_username_is_free(call, in.username, person.identity_id, "", problems);
  problems.throw_if_any();
  check_new_password(call, in, person, problems);
  const bool changes_role = in.role && *in.role != person.role;
  const bool demotes = changes_role && person.role == Role::admin;
  if (!demotes) problems.throw_if_any();
  if (changes_role && !call.is_admin()) base::forbidden();

  const auto password_hash = in.password && problems.empty() ? call.hash(*in.password) : "";
  std::string cookie;
  call.db.transaction([&] {
    auto all = problems;
    if (demotes && lock_admins(call, who.tenant).size() < 2)
      all.add("role", "A company needs at least one admin.");
    all.throw_if_any();
    write_change(call, in, person, password_hash);
    // One's own session goes on under a new id; the others have ended.
    if (in.password && is_self(call) && who.via == auth::Principal::Via::session)
      cookie = auth::begin_session(call.db, who, call.request);
  });
  auto response = call.ok(one_user(call, who.tenant, call.id));
  if (!cookie.empty())
    http::set_cookie(response, {auth::session_cookie, cookie, auth::session_seconds, true},
                     call.config.https());
  return response;
}

}  // namespace app
