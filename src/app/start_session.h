// app/start_session.h — where a login becomes a session of the browser.
#pragma once
#include "app/login_notices.h"
#include "app/noun.h"

namespace app {

// Starts a session for who has just given a password, in place of the one that the browser has,
// which may be another person's. False: what the password was for has ended meanwhile. What the
// person is due to be told is put where the answer has a place for it: nullptr, it has none.
bool start_session(Context& context, const auth::Principal& who, Answer& answer,
                   LoginNotices* notices);

}  // namespace app
