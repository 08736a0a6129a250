// app/users.h — what other nouns need of users: how one is shown, named and created.
#pragma once
#include <optional>
#include <string>
#include <tuple>

#include "app/call.h"
#include "auth/role.h"
#include "base/fields.h"
#include "base/uuid.h"

namespace app {

using UserUrl = base::Link<"/api/v1/accounts/users/">;

struct User {
  UserUrl url;
  base::Uuid id;
  std::string username;
  auth::Role role = auth::Role::staff;
  base::Time created_at;

  static constexpr auto fields() {
    return std::tuple{base::field("url", &User::url), base::field("id", &User::id),
                      base::field("username", &User::username), base::field("role", &User::role),
                      base::hidden("created_at", &User::created_at)};
  }
};

// Brings a username into NFKC and reports characters that it may not have.
void check_username(std::string& value, std::string_view field, base::Problems& problems);

inline constexpr base::Rule username_rule{
    .max_length = 150,
    .help = "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
    .check = check_username};
inline constexpr base::Rule password_rule{.trim = false, .secret = true, .max_length = 128};

// Reports a username that somebody has already, in any company, other than `self`.
void check_username_is_free(Call& call, const std::optional<std::string>& username,
                            const std::optional<base::Uuid>& self, std::string_view field,
                            base::Problems& problems);

// Writes the person and the membership, inside the caller's transaction.
struct NewMember {
  base::Uuid id;
  base::Uuid identity_id;
  std::string username;
  std::string password_hash;
  auth::Role role = auth::Role::staff;
};
void insert_member(Call& call, const db::Tenant& tenant, const base::Uuid& company_id,
                   const NewMember& member);

// Turns a lost race for a username into the answer that a later request would have got.
[[noreturn]] void username_taken(std::string_view field);

// One member as shown; removed ones and other companies' are not there.
std::optional<User> find_user(Call& call, const base::Uuid& id);
User one_user(Call& call, const db::Tenant& tenant, const base::Uuid& id);

}  // namespace app
