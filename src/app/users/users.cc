// app/users/users.cc — the people of a company.
// Tables: sql/0002_identities.sql, sql/0003_users.sql. Tests: tests/app/users_test.cc.
#include "app/users/users.h"

#include <array>
#include <tuple>

#include "app/noun.h"
#include "app/users/change.h"
#include "auth/lock.h"

namespace app {
namespace {

using auth::Role;

struct NewUser {
  std::optional<std::string> username, password;
  std::optional<Role> role;

  static constexpr auto fields() {
    return std::tuple{rest::field("username", &NewUser::username, username_rule),
                      rest::field("password", &NewUser::password, password_rule),
                      rest::field("role", &NewUser::role, {.required = false})};
  }
  void validate(const Context& context, base::Problems& problems) const {
    check_username_is_free(context, username, {}, "", problems);
  }
};

constexpr base::Literal columns = "SELECT id, username, role, created_at FROM users";
constexpr base::Literal present = " WHERE company_id = ? AND removed_at IS NULL";
constexpr auto select_users = columns + present;
constexpr OldestFirst<User> select_page{columns + " FORCE INDEX (present)" + present, "created_at"};
constexpr db::Scoped<User, Uuid> select_one{select_users + " AND id = ?"};
constexpr db::Scoped<User, Uuid> lock_one{select_users + " AND id = ? FOR UPDATE"};
constexpr db::Scoped<User, Uuid, std::int64_t> select_colleagues{
    columns + " FORCE INDEX (by_name)" + present + " AND id <> ? ORDER BY username, id LIMIT ?"};
struct Named {
  Uuid id;
  std::string username;
  std::optional<Time> removed_at;

  FIELDS(Named, id, username, removed_at)
};
// A few at a time: of most documents there are no more.
constexpr std::size_t named_at_once = 6;
constexpr db::Scoped<Named, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid> select_named{R"(
    SELECT id, username, removed_at FROM users
     WHERE company_id = ? AND id IN (?, ?, ?, ?, ?, ?))"};
constexpr db::Scoped<StoredUser, Uuid> select_stored{R"(
    SELECT identity_id, username, role FROM users
     WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

Answer create(Context& context) {
  auto [in, earlier] = context.read_new<NewUser>(select_one);
  if (earlier) return *std::move(earlier);
  base::Problems problems;
  const Credentials credentials{in.username, in.password};
  check_credentials(credentials, "", problems);
  problems.throw_if_any();
  const auto role = in.role.value_or(Role::staff);
  if (role != Role::staff && !context.is_admin()) base::forbidden();

  const auto& who = context.who();
  const auto id = context.new_id();
  const auto password_hash = context.hash(*in.password);
  context.db.transaction([&] {
    const auto role_now = context.lock_caller();
    if (role != Role::staff && role_now != Role::admin) base::forbidden();
    context.remember(in);
    const auto identity_id =
        insert_identity(context, who.company_id, *in.username, password_hash, ChosenBy::admin);
    insert_user(context, who.tenant, id, identity_id, *in.username, role);
    context.audit("user.create", id, std::string(to_text(role)));
  });
  return context.created(one_user(context, who.tenant, id));
}

// Nobody removes themselves.
bool may_remove(const Context& context) { return context.is_admin() && !is_self(context); }

bool is_here(Context& context) { return find_user(context, context.id).has_value(); }
bool may_change_this(Context& context) { return may_change_user(context) && is_here(context); }
bool may_remove_this(Context& context) { return may_remove(context) && is_here(context); }

Answer destroy(Context& context) {
  const auto& who = context.who();
  const auto user = stored_user(context, context.id);
  if (!may_remove(context)) base::forbidden();
  context.db.transaction([&] {
    lock_to_administer(context, user);
    base::Problems problems;
    check_other_admin(context, who.tenant, context.id, problems);
    problems.throw_if_any();
    remove_user(context, who.tenant, context.id, user.identity_id);
    context.audit("user.remove", context.id);
  });
  return no_content();
}

// In the order in which every change of a person takes its locks.
void lock_this(Context& context) {
  const auto user = stored_user(context, context.id);
  auth::lock_identities(context.db, context.who().identity_id, user.identity_id);
  context.db.find(lock_one, context.who().tenant, context.id);
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "user-list",
     .path = "/accounts/users/",
     .since = 1,
     .summary = "The people of your company, oldest first.",
     .operations = {{{get, staff, list_rows<select_page>},
                     {.method = post, .access = staff, .handle = create, .for_api_tokens = false}}},
     .form = {post, describe_fields<User, NewUser>}},
    {.name = "user-detail",
     .path = "/accounts/users/{user_id}",
     .since = 1,
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

std::span<const Route> users() { return routes; }

std::optional<User> find_user(const Context& context, const Uuid& id) {
  return context.db.find(select_one, context.who().tenant, id);
}

User one_user(Context& context, const db::Tenant& tenant, const Uuid& id) {
  return context.db.one(select_one, tenant, id);
}

StoredUser stored_user(Context& context, const Uuid& id) {
  return context.db.one(select_stored, context.who().tenant, id);
}

void lock_to_administer(Context& context, const StoredUser& user) {
  const auto& who = context.who();
  if (context.by_operator) {
    auth::lock_person(context.db, user.identity_id);
  } else {
    auth::lock_identities(context.db, who.identity_id, user.identity_id);
    // Two admins who remove each other at the same moment: the second one is no admin any more.
    if (context.lock_caller() != Role::admin) base::forbidden();
  }
  // Nor is this somebody whom the company has let go meanwhile, and another one has.
  if (!auth::lock_member(context.db, who.tenant, context.id, user.identity_id)) base::not_found();
}

bool is_self(const Context& context) {
  return !context.by_operator && context.id == context.who().user_id;
}

std::vector<rest::Person> find_people(const Context& context, const std::set<Uuid>& ids) {
  std::vector<rest::Person> people;
  for (auto next = ids.begin(); next != ids.end();) {
    std::array<Uuid, named_at_once> some;
    some.fill(*next);  // where fewer are left, one is named more than once
    for (auto place = some.begin(); place != some.end() && next != ids.end(); ++place, ++next)
      *place = *next;
    const auto rows = std::apply(
        [&](const auto&... each) {
          return context.db.all(select_named, context.who().tenant, each...);
        },
        some);
    for (const auto& row : rows)
      people.push_back({row.id, row.username, row.removed_at.has_value()});
  }
  return people;
}

std::vector<User> colleagues(Context& context, std::int64_t most) {
  return context.db.all(select_colleagues, context.who().tenant, context.who().user_id, most);
}

}  // namespace app
