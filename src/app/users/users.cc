// app/users/users.cc — the people of a company.
// Tables: sql/0002_identities.sql, sql/0003_users.sql. Tests: tests/app/users_test.cc.
#include "app/users/users.h"

#include <array>
#include <tuple>
#include <utility>

#include "app/noun.h"
#include "app/users/change.h"
#include "auth/lock.h"
#include "base/text.h"

namespace app {
namespace {

using auth::Role;

struct UserFilters {
  std::optional<std::string> q;

  static constexpr auto fields() {
    return std::tuple{rest::field("q", &UserFilters::q,
                                  {.blank = true,
                                   .max_length = 100,
                                   .help = "A part of the username or display name, in any case.",
                                   .example = "kim",
                                   .since = 2})};
  }
};

struct NewUser {
  std::optional<std::string> username, password, display_name;
  std::optional<Role> role;

  static constexpr auto fields() {
    return std::tuple{rest::field("username", &NewUser::username, username_rule),
                      rest::field("password", &NewUser::password, password_rule),
                      rest::field("display_name", &NewUser::display_name, display_name_rule),
                      rest::field("role", &NewUser::role, {.required = false})};
  }
  void validate(const Context& context, base::Problems& problems) const {
    check_username_is_free(context, username, {}, "", problems);
  }
};

constexpr base::Literal columns = "SELECT id, username, display_name, role, created_at";
constexpr base::Literal present = " WHERE company_id = ? AND removed_at IS NULL";
constexpr auto select_users = columns + " FROM users" + present;
constexpr auto in_order = " FROM users FORCE INDEX (present)" + present;
constexpr OldestFirst<User> select_page{columns + in_order, "created_at"};
constexpr db::Scoped<User, Uuid> select_one{select_users + " AND id = ?"};
constexpr db::Scoped<User, Uuid> lock_one{select_users + " AND id = ? FOR UPDATE"};
constexpr db::Scoped<User, Uuid, std::int64_t> select_colleagues{
    columns + " FROM users FORCE INDEX (by_name)" + present +
    " AND id <> ? ORDER BY username, id LIMIT ?"};
struct Named {
  Uuid id;
  std::string username, display_name;
  std::optional<Time> removed_at;

