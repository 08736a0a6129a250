// app/start_session.cc — see start_session.h. Tests: tests/app/logins_test.cc.
#include "app/start_session.h"

#include "app/login.h"
#include "auth/lock.h"
#include "auth/sessions.h"
#include "http/protect.h"

namespace app {

bool start_session(Context& context, const auth::Principal& who, Answer& answer,
                   LoginNotices* notices) {
  base::Time ends_at;
  const auto old = context.authenticator.by_cookie(context.request);
  std::string cookie;
  context.db.transaction([&] {
    cookie.clear();
    if (old) auth::lock_identities(context.db, old->identity_id, who.identity_id);
    const auto person = auth::still_holds(context.db, who);
    if (!person) return;
    if (old) {
      auth::end_login(context.db, *old, *old);
      context.audit_own(old->tenant, old->user_id, old->username, "logout", "",
                        old->company_id != who.company_id);
    }
    // Under the lock: two logins of one person never have one end.
    ends_at = base::Time::now().plus_seconds(auth::session_seconds);
    cookie = auth::begin_session(context.db, who, context.request, ends_at);
    if (notices) *notices = take_login_notices(context.db, person->identity);
    context.audit_own(who.tenant, who.user_id, who.username, "login");
  });
  if (!cookie.empty()) set_session_cookies(context, cookie, ends_at, answer);
  if (!cookie.empty() && old && old->identity_id != who.identity_id)
    http::clear_storage(answer.headers);
  return !cookie.empty();
}

}  // namespace app
