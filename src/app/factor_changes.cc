// app/factor_changes.cc — what takes the password and a code of the second factor: new recovery
// codes, and switching it off. Tests: tests/api/second_factor_test.py.
#include "app/login.h"
#include "app/noun.h"
#include "app/own_password.h"
#include "app/second_factor.h"
#include "auth/identities.h"
#include "auth/lock.h"
#include "auth/second_factor.h"

namespace app {
namespace {

struct Proof {
  std::optional<std::string> password, code;

  static constexpr auto fields() {
    auto code = code_rule;
    code.required = true;
    code.blank = false;
    code.help = "Six digits of the app, or a recovery code.";
    return std::tuple{rest::field("password", &Proof::password, own_password_rule),
                      rest::field("code", &Proof::code, code)};
  }
};

[[noreturn]] void no_factor() {
  throw base::Error(base::Code::forbidden, "You have no second factor.");
}

// The caller, who has shown password and code, as they are now; locked.
db::Identity lock_with_code(Context& context, const db::Identity& shown) {
  const auto person = auth::lock_caller(context.db, context.who());
  if (person.identity.password_hash != shown.password_hash)
    base::invalid("password", wrong_password);
  if (!person.identity.factor.is_on()) no_factor();
  return person.identity;
}

db::Identity check_proof(Context& context, const Proof& in) {
  const auto identity = auth::Identities(context.db).find(context.who().identity_id);
  if (!identity || !identity->factor.is_on()) no_factor();
  auto verdict = context.authenticator.confirm_with_code(context.who(), *in.password, *in.code,
                                                         context.request);
  if (!verdict && verdict.reason.empty()) base::invalid("password", wrong_password);
  if (!verdict) base::invalid("code", wrong_code);
  return *std::move(verdict.person);
}

[[noreturn]] void is_needed() {
  throw base::Error(base::Code::forbidden,
                    "A company where you are an admin wants a second factor of its admins.");
}

Answer switch_off(Context& context) {
  const auto shown = check_proof(context, context.read<Proof>());
  context.db.transaction([&] {
    const auto identity = lock_with_code(context, shown);
    auth::Identities(context.db)
        .set_factor(identity.id, {.factor_ended_at = identity.factor.factor_ended_at});
    context.authenticator.for_each_membership(context.who(), [&](const auto& member) {
      if (member.needs_factor) is_needed();
      auth::note_factor(context.db, member.tenant, member.user_id, false);
      audit_factor(context, context.who(), member, "second_factor.off");
    });
  });
  return context.ok(FactorState{});
}

Answer renew(Context& context) {
  const auto shown = check_proof(context, context.read<Proof>());
  RecoveryCodes codes;
  context.db.transaction([&] {
    auto factor = lock_with_code(context, shown).factor;
    codes = renew_recovery_codes(factor);
    auth::Identities(context.db).set_factor(shown.id, factor);
    context.authenticator.for_each_membership(context.who(), [&](const auto& member) {
      audit_factor(context, context.who(), member, "second_factor.codes");
    });
  });
  return factor_shown_once(context.ok(codes));
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "second-factor-codes",
     .path = "/auth/second-factor/recovery-codes/",
     .summary = "New recovery codes in the place of those that are left. They are shown once.",
     .operations = {{{.method = post,
                      .access = staff,
                      .handle = renew,
                      .by = By::no_api_token,
                      .answers = 200}}},
     .form = {post, describe_fields<RecoveryCodes, Proof>}},
    {.name = "second-factor-off",
     .path = "/auth/second-factor/off/",
     .summary = "Switch the second factor off.",
     .operations = {{{.method = post,
                      .access = staff,
                      .handle = switch_off,
                      .by = By::no_api_token,
                      .answers = 200}}},
     .form = {post, describe_fields<FactorState, Proof>}},
};

}  // namespace

void end_factor(Context& context, db::Identity& identity) {
  const bool was_on = identity.factor.is_on();
  if (!identity.factor.factor_secret) return;
  const auto told_of =
      was_on ? std::optional(Time::now()) : identity.factor.factor_ended_at;  // of none they knew
  identity.factor = {.factor_ended_at = told_of};
  auth::Identities(context.db).set_factor(identity.id, identity.factor);
  if (!was_on) return;
  context.authenticator.for_each_membership(context.who(), [&](const auto& member) {
    auth::note_factor(context.db, member.tenant, member.user_id, false);
    audit_factor(context, context.who(), member, "second_factor.off");
  });
}

std::span<const Route> factor_changes() { return routes; }

}  // namespace app
