// app/me.h — the document about oneself, which login answers as well.
#pragma once
#include "app/call.h"

namespace app {

// The user, the company and the number of unread messages of `who`.
http::Response about(Call& call, const auth::Principal& who);

}  // namespace app
