// app/login.h — the cookies of a session, and where a browser goes next.
#pragma once
#include "app/noun.h"

namespace app {

// Gives the browser the cookie of a new session, as long as the session lasts: it gets a fresh id
// at every login, switch and new password (OWASP Session Management Cheat Sheet).
void set_session_cookie(const Context& context, const std::string& cookie, base::Time ends_at,
                        Answer& answer);
// The same, and a new CSRF token.
void set_session_cookies(const Context& context, const std::string& cookie, base::Time ends_at,
                         Answer& answer);

// Where this request, its CSRF token checked, ended the very session that it came with: the browser
// loses the cookie and what the web client keeps there.
void end_at_browser(Context& context, Answer& answer);

// Of a second factor, where a password is asked for.
inline constexpr Rule code_rule{.required = false,
                                .blank = true,
                                .max_length = 48,
                                .help = "Of your second factor, if you have one: six digits of the "
                                        "app, or a recovery code.",
                                .example = "492039"};

// Throws 401 for a name, a password and a code that open nothing, in the reference's words; the
// reason is for programs (auth::Verdict).
[[noreturn]] void wrong_login(std::string_view reason = {});

// Where a form says that the browser goes next, if that is a path of this site and never another
// host ("//x", "/\\x", "https:").
std::string safe_next(std::string_view next, std::string_view otherwise);

}  // namespace app
