// app/own_erasure.h — what the route about oneself needs of erasing one's account.
#pragma once
#include "app/noun.h"

namespace app {

// DELETE of oneself: asks for the password, and a code where there is a second factor. The person
// is removed from all of their companies, and cannot log in any more. 400 with the company's name
// where they are the last admin of one.
Answer erase_me(Context& context);
Fields own_erasure_fields(const rest::Version& version);

}  // namespace app
