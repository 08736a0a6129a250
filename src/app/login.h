// app/login.h — starting a session, for whoever has proved who they are.
#pragma once
#include "app/call.h"

namespace app {

// Ends the session that came with the request, begins one for `who` and sets both cookies: a
// session gets a fresh id at every login and switch (OWASP Session Management Cheat Sheet). `event`
// is the audit's name for it.
void start_session(Call& call, const auth::Principal& who, std::string_view event,
                   http::Response& response);

// Where a form says that the browser goes next, if that is a path of this site and never another
// host ("//x", "/\\x", "https:").
std::string safe_next(std::string_view next, std::string_view otherwise);

}  // namespace app
