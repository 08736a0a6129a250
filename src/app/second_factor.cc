// app/second_factor.cc — a second factor beside the password: set up, and confirmed.
// Columns: sql/0044_second_factors.sql. Tests: tests/app/second_factor_test.cc,
// tests/api/second_factor_test.py.
//
// Whoever is logged in says their password; whom a company keeps out, and nobody else, may say
// their name as well: a name and a password that were found somewhere make no session here that the
// person could see, and no line of a login in the audit. What was made by the password alone
// before, sessions and web tokens, ends when the factor is on; API tokens stay.
#include "app/second_factor.h"

#include "app/login.h"
#include "app/noun.h"
#include "app/own_password.h"
#include "auth/identities.h"
#include "auth/lock.h"
#include "auth/second_factor.h"
#include "auth/sessions.h"
#include "auth/totp.h"
#include "base/crypto.h"
#include "http/protect.h"

namespace app {
namespace {

constexpr Rule own_name_rule{.required = false,
                             .blank = true,
                             .max_length = auth::most_name_length,
                             .help = "Where a company that wants it keeps you out.",
                             .example = "ann"};

struct Beginning {
  std::optional<std::string> username, password;

  static constexpr auto fields() {
    return std::tuple{rest::field("username", &Beginning::username, own_name_rule),
                      rest::field("password", &Beginning::password, own_password_rule)};
  }
};

struct NewSecret {
  std::string secret, uri;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("secret", &NewSecret::secret, {.help = "To type into an app. Shown once."}),
        rest::field("uri", &NewSecret::uri, {.help = "The same for an app to open or scan."})};
  }
};

struct Confirmation {
  std::optional<std::string> username, password, code;

  static constexpr auto fields() {
    auto code = code_rule;
    code.required = true;
    code.blank = false;
    code.help = "The six digits that the app shows now.";
    return std::tuple{rest::field("username", &Confirmation::username, own_name_rule),
                      rest::field("password", &Confirmation::password, own_password_rule),
                      rest::field("code", &Confirmation::code, code)};
  }
};

// Who has shown their password: the caller, or somebody who is not logged in.
struct Shown {
  std::unique_ptr<const auth::Principal> named;
  db::Identity identity;

  const auth::Principal& who(const Context& context) const {
    return named ? *named : context.who();
  }
};

bool is_kept_out(Context& context, const auth::Principal& who) {
  bool is = false;
  context.authenticator.for_each_membership(
      who, [&](const auto& member) { is |= member.needs_factor && !member.has_factor; });
  return is;
}

Shown check_shown(Context& context, const std::optional<std::string>& username,
                  const std::string& password) {
  if (context.caller.principal) {
    auto identity = context.authenticator.confirm(context.who(), password, context.request);
    if (!identity) base::invalid("password", wrong_password);
    return {nullptr, *std::move(identity)};
  }
  if (username.value_or("").empty()) base::invalid("username", "This field is required.");
  auto verdict = context.authenticator.check(*username, password, "", context.request);
  if (!verdict) wrong_login(verdict.reason);
  auto named = context.authenticator.home(*verdict.person);
  if (!named) wrong_login();
  if (!is_kept_out(context, *named)) throw base::Error(base::Code::forbidden, "Log in first.");
  return {std::move(named), *std::move(verdict.person)};
}

// Locks the person, as they are now. Whoever has a second factor switches that off first.
db::Identity lock_without_factor(Context& context, const Shown& shown) {
  const auto person = shown.named ? auth::still_holds(context.db, *shown.named)
                                  : std::optional(auth::lock_caller(context.db, context.who()));
  if (!person || person->identity.password_hash != shown.identity.password_hash) wrong_login();
  if (person->identity.factor.is_on())
    throw base::Error(base::Code::forbidden, "You have a second factor. Switch it off first.");
  return person->identity;
}

// As the apps call it: where people go, and not Host, which a request chooses.
std::string site_of(const Context& context) {
  const auto& url = context.config.public_urls.front();
  return url.substr(url.find("://") + 3);
}

