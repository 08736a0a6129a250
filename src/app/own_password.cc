// app/own_password.cc — see own_password.h. Tests: tests/app/exports_test.cc,
// tests/app/erasure_test.cc, tests/app/own_erasure_test.cc.
#include "app/own_password.h"

namespace app {

db::Identity confirm_own_password(Context& context, std::string_view password) {
  auto person = context.authenticator.confirm(context.who(), password, context.request);
  if (!person) base::invalid("current_password", wrong_password);
  return *std::move(person);
}

auth::LockedPerson lock_confirmed(Context& context, const db::Identity& confirmed) {
  auto person = auth::lock_caller(context.db, context.who());
  if (person.identity.password_hash != confirmed.password_hash)
    base::invalid("current_password", wrong_password);
  return person;
}

}  // namespace app
