// app/own_password.cc — see own_password.h. Tests: tests/api/second_factor_proof_test.py,
// tests/app/exports_test.cc, tests/app/erasure_test.cc, tests/app/own_erasure_test.cc.
#include "app/own_password.h"

#include "app/second_factor.h"
#include "auth/sessions.h"

namespace app {

db::Identity confirm_own_password(Context& context, std::string_view password,
                                  const std::optional<std::string>& code) {
  base::Problems problems;
  auto person = confirm_own_password(context, password, code, problems);
  problems.throw_if_any();
  return *std::move(person);
}

std::optional<db::Identity> confirm_own_password(Context& context, std::string_view password,
                                                 const std::optional<std::string>& code,
                                                 base::Problems& problems) {
  auto& authenticator = context.authenticator;
  if (!problems.empty()) {
    if (!authenticator.confirm(context.who(), password, context.request))
      problems.add("current_password", wrong_password);
    return std::nullopt;
  }
  auto verdict =
      authenticator.confirm_with_code(context.who(), password, code.value_or(""), context.request);
  if (verdict) return std::move(verdict.person);
  if (verdict.reason.empty())
    problems.add("current_password", wrong_password);
  else
    problems.add("code", verdict.reason == "second_factor_required"
                             ? "Enter a code of your second factor."
                             : wrong_code);
  return std::nullopt;
}

auth::LockedPerson lock_confirmed(Context& context, const db::Identity& confirmed) {
  auto person = auth::lock_caller(context.db, context.who());
  if (person.identity.password_hash != confirmed.password_hash)
    base::invalid("current_password", wrong_password);
  return person;
}

void end_own_password_links(Context& context) {
  context.authenticator.for_each_membership(context.who(), [&](const auto& member) {
    auth::end_password_links(context.db, member.tenant, member.user_id);
  });
}

}  // namespace app