Answer show(Context& context) {
  const auto identity = auth::Identities(context.db).find(context.who().identity_id);
  if (!identity) base::not_found();
  return context.ok(factor_state(identity->factor));
}

// A secret that was not confirmed gives way to the next.
Answer set_up(Context& context) {
  const auto in = context.read<Beginning>();
  const auth::SecondFactor factors(context.config.factor_keys);
  factors.check_configured();
  const auto shown = check_shown(context, in.username, *in.password);
  const auto secret = base::random_string(auth::totp::secret_bytes);
  context.db.transaction([&] {
    const auto identity = lock_without_factor(context, shown);
    auto factor = factors.begin(identity.id, secret);
    factor.factor_ended_at = identity.factor.factor_ended_at;  // until its days are over
    auth::Identities(context.db).set_factor(identity.id, factor);
  });
  return factor_shown_once(
      context.made(NewSecret{auth::totp::base32(secret),
                             auth::totp::uri(secret, site_of(context), shown.identity.username)}));
}

Answer confirm(Context& context) {
  const auto in = context.read<Confirmation>();
  const auth::SecondFactor factors(context.config.factor_keys);
  const auto shown = check_shown(context, in.username, *in.password);
  const auto& who = shown.who(context);
  RecoveryCodes codes;
  context.db.transaction([&] {
    const auto identity = lock_without_factor(context, shown);
    auto factor = factors.take(identity.factor, identity.id, *in.code, Time::wall());
    if (!factor) base::invalid("code", wrong_code);
    codes = renew_recovery_codes(*factor);
    auth::Identities(context.db).set_factor(identity.id, *factor);
    context.authenticator.for_each_membership(who, [&](const auto& member) {
      const bool is_here = !shown.named && member.company_id == who.company_id;
      auth::end_logins(context.db, member.tenant, member.user_id, is_here ? &who : nullptr);
      auth::note_factor(context.db, member.tenant, member.user_id, true);
      audit_factor(context, who, member, "second_factor.on");
    });
  });
  return factor_shown_once(context.ok(codes));
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "second-factor",
     .path = "/auth/second-factor",
     .summary = "Whether you have a second factor, and how many recovery codes are left.",
     .operations = {{{.method = get, .access = staff, .handle = show, .by = By::no_api_token}}},
     .shows = shown_fields<FactorState>},
    {.name = "second-factor-set-up",
     .path = "/auth/second-factor/set-up/",
     .summary = "A secret for an app that makes codes. It is in force when a code confirms it.",
     .operations = {{{.method = post,
                      .access = anyone,
                      .handle = set_up,
                      .by = By::no_api_token,
                      .admits = auth::Admits::all}}},
     .form = {post, describe_fields<NewSecret, Beginning>}},
    {.name = "second-factor-confirm",
     .path = "/auth/second-factor/confirm/",
     .summary =
         "Switch the second factor on. Your other logins end; recovery codes are shown once.",
     .operations = {{{.method = post,
                      .access = anyone,
                      .handle = confirm,
                      .by = By::no_api_token,
                      .admits = auth::Admits::all,
                      .answers = 200}}},
     .form = {post, describe_fields<RecoveryCodes, Confirmation>}},
};

}  // namespace

std::span<const Route> second_factor() { return routes; }

FactorState factor_state(const db::Factor& factor) {
  return {factor.is_on(), static_cast<std::int64_t>(auth::recovery_codes_left(factor))};
}

void audit_factor(Context& context, const auth::Principal& who, const auth::Principal& member,
                  std::string_view event) {
  context.audit_own(member.tenant, member.user_id, who.username, event, "",
                    member.company_id != who.company_id);
}

RecoveryCodes renew_recovery_codes(db::Factor& factor) {
  RecoveryCodes codes;
  for (auto& code : auth::renew_recovery_codes(factor)) codes.recovery_codes.push_back({code});
  return codes;
}

Answer factor_shown_once(Answer answer) {
  http::keep_nowhere(answer.headers);
  return answer;
}

}  // namespace app
