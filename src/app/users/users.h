// app/users/users.h — what other nouns need of users: how one is shown, named, created and removed.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "app/noun.h"
#include "auth/role.h"
#include "base/fields.h"
#include "base/uuid.h"

namespace app {

inline constexpr auto users_path = rest::people_path;
using UserUrl = base::Link<users_path>;

struct User {
  base::SelfLink<users_path> url;
  base::Uuid id;
  std::string username;
  std::string display_name;  // in this company; "": none. Anybody may have it, too
  auth::Role role = auth::Role::staff;
  base::Time created_at;

  static constexpr auto fields() {
    return std::tuple{base::field("url", &User::url),
                      base::field("id", &User::id),
                      base::field("username", &User::username),
                      rest::field("display_name", &User::display_name, {.since = 2}),
                      base::field("role", &User::role),
                      base::hidden("created_at", &User::created_at)};
  }
};

// What a form calls somebody: "kim (Kim Miller)". The username comes first and has no blank, so
// that nobody's display name passes for another person.
std::string label_of(const User& user);

// Brings a username into NFKC and reports characters that it may not have.
void check_username(std::string& value, std::string_view field, base::Problems& problems);

// Brings a display name into NFKC and reports what might hide something of it, or of what stands
// beside it: control characters of either direction, invisible ones, heaps of combining marks.
void check_display_name(std::string& value, std::string_view field, base::Problems& problems);

inline constexpr Rule username_rule{
    .max_length = auth::most_name_length,
    .help = "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
    .example = "lee",
    .check = check_username};
inline constexpr Rule display_name_rule{
    .required = false,
    .blank = true,
    .max_length = 100,
    .help = "What others read beside the username. Letters, numbers, spaces and . , ' ’ - _ ( ) ·",
    .example = "Kim Miller",
    .since = 2,
    .check = check_display_name};
inline constexpr Rule password_rule{.trim = false,
                                    .secret = true,
                                    .max_length = 128,
                                    .help = "At least 8 characters, and not a common password."};

// Names and password of somebody new.
struct Credentials {
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<std::string> display_name;

  static constexpr auto fields() {
    return std::tuple{rest::field("username", &Credentials::username, username_rule),
                      rest::field("password", &Credentials::password, password_rule),
                      rest::field("display_name", &Credentials::display_name, display_name_rule)};
  }
};

// Reports a username that somebody has already, in any company, other than `self`, and a password
// that is not good enough. `prefix` is where the two fields stand: "", "user.".
void check_username_is_free(const Context& context, const std::optional<std::string>& username,
                            const std::optional<base::Uuid>& self, const std::string& prefix,
                            base::Problems& problems);
void check_credentials(const Credentials& in, const std::string& prefix, base::Problems& problems);

// What a membership begins with.
struct NewMember {
  base::Uuid id;
  std::string username;
  std::string display_name;
  auth::Role role = auth::Role::staff;
};

// Writes a person whose first company this is, and answers the new identity's id. The password was
// hashed before the transaction.
enum class ChosenBy { person, admin };
base::Uuid insert_identity(Context& context, const base::Uuid& company_id,
                           const std::string& username, const std::string& password_hash,
                           ChosenBy chosen_by);
// Writes the membership of a person in the tenant's company.
void insert_user(Context& context, const db::Tenant& tenant, const base::Uuid& identity_id,
                 const NewMember& member);

// Lets a person be a user of the tenant's company who is there already and cannot log in, inside a
// transaction that has locked both. The role stays.
void give_login(db::Connection& db, const db::Tenant& tenant, const base::Uuid& identity_id,
                const NewMember& member);
// The display name with which others go on reading the name that they know, beside that username;
// "": it is the same, or no name to give oneself.
std::string kept_display_name(std::string name, const std::string& username);

// Ends a membership, inside a transaction that has locked the person: the user is removed, with all
// sessions, tokens, invitations and links, and a person who has no other company is forgotten. 404
// when it has ended already.
void remove_user(Context& context, const db::Tenant& tenant, const base::Uuid& user_id,
                 const std::optional<base::Uuid>& identity_id);

// Locks the company against those who change who its admins are; before its invitations.
void keep_company(Context& context, const db::Tenant& tenant);
// Inside a transaction: reports, under "role", that the company has no admin beside this user. Who
// is an admin stays as it is until the transaction ends.
void check_other_admin(Context& context, const db::Tenant& tenant, const base::Uuid& user_id,
                       base::Problems& problems);

// Notes, in the audit of one of their companies, what the caller did to themselves (or an operator
// to them) there: to be called for each company in which it acts. See Context::audit_own.
void audit_member(Context& context, const auth::Principal& member, std::string_view event,
                  std::string detail = {});

// Ends the invitations and the links for a new password that a user made, when the right to make
// them ends.
void end_links_made(Context& context, const db::Tenant& tenant, const base::Uuid& user_id);

// One member as shown; removed ones and other companies' are not there.
std::optional<User> find_user(const Context& context, const base::Uuid& id);
User one_user(Context& context, const db::Tenant& tenant, const base::Uuid& id);

// The same with what only the server knows of them; 404 when they are not there.
struct StoredUser {
  std::optional<base::Uuid> identity_id;  // empty: cannot log in, as an import leaves people
  std::string username, display_name;
  auth::Role role = auth::Role::staff;

  FIELDS(StoredUser, identity_id, username, display_name, role)
};
StoredUser stored_user(Context& context, const base::Uuid& id);

// Inside a transaction: locks the person in the path and the caller, in the order of auth/lock.h.
// 403 unless the caller is an admin still, 404 unless the person is a member still.
void lock_to_administer(Context& context, const StoredUser& user);

// The user of the path is the caller.
bool is_self(const Context& context);

// Who these people are, and whether they are still here: all whom the company has or had.
std::vector<rest::Person> find_people(const Context& context, const std::set<Uuid>& ids);

// The other members by name, at most so many.
std::vector<User> colleagues(Context& context, std::int64_t most);

}  // namespace app
