// auth/password_check.cc — the part of authenticator.h that verifies a password, and the code
// beside it.
#include <fmt/format.h>

#include <cstdlib>

#include "auth/audit.h"
#include "auth/authenticator.h"
#include "auth/hasher.h"
#include "auth/identities.h"
#include "auth/second_factor.h"
#include "auth/sessions.h"
#include "auth/subscriber.h"
#include "auth/throttle.h"
#include "base/text.h"

namespace auth {
namespace {

// The sessions of one login have one end: switching to another company brings no new tries.
std::string login_of(const Principal& who) {
  return is_login(who) ? fmt::format("{} {}", who.identity_id.text(), who.ends_at.micros)
                       : who.credential;
}

// For the person to be told of (app/login_notices.h).
db::Factor with_wrong_code(db::Factor factor) {
  factor.wrong_codes++;
  factor.wrong_codes_at = base::Time::wall();
  return factor;
}

}  // namespace

Verdict Authenticator::check(std::string_view username, std::string_view password,
                             std::string_view code, const http::Request& request) {
  const auto name = username_key(username);
  if (name.empty()) return {};  // nobody can have it: nothing to compare, or to count
  const auto address = subscriber(request.remote_address);
  const Shown shown{.name = name, .address = address, .password = password, .code = code};
  hasher_.expect_turn(shown);
  auto identity = Identities(db_).by_key(name);
  const auto person = identity ? std::optional(identity->id) : std::nullopt;
  auto throttle = Throttle::for_login(db_, name, address, person);
  return judge(identity, shown, Factor::asked_for, throttle,
               [&](const auto& detail) { note_failed_login(identity, detail, request); });
}

std::optional<db::Identity> Authenticator::confirm(const Principal& who, std::string_view password,
                                                   const http::Request& request) {
  return confirm(who, password, "", Factor::passed_over, request).person;
}

Verdict Authenticator::confirm_with_code(const Principal& who, std::string_view password,
                                         std::string_view code, const http::Request& request) {
  return confirm(who, password, code, Factor::asked_for, request);
}

Verdict Authenticator::confirm(const Principal& who, std::string_view password,
                               std::string_view code, Factor factor, const http::Request& request) {
  const auto name = username_key(who.username);
  const auto address = subscriber(request.remote_address);
  const Shown shown{.name = name,
                    .address = address,
                    .password = password,
                    .known = true,  // came in by a credential
                    .code = code};
  hasher_.expect_turn(shown);
  auto identity = Identities(db_).find(who.identity_id);
  auto throttle = Throttle::for_credential(db_, login_of(who), address, who.identity_id);
  const auto note_failure = [&](const auto& detail) {
    note(db_, who.tenant, user_actor(who.user_id, who.username, request),
         {"login.failed", who.user_id, detail});
  };
  return judge(std::move(identity), shown, factor, throttle, note_failure);
}

// What lets somebody in ends the count of wrong passwords. That of wrong codes is another one,
// which a right password does not end: see take_code.
Verdict Authenticator::judge(std::optional<db::Identity> identity, Shown shown, Factor factor,
                             Throttle& throttle,
                             const std::function<void(const std::string&)>& note_failure) {
  if (db_.in_transaction()) std::abort();  // a failure that is rolled back would not count
  throttle.check();
  shown.known |= throttle.is_known();
  bool right = is_right(identity, shown, throttle);
  std::string_view reason;
  if (right && factor == Factor::asked_for && identity->factor.is_on()) {
    if (base::trim(shown.code).empty()) return {.reason = "second_factor_required"};
    right = take_code(*identity, shown.code);
    if (!right) reason = "second_factor_wrong";
  }
  if (right) {
    throttle.succeeded();
    return {.person = std::move(identity)};
  }
  db_.transaction([&] {
    throttle.failed();
    note_failure(reason.empty() ? "" : "the code");
  });
  return {.reason = reason};
}

// A try that is refused because no turn came counts as well where a right password would have come
// in from memory: it would be a guess that costs nothing.
bool Authenticator::is_right(const std::optional<db::Identity>& identity, const Shown& shown,
                             Throttle& throttle) {
  try {
    return hasher_.verify(identity ? identity->password_hash : "", shown);
  } catch (const base::Error&) {
    if (hasher_.remembers(shown)) db_.transaction([&] { throttle.failed(); });
    throw;
  }
}

// In a transaction of its own: a code is used up whatever comes after. Of two who show the same
// one, whoever is second finds it taken. What looks like a recovery code is looked at however many
// codes were wrong: or whoever has the password could keep the person out.
bool Authenticator::take_code(const db::Identity& identity, std::string_view code) {
  const SecondFactor factor(config_.factor_keys);
  bool taken = false;
  db_.transaction([&] {
    taken = false;
    const auto person = Identities(db_).lock(identity.id);
    if (!person || !person->factor.is_on()) return;
    if (!looks_like_recovery_code(code)) Throttle::check_codes(db_, person->id);
    const auto after = factor.take(person->factor, person->id, code, base::Time::wall());
    taken = after.has_value();
    Identities(db_).set_factor(person->id, after ? *after : with_wrong_code(person->factor));
    if (taken)
      Throttle::forget_wrong_codes(db_, person->id);
    else
      Throttle::count_wrong_code(db_, person->id);
  });
  return taken;
}

// A name that nobody has is looked for as well, so that the answer takes as long.
void Authenticator::note_failed_login(const std::optional<db::Identity>& identity,
                                      const std::string& detail, const http::Request& request) {
  const auto where = home(identity.value_or(db::Identity{}));
  if (identity && where)
    note(db_, where->tenant, unknown_actor(request), {"login.failed", where->user_id, detail});
}

}  // namespace auth
