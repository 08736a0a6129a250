// app/own_password.h — what wants more than a session: the caller's own password, and a code where
// they have a second factor.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "app/login.h"
#include "app/noun.h"
#include "auth/lock.h"
#include "db/global_rows.h"

namespace app {

inline constexpr std::string_view wrong_password =
    "Your current password was entered incorrectly. Please enter it again.";

// Of the field "current_password"; beside it "code", with code_rule.
inline constexpr Rule own_password_rule{
    .trim = false, .secret = true, .help = "The one that you have."};

// The body of what asks for nothing else.
struct OwnPassword {
  std::optional<std::string> current_password, code;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("current_password", &OwnPassword::current_password, own_password_rule),
        rest::field("code", &OwnPassword::code, code_rule)};
  }
};

// The person whom they are right for; a code is used up. Throws base::Error{invalid} where one is
// wrong or a code is missing. Not inside a transaction (auth::Authenticator::confirm).
db::Identity confirm_own_password(Context& context, std::string_view password,
                                  const std::optional<std::string>& code);
// The same beside other problems: adds to them, and answers nullopt. Where there are some already,
// the password alone is looked at, so that no code is used up for nothing.
std::optional<db::Identity> confirm_own_password(Context& context, std::string_view password,
                                                 const std::optional<std::string>& code,
                                                 base::Problems& problems);

// Inside the transaction that has locked the caller: no link that was made for them before is good
// any more, in any of their companies.
void end_own_password_links(Context& context);

// Inside the transaction: locks the caller. Throws the same where the password is another one now.
auth::LockedPerson lock_confirmed(Context& context, const db::Identity& confirmed);

}  // namespace app
