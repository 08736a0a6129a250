// app/users.cc — the people of a company.
// Tables: sql/0002_identities.sql, sql/0003_users.sql. Tests: tests/app/users_test.cc.
#include "app/users.h"

#include "app/describe.h"
#include "app/handlers.h"
#include "app/user_change.h"
#include "auth/lock.h"
#include "db/unscoped.h"

namespace app {
namespace {

using auth::Role;
using base::Uuid;

struct NewUser {
  std::optional<std::string> username, password;
  std::optional<Role> role;

  static constexpr auto fields() {
    return std::tuple{base::field("username", &NewUser::username, username_rule),
                      base::field("password", &NewUser::password, password_rule),
                      base::field("role", &NewUser::role, {.required = false})};
  }
  void validate(const Call& call, base::Problems& problems) const {
    check_username_is_free(call, username, {}, "", problems);
  }
};

#define USERS                                                \
  "SELECT id, username, role, CONCAT(created_at) FROM users" \
  " WHERE company_id = ? AND removed_at IS NULL"
constexpr db::Scoped<User, Page> select_page{USERS OLDEST_FIRST("created_at")};
constexpr db::Scoped<User, Uuid> select_one{USERS " AND id = ?"};
constexpr db::Scoped<User, Uuid> lock_one{USERS " AND id = ? FOR UPDATE"};
constexpr db::Scoped<User, Uuid, std::int64_t> select_colleagues{
    USERS " AND id <> ? ORDER BY username, id LIMIT ?"};
constexpr db::Scoped<Person, Uuid> select_person{R"(
    SELECT identity_id, username, role FROM users
     WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

http::Response create(Call& call) {
  const auto [in, answer] = call.read_new<NewUser>(select_one);
  if (answer) return *answer;
  base::Problems problems;
  const Credentials credentials{in.username, in.password};
  check_credentials(credentials, "", problems);
  problems.throw_if_any();
  const auto role = in.role.value_or(Role::staff);
  if (role != Role::staff && !call.is_admin()) base::forbidden();

  const auto& who = call.who();
  const auto id = call.new_id();
  const auto password_hash = call.hash(*in.password);
  call.db.transaction([&] {
    const auto role_now = call.lock_caller();
    if (role != Role::staff && role_now != Role::admin) base::forbidden();
    call.remember(in);
    const auto identity_id =
        insert_identity(call, who.company_id, *in.username, password_hash, ChosenBy::admin);
    insert_user(call, who.tenant, id, identity_id, *in.username, role);
    call.audit("user.create", id, std::string(to_text(role)));
  });
  return call.created(one_user(call, who.tenant, id));
}

// Nobody removes themselves.
bool may_remove(const Call& call) { return call.is_admin() && !is_self(call); }

bool is_here(Call& call) { return find_user(call, call.id).has_value(); }
bool may_change_this(Call& call) { return may_change_user(call) && is_here(call); }
bool may_remove_this(Call& call) { return may_remove(call) && is_here(call); }

http::Response destroy(Call& call) {
  const auto& who = call.who();
  const auto person = one_person(call, call.id);
  if (!may_remove(call)) base::forbidden();
  call.db.transaction([&] {
    lock_to_administer(call, person);
    check_other_admin(call, who.tenant, call.id);
    remove_member(call, {who.tenant, call.id, person.identity_id});
    call.audit("user.remove", call.id);
  });
  return http::no_content();
}

// In the order in which every change of a person takes its locks.
void lock_this(Call& call) {
  const auto person = one_person(call, call.id);
  auth::lock_identities(call.db, call.who().identity_id, person.identity_id);
  call.db.find(lock_one, call.who().tenant, call.id);
}

using enum http::Method;
using enum auth::Access;
constexpr View views[] = {
    {.name = "user-list",
     .path = "/api/v1/accounts/users/",
     .summary = "The people of your company, oldest first.",
     .operations = {{{get, staff, list_rows<select_page>},
                     {.method = post, .access = staff, .handle = create, .for_api_tokens = false}}},
     .form = {post, describe_fields<User, NewUser>}},
    {.name = "user-detail",
     .path = "/api/v1/accounts/users/{user_id}",
     .summary = "One person. Admins change and remove others; everybody changes themselves.",
     .operations = {{{get, staff, show_row<select_one>},
                     {.method = put,
                      .access = staff,
                      .handle = change_user,
                      .permitted = may_change_this,
                      .looks_at_condition = true},
                     {.method = patch,
                      .access = staff,
                      .handle = change_user,
                      .permitted = may_change_this,
                      .looks_at_condition = true},
                     {delete_, staff, destroy, may_remove_this}}},
     .form = {put, describe_fields<User, UserChange>},
     .lock = lock_this},
};

}  // namespace

std::span<const View> users() { return views; }

std::optional<User> find_user(const Call& call, const Uuid& id) {
  return call.db.find(select_one, call.who().tenant, id);
}

User one_user(Call& call, const db::Tenant& tenant, const Uuid& id) {
  return call.db.one(select_one, tenant, id);
}

Person one_person(Call& call, const Uuid& id) {
  return call.db.one(select_person, call.who().tenant, id);
}

void lock_to_administer(Call& call, const Person& person) {
  const auto& who = call.who();
  if (call.by_operator) {
    auth::lock_person(call.db, person.identity_id);
  } else {
    auth::lock_identities(call.db, who.identity_id, person.identity_id);
    // Two admins who remove each other at the same moment: the second one is no admin any more.
    if (call.lock_caller() != Role::admin) base::forbidden();
  }
  // Nor is this somebody whom the company has let go meanwhile, and another one has.
  if (!auth::lock_member(call.db, who.tenant, call.id, person.identity_id)) base::not_found();
}

bool is_self(const Call& call) { return call.id == call.who().user_id; }

std::vector<User> colleagues(Call& call, std::int64_t most) {
  return call.db.all(select_colleagues, call.who().tenant, call.who().user_id, most);
}

}  // namespace app