  FIELDS(Named, id, username, display_name, removed_at)
};

// Asks for so many ids at a time.
template <std::size_t>
using Id = Uuid;
template <class Others>
struct SelectNamed;
template <std::size_t... Others>
struct SelectNamed<std::index_sequence<Others...>> : db::Scoped<Named, Uuid, Id<Others>...> {
  consteval SelectNamed()
      : db::Scoped<Named, Uuid, Id<Others>...>(
            (base::Literal("SELECT id, username, display_name, removed_at FROM users"
                           " WHERE company_id = ? AND id IN (?") +
             ... + (static_cast<void>(Others), base::Literal(", ?"))) +
            ")") {}
};
template <std::size_t Count>
constexpr SelectNamed<std::make_index_sequence<Count - 1>> select_people;
// Most documents name few; a page of a list has a hundred rows at most. What a statement costs
// grows with its places.
constexpr std::size_t few_named = 6, some_named = 24, many_named = 102;

// Where fewer ids are left one is asked for more than once.
template <std::size_t Count, class Place>
std::vector<Named> read_named(const Context& context, Place& next, Place end) {
  std::array<Uuid, Count> ids;
  ids.fill(*next);
  for (auto id = ids.begin(); id != ids.end() && next != end; ++id, ++next) *id = *next;
  return std::apply(
      [&](const auto&... each) {
        return context.db.all(select_people<Count>, context.who().tenant, each...);
      },
      ids);
}

constexpr db::Scoped<StoredUser, Uuid> select_stored{R"(
    SELECT identity_id, username, display_name, role FROM users
     WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

// Those who are called so are looked for here and not by the database, which folds some letters in
// another way; among so many people at a time.
Answer index(Context& context) {
  base::Problems problems;
  const auto wanted =
      base::search_key(base::nfkc(context.read_filters<UserFilters>(problems).q.value_or("")));
  auto page = context.read_page(problems);
  const auto& tenant = context.who().tenant;
  if (wanted.empty()) return context.list(select_page.all(context.db, tenant, page), page);
  auto passing = page;
  passing.rows = most_rows_passed + 1;
  auto people = select_page.all(context.db, tenant, passing);
  bool more = take_next(people, passing);
  const auto reached = people.empty() ? std::nullopt : std::optional(position_of(people.back()));
  std::erase_if(people, [&](const auto& user) {
    const auto has = [&](const auto& name) {
      return base::search_key(name).find(wanted) != std::string::npos;
    };
    return !has(user.username) && !has(user.display_name);
  });
  const auto rows = static_cast<std::size_t>(page.rows);
  if (people.size() > rows) people.resize(rows);
  return context.list(std::move(people), page, more ? reached : std::nullopt);
}

Answer create(Context& context) {
  auto [in, earlier] = context.read_new<NewUser>(select_one);
  if (earlier) return *std::move(earlier);
  base::Problems problems;
  const Credentials credentials{in.username, in.password, {}};
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
    insert_user(context, who.tenant, identity_id,
                {id, *in.username, in.display_name.value_or(""), role});
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
    if (user.identity_id) check_other_admin(context, who.tenant, context.id, problems);
    problems.throw_if_any();
    remove_user(context, who.tenant, context.id, user.identity_id);
    context.audit("user.remove", context.id);
  });
  return no_content();
}

// In the order in which every change of a person takes its locks.
void lock_this(Context& context) {
  const auto user = stored_user(context, context.id);
  const auto& self = context.who().identity_id;
  auth::lock_identities(context.db, self, user.identity_id.value_or(self));
  context.db.find(lock_one, context.who().tenant, context.id);
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "user-list",
     .path = "/accounts/users/",
     .since = 1,
     .summary = "The people of your company, oldest first.",
     .operations = {{{get, staff, index},
                     {.method = post,
                      .access = staff,
                      .handle = create,
                      .by = By::no_api_token,
                      .summary = "Add a colleague. Only admins add admins."}}},
     .form = {post, describe_fields<User, NewUser>},
     .list = {describe_filters<UserFilters>}},
    {.name = "user-detail",
     .path = "/accounts/users/{user_id}",
     .since = 1,
     .summary = "One person. Admins change and remove others; everybody changes themselves.",
     .operations = {{{get, staff, show_row<select_one>},
                     {.method = put,
                      .access = staff,
                      .handle = change_user,
                      .permitted = may_change_this,
                      .looks_at_condition = true,
                      .summary = "Change a person."},
                     {.method = patch,
                      .access = staff,
                      .handle = change_user,
                      .permitted = may_change_this,
                      .looks_at_condition = true,
                      .summary = "Change some of a person."},
                     {.method = delete_,
                      .access = staff,
                      .handle = destroy,
                      .permitted = may_remove_this,
                      .for_admins = true,
                      .summary = "Remove a colleague."}}},
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
    if (user.identity_id) auth::lock_person(context.db, *user.identity_id);
  } else {
    auth::lock_identities(context.db, who.identity_id, user.identity_id.value_or(who.identity_id));
    // Two admins who remove each other at the same moment: the second one is no admin any more.
    context.lock_admin();
  }
  // Nor is this somebody whom the company has let go meanwhile, and another one has.
  if (!auth::lock_member(context.db, who.tenant, context.id, user.identity_id)) base::not_found();
}

bool is_self(const Context& context) {
  return !context.by_operator && context.id == context.who().user_id;
}

std::vector<rest::Person> find_people(const Context& context, const std::set<Uuid>& ids) {
  using Place = std::set<Uuid>::const_iterator;
  const auto read = ids.size() <= few_named    ? read_named<few_named, Place>
                    : ids.size() <= some_named ? read_named<some_named, Place>
                                               : read_named<many_named, Place>;
  std::vector<rest::Person> people;
  for (auto next = ids.begin(); next != ids.end();)
    for (const auto& row : read(context, next, ids.end()))
      people.push_back({.url = {},
                        .id = row.id,
                        .username = row.username,
                        .display_name = row.display_name,
                        .removed = row.removed_at.has_value()});
  return people;
}

std::string label_of(const User& user) {
  return user.display_name.empty() ? user.username : user.username + " (" + user.display_name + ")";
}

std::vector<User> colleagues(Context& context, std::int64_t most) {
  return context.db.all(select_colleagues, context.who().tenant, context.who().user_id, most);
}

}  // namespace app
