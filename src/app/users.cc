// app/users.cc — the people of a company.
// Tables: sql/0002_identities.sql, sql/0003_users.sql. Tests: tests/app/users_test.cc.
#include "app/users.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "app/describe.h"
#include "app/handlers.h"
#include "auth/password.h"
#include "auth/sessions.h"
#include "db/unscoped.h"

namespace app {
namespace {

using auth::Role;
using base::Time;
using base::Uuid;

struct NewUser {
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<Role> role;

  static constexpr auto fields() {
    return std::tuple{base::field("username", &NewUser::username, username_rule),
                      base::field("password", &NewUser::password, password_rule),
                      base::field("role", &NewUser::role, {.required = false})};
  }
};

struct UserChange {
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<std::string> current_password;
  std::optional<Role> role;

  static constexpr auto fields() {
    return std::tuple{
        base::field("username", &UserChange::username, username_rule),
        base::field("password", &UserChange::password, password_rule),
        base::field("current_password", &UserChange::current_password,
                    {.required = false, .blank = true, .trim = false, .secret = true}),
        base::field("role", &UserChange::role, {.required = false})};
  }
};

// A member with what only the server knows of them.
struct Account {
  Uuid identity_id;
  std::string username;
  Role role = Role::staff;

  FIELDS(Account, identity_id, username, role)
};

constexpr db::Scoped<User, Page> select_page{
    "SELECT id, username, role, CONCAT(created_at) FROM users"
    " WHERE company_id = ? AND removed_at IS NULL" OLDEST_FIRST("created_at")};

constexpr db::Scoped<User, Uuid> select_one{R"(
    SELECT id, username, role, created_at FROM users
     WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

constexpr db::Scoped<User, Uuid, std::int64_t> select_colleagues{R"(
    SELECT id, username, role, created_at FROM users
     WHERE company_id = ? AND id <> ? AND removed_at IS NULL ORDER BY username, id LIMIT ?)"};

constexpr db::Scoped<Account, Uuid> select_account{R"(
    SELECT identity_id, username, role FROM users
     WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

constexpr db::Scoped<RowId, Uuid> lock_one{R"(
    SELECT id FROM users WHERE company_id = ? AND id = ? FOR UPDATE)"};

constexpr db::Scoped<void, std::string, Uuid> update_username{R"(
    UPDATE users SET username = ? WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

constexpr db::Scoped<void, std::string, Uuid> update_role{R"(
    UPDATE users SET role = ? WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

// Whether the request would have made this user; the password is a part of it.
bool is_same(Call& call, const User& user, const NewUser& in) {
  const auto account = call.db.one(select_account, call.who().tenant, user.id);
  const auto identity = call.db.find(db::Exempt::identity, account.identity_id);
  return user.username == in.username && user.role == in.role.value_or(Role::staff) && identity &&
         call.hasher.verify(identity->password_hash, *in.password);
}

http::Response create(Call& call) {
  base::Problems problems;
  const auto in = call.read<NewUser>(problems);
  if (problems.empty()) {
    auto answer = call.repeated([&](const Uuid& key) { return find_user(call, key); },
                                [&](const User& user) { return is_same(call, user, in); });
    if (answer) return *std::move(answer);
  }
  const Credentials credentials{in.username, in.password};
  check_username_is_free(call, in.username, {}, "", problems);
  problems.throw_if_any();
  check_credentials(credentials, "", problems);
  problems.throw_if_any();
  const auto role = in.role.value_or(Role::staff);
  if (role != Role::staff && !call.is_admin()) base::forbidden();

  const auto& who = call.who();
  const auto id = call.new_id();
  call.db.transaction([&] {
    const auto identity_id = insert_identity(call, who.company_id, credentials, ChosenBy::admin);
    insert_user(call, who.tenant, id, identity_id, *in.username, role);
    call.audit("user.create", id, std::string(to_text(role)));
  });
  const auto user = one_user(call, who.tenant, id);
  return call.created(user);
}

bool is_self(const Call& call) { return call.id == call.who().user_id; }

// Admins may change everybody, others themselves.
bool may_change(const Call& call) { return call.is_admin() || is_self(call); }

// Nobody removes themselves.
bool may_remove(const Call& call) { return call.is_admin() && !is_self(call); }

bool is_here(Call& call) { return find_user(call, call.id).has_value(); }
bool may_change_this(Call& call) { return may_change(call) && is_here(call); }
bool may_remove_this(Call& call) { return may_remove(call) && is_here(call); }

// The rules that need more than the field itself; asked only when all fields are well-formed.
void check_new_password(Call& call, const UserChange& in, const Account& account,
                        base::Problems& problems) {
  if (!in.password) return;
  auth::check_password(*in.password, in.username.value_or(account.username), "password", problems);
  if (!is_self(call)) return;  // an admin does not know it
  if (!in.current_password) return problems.add("current_password", "This field is required.");
  const auto identity = call.db.find(db::Exempt::identity, account.identity_id);
  if (!identity || !call.hasher.verify(identity->password_hash, *in.current_password))
    problems.add("current_password",
                 "Your current password was entered incorrectly. Please enter it again.");
}

// An admin has no say over a person who also belongs to another company: a password that this admin
// knows would open that company too. Asked inside the transaction, with the person locked.
void check_is_only_ours(Call& call, const Account& account) {
  call.db.find(db::Exempt::lock_identity, account.identity_id);
  if (!call.by_operator && call.db.all(db::Exempt::memberships, account.identity_id).size() > 1)
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
void write_change(Call& call, const UserChange& in, const Account& account,
                  const std::string& password_hash) {
  const bool renames = in.username && *in.username != account.username;
  if (!is_self(call) && (renames || in.password)) check_is_only_ours(call, account);
  if (in.role && *in.role != account.role) {
    call.db.run(update_role, call.who().tenant, std::string(to_text(*in.role)), call.id);
    call.audit("user.role", call.id,
               fmt::format("{} to {}", to_text(account.role), to_text(*in.role)));
  }
  if (renames) {
    call.db.run(db::Exempt::set_username, auth::username_key(*in.username), *in.username,
                account.identity_id);
    for_each_company(call, [&](const auto& tenant, const auto& user_id) {
      call.db.run(update_username, tenant, *in.username, user_id);
      note_change(call, tenant, user_id, "user.rename", "from " + account.username);
    });
  }
  if (in.password) {
    call.db.run(db::Exempt::set_password, password_hash, is_self(call), account.identity_id);
    for_each_company(call, [&](const auto& tenant, const auto& user_id) {
      auth::end_credentials(call.db, tenant, user_id);
      note_change(call, tenant, user_id, "user.password");
    });
  }
}

http::Response update(Call& call) {
  const auto& who = call.who();
  const auto account = call.db.one(select_account, who.tenant, call.id);
  if (!may_change(call)) base::forbidden();
  base::Problems problems;
  const auto in = call.read<UserChange>(problems);
  check_username_is_free(call, in.username, account.identity_id, "", problems);
  problems.throw_if_any();
  check_new_password(call, in, account, problems);
  const bool changes_role = in.role && *in.role != account.role;
  const bool demotes = changes_role && account.role == Role::admin;
  if (!demotes) problems.throw_if_any();
  if (changes_role && !call.is_admin()) base::forbidden();

  const auto password_hash = in.password && problems.empty() ? call.hasher.hash(*in.password) : "";
  std::string cookie;
  call.db.transaction([&] {
    auto all = problems;
    if (demotes && lock_admins(call, who.tenant).size() < 2)
      all.add("role", "A company needs at least one admin.");
    all.throw_if_any();
    write_change(call, in, account, password_hash);
    // One's own session goes on under a new id; the others have ended.
    if (in.password && is_self(call) && who.via == auth::Principal::Via::session)
      cookie = auth::begin_session(call.db, who, call.request);
  });
  auto response = show_row<select_one>(call);
  if (!cookie.empty())
    http::set_cookie(response, {auth::session_cookie, cookie, auth::session_seconds, true},
                     call.config.https());
  return response;
}

http::Response destroy(Call& call) {
  const auto& who = call.who();
  const auto account = call.db.one(select_account, who.tenant, call.id);
  if (!may_remove(call)) base::forbidden();
  call.db.transaction([&] {
    // Two admins who remove each other at the same moment: the second one is no admin any more.
    const auto admins = lock_admins(call, who.tenant);
    if (!call.by_operator && std::none_of(admins.begin(), admins.end(), [&](const auto& admin) {
          return admin.id == who.user_id;
        }))
      base::forbidden();
    if (admins.size() == 1 && admins.front().id == call.id)
      base::invalid("role", "A company needs at least one admin.");
    remove_member(call, {who.tenant, call.id, account.identity_id});
    call.audit("user.remove", call.id);
  });
  return http::no_content();
}

using enum http::Method;
using enum auth::Access;
constexpr View views[] = {
    {.name = "user-list",
     .path = "/api/v1/accounts/users/",
     .summary = "The people of your company, oldest first.",
     .operations = {{{get, staff, list_rows<select_page>}, {post, staff, create}}},
     .form = {post, describe_fields<User, NewUser>}},
    {.name = "user-detail",
     .path = "/api/v1/accounts/users/{user_id}",
     .summary = "One person. Admins change and remove others; everybody changes themselves.",
     .operations = {{{get, staff, show_row<select_one>},
                     {put, staff, update, may_change_this},
                     {patch, staff, update, may_change_this},
                     {delete_, staff, destroy, may_remove_this}}},
     .form = {put, describe_fields<User, UserChange>},
     .lock = lock_row<lock_one>},
};

}  // namespace

std::span<const View> users() { return views; }

std::optional<User> find_user(Call& call, const Uuid& id) {
  return call.db.find(select_one, call.who().tenant, id);
}

User one_user(Call& call, const db::Tenant& tenant, const Uuid& id) {
  return call.db.one(select_one, tenant, id);
}

std::vector<User> colleagues(Call& call, std::int64_t most) {
  return call.db.all(select_colleagues, call.who().tenant, call.who().user_id, most);
}

}  // namespace app
