// app/erasure.h — what the company's own route needs of its erasure.
#pragma once
#include <string_view>

#include "app/noun.h"

namespace app {

inline constexpr std::string_view erasure_path = "/accounts/company/erasure";

// DELETE of the company: asks for its name and the caller's password. Everybody is logged out, and
// in 30 days it is erased; until then admins may keep it.
Answer erase_company(Context& context);
Fields erasure_fields(const rest::Version& version);

}  // namespace app
