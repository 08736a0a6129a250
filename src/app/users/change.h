// app/users/change.h — changing a person: names, password and role.
//
// A person has one username and one password, whatever companies they are in: a change of these
// shows in each, and a new password ends every other session and token in all of them. Role and
// display name are a company's own. Tests: tests/app/users_test.cc.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <tuple>

#include "app/login.h"
#include "app/noun.h"
#include "app/users/users.h"

namespace app {

inline constexpr Rule current_password_rule{.required = false,
                                            .blank = true,
                                            .trim = false,
                                            .secret = true,
                                            .help = "Required with a new password of one's own."};

struct UserChange {
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<std::string> current_password;
  std::optional<std::string> code;
  std::optional<std::string> display_name;
  std::optional<auth::Role> role;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("username", &UserChange::username, username_rule),
        rest::field("password", &UserChange::password, password_rule),
        rest::field("current_password", &UserChange::current_password, current_password_rule),
        rest::field("code", &UserChange::code, code_rule),
        rest::field("display_name", &UserChange::display_name, display_name_rule),
        rest::field("role", &UserChange::role, {.required = false})};
  }
};

// Admins may change everybody in their company, others themselves.
bool may_change_user(const Context& context);

// An admin has no say over a person who also belongs to another company: a password that this admin
// knows would open that company too. Throws 403. Belongs inside the transaction, with the person
// locked; an operator may.
void check_is_only_ours(Context& context, const StoredUser& user);

// Calls change with the tenant and the id of the user of the path in each company of that person
// (for an admin, who changes nobody elsewhere, in their own), and notes it there.
void for_each_company(Context& context, std::string_view event, const std::string& detail,
                      const std::function<void(const db::Tenant&, const Uuid&)>& change);

// PUT and PATCH of the user in the path. A new password of one's own asks for the current one, and
// a code where there is a second factor; one's own session goes on under a new id. 403 for the
// username or password of somebody who also belongs to another company, and 400 for the last
// admin's role.
Answer change_user(Context& context);

}  // namespace app
