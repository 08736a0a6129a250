// auth/password.h — which passwords are good enough: Django's four validators.
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"

namespace auth {

// Looks at the password in NFC, as it is hashed. Reports under `field`, in this order, all that
// apply: too similar to the username, shorter than 8 characters, common, all digits.
void check_password(std::string_view password, std::string_view username, std::string_view field,
                    base::Problems& problems);

}  // namespace auth
