// app/users/membership.cc — people coming and going: what signing up, hiring, inviting and removing
// share.
#include "app/noun.h"
#include "app/users/users.h"
#include "auth/identities.h"
#include "auth/password.h"
#include "auth/sessions.h"
#include "base/text.h"

namespace app {
namespace {

constexpr db::Scoped<RowId> lock_company{R"(
    SELECT company_id AS id FROM companies WHERE company_id = ? FOR UPDATE)"};

constexpr db::Scoped<RowId> share_company{R"(
    SELECT company_id AS id FROM companies WHERE company_id = ? LOCK IN SHARE MODE)"};

constexpr db::Scoped<RowId, auth::Role, Uuid> select_other_admin{R"(
    SELECT id FROM users
     WHERE company_id = ? AND role = ? AND removed_at IS NULL AND id <> ?
       AND identity_id IS NOT NULL LIMIT 1)"};

constexpr db::Scoped<void, Uuid> delete_invitations{R"(
    DELETE FROM invitations WHERE company_id = ? AND created_by = ?)"};

constexpr db::Scoped<void, Uuid> delete_invitation_of{R"(
    DELETE FROM invitations WHERE company_id = ? AND for_user = ?)"};

constexpr db::Scoped<void, User, Uuid> insert_one{R"(
    INSERT INTO users (company_id, id, username, display_name, role, created_at, identity_id)
    VALUES (?, ?, ?, ?, ?, ?, ?))"};

// By the primary key, so that nobody else is locked on the way.
constexpr db::Scoped<void, Uuid, std::string, std::string, Uuid> set_identity{R"(
    UPDATE users FORCE INDEX (PRIMARY) SET identity_id = ?, username = ?, display_name = ?
     WHERE company_id = ? AND id = ? AND identity_id IS NULL AND removed_at IS NULL)"};

constexpr db::Scoped<void, Time, Uuid> remove_one{R"(
    UPDATE users SET removed_at = ?, identity_id = NULL
     WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

}  // namespace

void check_username(std::string& value, std::string_view field, base::Problems& problems) {
  value = base::nfkc(value);
  for (const auto c : base::decode(value)) {
    const bool is_seen = base::is_word(c) && !base::is_unseen(c);
    if (is_seen || c == U'@' || c == U'.' || c == U'+' || c == U'-') continue;
    return problems.add(field,
                        "Enter a valid username. This value may contain only letters, numbers, and "
                        "@/./+/-/_ characters.");
  }
}

void check_display_name(std::string& value, std::string_view field, base::Problems& problems) {
  constexpr std::u32string_view others = U" .,'\u2019-()\u00b7";
  constexpr int most_marks = 4;  // in a row (UTS #39, section 5.4)
  value = base::trim(base::nfkc(value));
  int marks_left = 0;
  for (const auto c : base::decode(value)) {
    const bool is_mark = base::is_mark(c), is_word = base::is_word(c);
    if (base::is_unseen(c) || !(is_mark || is_word || others.find(c) != others.npos))
      return problems.add(field,
                          "Enter a valid name. This value may contain only letters, numbers, "
                          "spaces and . , ' ’ - _ ( ) · characters.");
    if (is_mark && marks_left-- == 0)
      return problems.add(field,
                          "Enter a valid name. Up to 4 combining marks may follow a letter or "
                          "number, and none may stand elsewhere.");
    if (!is_mark) marks_left = is_word ? most_marks : 0;
  }
}

void check_username_is_free(const Context& context, const std::optional<std::string>& username,
                            const std::optional<Uuid>& self, const std::string& prefix,
                            base::Problems& problems) {
  if (!username) return;
  const auto holder = auth::Identities(context.db).by_key(auth::username_key(*username));
  if (holder && holder->id != self)
    problems.add(prefix + "username", "A user with that username already exists.");
}

void check_credentials(const Credentials& in, const std::string& prefix, base::Problems& problems) {
  if (in.username && in.password && !problems.has(prefix + "username"))
    auth::check_password(*in.password, *in.username, prefix + "password", problems);
}

Uuid insert_identity(Context& context, const Uuid& company_id, const std::string& username,
                     const std::string& password_hash, ChosenBy chosen_by) {
  const auto id = Uuid::make(Time::now());
  auth::Identities(context.db)
      .insert({.id = id,
               .username = username,
               .password_hash = password_hash,
               .password_given = chosen_by == ChosenBy::admin,
               .default_company_id = company_id});
  return id;
}

void insert_user(Context& context, const db::Tenant& tenant, const Uuid& identity_id,
                 const NewMember& member) {
  const User user{.url = {},
                  .id = member.id,
                  .username = member.username,
                  .display_name = member.display_name,
                  .role = member.role,
                  .created_at = Time::now()};
  context.db.run(insert_one, tenant, user, identity_id);
}

std::string kept_display_name(std::string name, const std::string& username) {
  base::Problems problems;
  check_display_name(name, "display_name", problems);
  const bool fits = problems.empty() && base::code_points(name) <= display_name_rule.max_length;
  return fits && name != username ? name : "";
}

void give_login(db::Connection& db, const db::Tenant& tenant, const Uuid& identity_id,
                const NewMember& member) {
  db.note(tenant, db::user_ended(member.id));  // nobody else's streams end
  if (db.run(set_identity, tenant, identity_id, member.username, member.display_name, member.id) ==
      0)
    base::not_found();
}

void keep_company(Context& context, const db::Tenant& tenant) {
  context.db.one(share_company, tenant);
}

void check_other_admin(Context& context, const db::Tenant& tenant, const Uuid& user_id,
                       base::Problems& problems) {
  context.db.one(lock_company, tenant);
  if (!context.db.find(select_other_admin, tenant, auth::Role::admin, user_id))
    problems.add("role", "A company needs at least one admin.");
}

void audit_member(Context& context, const auth::Principal& member, std::string_view event,
                  std::string detail) {
  context.audit_own(member.tenant, member.user_id, context.who().username, event, std::move(detail),
                    member.company_id != context.who().company_id);
}

void end_links_made(Context& context, const db::Tenant& tenant, const Uuid& user_id) {
  context.db.run(delete_invitations, tenant, user_id);
  auth::end_password_links_made(context.db, tenant, user_id);
}

void remove_user(Context& context, const db::Tenant& tenant, const Uuid& user_id,
                 const std::optional<Uuid>& identity_id) {
  if (context.db.run(remove_one, tenant, Time::now(), user_id) == 0) base::not_found();
  auth::end_credentials(context.db, tenant, user_id);
  context.db.run(delete_invitations, tenant, user_id);
  context.db.run(delete_invitation_of, tenant, user_id);
  if (!identity_id) return;
  // A default company that was left is no harm: a login then enters the first other one.
  auth::Identities identities(context.db);
  if (identities.memberships(*identity_id).empty()) identities.erase(*identity_id);
}

}  // namespace app
