// app/users.cc — the people of a company.
// Tables: sql/0002_identities.sql, sql/0003_users.sql. Tests: tests/app/users_test.cc.
#include "app/users.h"

#include <algorithm>

#include "app/describe.h"
#include "app/nouns.h"
#include "auth/password.h"
#include "auth/sessions.h"
#include "base/text.h"
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

  static constexpr auto fields() {
    return std::tuple{base::field("identity_id", &Account::identity_id),
                      base::field("username", &Account::username),
                      base::field("role", &Account::role)};
  }
};

struct AdminId {
  Uuid id;
  static constexpr auto fields() { return std::tuple{base::field("id", &AdminId::id)}; }
};

constexpr db::Scoped<User, Time, Time, Uuid, std::int64_t> select_page{R"(
    SELECT id AS url, id, username, role, created_at FROM users
     WHERE company_id = ? AND removed_at IS NULL
       AND created_at >= ? AND (created_at > ? OR id > ?)
     ORDER BY created_at, id LIMIT ?)"};

constexpr db::Scoped<User, Uuid> select_one{R"(
    SELECT id AS url, id, username, role, created_at FROM users
     WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

constexpr db::Scoped<Account, Uuid> select_account{R"(
    SELECT identity_id, username, role FROM users
     WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

constexpr db::Scoped<AdminId, std::string> lock_admins{R"(
    SELECT id FROM users
     WHERE company_id = ? AND role = ? AND removed_at IS NULL FOR UPDATE)"};

constexpr db::Scoped<void, Uuid, Uuid, std::string, std::string, Time> insert_user{R"(
    INSERT INTO users (company_id, id, identity_id, username, role, created_at)
    VALUES (?, ?, ?, ?, ?, ?))"};

constexpr db::Scoped<void, std::string, Uuid> update_username{R"(
    UPDATE users SET username = ? WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

constexpr db::Scoped<void, std::string, Uuid> update_role{R"(
    UPDATE users SET role = ? WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

constexpr db::Scoped<void, Time, Uuid> remove_user{R"(
    UPDATE users SET removed_at = ?, identity_id = NULL
     WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

// The ids of the company's admins, who stay what they are until the transaction ends.
std::vector<AdminId> locked_admins(Call& call) {
  return call.db.all(lock_admins, call.who().tenant, std::string(to_text(Role::admin)));
}

bool is_one_of(const std::vector<AdminId>& admins, const Uuid& id) {
  return std::any_of(admins.begin(), admins.end(), [&](const auto& each) { return each.id == id; });
}

http::Response index(Call& call) {
  base::Problems problems;
  const auto page = call.read_page(problems);
  problems.throw_if_any();
  const auto& after = page.after;
  return call.list(
      call.db.all(select_page, call.who().tenant, after.time, after.time, after.id, page.rows()),
      page, [](const User& user) { return Position{user.created_at, user.id}; });
}

http::Response show(Call& call) {
  return call.ok(call.db.one(select_one, call.who().tenant, call.id));
}

// The answer to a repeated create, or nothing when the key names no row yet.
std::optional<http::Response> repeated(Call& call, const NewUser& in) {
  const auto key = call.idempotency_key();
  if (!key) return std::nullopt;
  const auto user = call.db.find(select_one, call.who().tenant, *key);
  if (!user) return std::nullopt;
  const auto account = call.db.one(select_account, call.who().tenant, *key);
  const auto identity = call.db.find(db::Exempt::identity, account.identity_id);
  if (user->username != in.username || user->role != in.role.value_or(Role::staff) || !identity ||
      !base::verify_password(identity->password_hash, in.password.value_or("")))
    key_reused();
  return call.ok(*user);
}

http::Response create(Call& call) {
  base::Problems problems;
  const auto in = call.read<NewUser>(problems);
  if (problems.empty())
    if (auto response = repeated(call, in)) return *std::move(response);
  check_username_is_free(call, in.username, {}, "username", problems);
  problems.throw_if_any();
  auth::check_password(*in.password, *in.username, "password", problems);
  problems.throw_if_any();
  const auto role = in.role.value_or(Role::staff);
  if (role != Role::staff && !call.is_admin()) base::forbidden();

  const auto now = Time::now();
  const NewMember member{call.idempotency_key().value_or(Uuid::make(now)), Uuid::make(now),
                         *in.username, base::hash_password(*in.password), role};
  try {
    call.db.transaction(
        [&] { insert_member(call, call.who().tenant, call.who().company_id, member); });
  } catch (const db::DuplicateKey& duplicate) {
    if (duplicate.key == "username_key") username_taken("username");
    if (auto response = repeated(call, in)) return *std::move(response);
    throw;
  }
  const auto user = call.db.one(select_one, call.who().tenant, member.id);
  return call.created(user, user.url);
}

// Whether the caller may change this user. Admins may change everybody, others themselves.
bool may_change(const Call& call, const Uuid& id) {
  return call.is_admin() || call.who().user_id == id;
}

bool form_permitted(Call& call) {
  return may_change(call, call.id) && find_user(call, call.id).has_value();
}

// The rules that need more than the field itself; asked only when all fields are well-formed.
void check_new_password(Call& call, const UserChange& in, const Account& account,
                        base::Problems& problems) {
  if (!in.password) return;
  auth::check_password(*in.password, in.username.value_or(account.username), "password", problems);
  if (call.id != call.who().user_id) return;  // an admin does not know it
  if (!in.current_password)
    return problems.add("current_password", "This field is required.");
  const auto identity = call.db.find(db::Exempt::identity, account.identity_id);
  if (!identity || !base::verify_password(identity->password_hash, *in.current_password))
    problems.add("current_password",
                 "Your current password was entered incorrectly. Please enter it again.");
}

// Writes what changes, inside a transaction. The person's name is the same in each company.
void write_change(Call& call, const UserChange& in, const Account& account,
                  const std::string& password_hash) {
  const auto& tenant = call.who().tenant;
  if (in.role && *in.role != account.role)
    call.db.run(update_role, tenant, std::string(to_text(*in.role)), call.id);
  if (in.username && *in.username != account.username) {
    call.db.run(db::Exempt::set_username, auth::username_key(*in.username), account.identity_id);
    call.authenticator.for_each_membership(account.identity_id, [&](const auto& member) {
      call.db.run(update_username, member.tenant, *in.username, member.user_id);
    });
  }
  if (in.password) {
    call.db.run(db::Exempt::set_password, password_hash, account.identity_id);
    call.authenticator.for_each_membership(account.identity_id, [&](const auto& member) {
      auth::end_sessions(call.db, member.tenant, member.user_id);
    });
  }
}

http::Response update(Call& call) {
  const auto& tenant = call.who().tenant;
  const auto account = call.db.one(select_account, tenant, call.id);
  if (!may_change(call, call.id)) base::forbidden();
  base::Problems problems;
  const auto in = call.read<UserChange>(problems);
  check_username_is_free(call, in.username, account.identity_id, "username", problems);
  problems.throw_if_any();
  check_new_password(call, in, account, problems);
  const bool changes_role = in.role && *in.role != account.role;
  const bool demotes = changes_role && account.role == Role::admin;
  if (!demotes) problems.throw_if_any();
  if (changes_role && !call.is_admin()) base::forbidden();

  const auto password_hash = in.password && problems.empty() ? base::hash_password(*in.password) : "";
  std::string cookie;
  try {
    call.db.transaction([&] {
      auto all = problems;
      if (demotes && locked_admins(call).size() < 2)
        all.add("role", "A company needs at least one admin.");
      all.throw_if_any();
      write_change(call, in, account, password_hash);
      // One's own session goes on under a new id; the others have ended.
      if (in.password && call.id == call.who().user_id &&
          call.who().via == auth::Principal::Via::session)
        cookie = auth::begin_session(call.db, call.who());
    });
  } catch (const db::DuplicateKey&) {
    username_taken("username");
  }
  auto response = call.ok(call.db.one(select_one, tenant, call.id));
  if (!cookie.empty())
    http::set_cookie(response, {auth::session_cookie, cookie, auth::session_seconds, true},
                     call.config.https());
  return response;
}

http::Response destroy(Call& call) {
  const auto& tenant = call.who().tenant;
  const auto account = call.db.one(select_account, tenant, call.id);
  if (!call.is_admin() || call.id == call.who().user_id) base::forbidden();
  call.db.transaction([&] {
    // Two admins who remove each other at the same moment: the second one is no admin any more.
    if (!is_one_of(locked_admins(call), call.who().user_id)) base::forbidden();
    if (call.db.run(remove_user, tenant, Time::now(), call.id) == 0) base::not_found();
    auth::end_sessions(call.db, tenant, call.id);
    if (call.db.all(db::Exempt::memberships, account.identity_id).empty())
      call.db.run(db::Exempt::delete_identity, account.identity_id);
  });
  return http::no_content();
}

using http::Method;
constexpr View views[] = {
    {.name = "user-list",
     .path = "/api/v1/accounts/users/",
     .summary = "The people of your company, oldest first.",
     .operations = {{{Method::get, auth::Access::staff, index},
                     {Method::post, auth::Access::staff, create}}},
     .form = {Method::post, describe_fields<User, NewUser>}},
    {.name = "user-detail",
     .path = "/api/v1/accounts/users/{user_id}",
     .summary = "One person. Admins change and remove others; everybody changes themselves.",
     .operations = {{{Method::get, auth::Access::staff, show},
                     {Method::put, auth::Access::staff, update},
                     {Method::patch, auth::Access::staff, update},
                     {Method::delete_, auth::Access::staff, destroy}}},
     .form = {Method::put, describe_fields<User, UserChange>, form_permitted}},
};

}  // namespace

std::span<const View> users() { return views; }

void check_username(std::string& value, std::string_view field, base::Problems& problems) {
  value = base::nfkc(value);
  for (const auto c : base::decode(value)) {
    if (base::is_word(c) || c == U'@' || c == U'.' || c == U'+' || c == U'-') continue;
    return problems.add(field,
                        "Enter a valid username. This value may contain only letters, numbers, and "
                        "@/./+/-/_ characters.");
  }
}

void check_username_is_free(Call& call, const std::optional<std::string>& username,
                            const std::optional<Uuid>& self, std::string_view field,
                            base::Problems& problems) {
  if (!username) return;
  const auto holder =
      call.db.find(db::Exempt::identity_by_username, auth::username_key(*username));
  if (holder && holder->id != self)
    problems.add(field, "A user with that username already exists.");
}

void insert_member(Call& call, const db::Tenant& tenant, const Uuid& company_id,
                   const NewMember& member) {
  const auto now = Time::now();
  call.db.run(db::Exempt::create_identity, member.identity_id, auth::username_key(member.username),
              member.password_hash, company_id, now);
  call.db.run(insert_user, tenant, member.id, member.identity_id, member.username,
              std::string(to_text(member.role)), now);
}

void username_taken(std::string_view field) {
  base::invalid(field, "A user with that username already exists.");
}

std::optional<User> find_user(Call& call, const Uuid& id) {
  return call.db.find(select_one, call.who().tenant, id);
}

User one_user(Call& call, const db::Tenant& tenant, const Uuid& id) {
  return call.db.one(select_one, tenant, id);
}

}  // namespace app
