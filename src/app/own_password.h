// app/own_password.h — what wants more than a session: the caller's own password.
#pragma once
#include <string_view>

#include "app/noun.h"
#include "auth/lock.h"
#include "db/global_rows.h"

namespace app {

inline constexpr std::string_view wrong_password =
    "Your current password was entered incorrectly. Please enter it again.";

// Of the field "current_password".
inline constexpr Rule own_password_rule{
    .trim = false, .secret = true, .help = "The one that you have."};

// The person whom it is right for. Throws base::Error{invalid} where it is wrong. Not inside a
// transaction (auth::Authenticator::confirm).
db::Identity confirm_own_password(Context& context, std::string_view password);

// Inside the transaction: locks the caller. Throws the same where the password is another one now.
auth::LockedPerson lock_confirmed(Context& context, const db::Identity& confirmed);

}  // namespace app
