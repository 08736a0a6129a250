// auth/password_check.cc — the part of authenticator.h that verifies a password.
#include <fmt/format.h>

#include <cstdlib>

#include "auth/audit.h"
#include "auth/authenticator.h"
#include "auth/hasher.h"
#include "auth/identities.h"
#include "auth/sessions.h"
#include "auth/subscriber.h"
#include "auth/throttle.h"

namespace auth {
namespace {

// The sessions of one login have one end: switching to another company brings no new tries.
std::string login_of(const Principal& who) {
  return is_login(who) ? fmt::format("{} {}", who.identity_id.text(), who.ends_at.micros)
                       : who.credential;
}

}  // namespace

std::optional<db::Identity> Authenticator::check(std::string_view username,
                                                 std::string_view password,
                                                 const http::Request& request) {
  const auto name = username_key(username);
  if (name.empty()) return std::nullopt;  // nobody can have it: nothing to compare, or to count
  const auto address = subscriber(request.remote_address);
  const Shown shown{name, address, password};
  hasher_.expect_turn(shown);
  auto identity = Identities(db_).by_key(name);
  const auto person = identity ? std::optional(identity->id) : std::nullopt;
  auto throttle = Throttle::for_login(db_, name, address, person);
  if (!is_right(identity, shown, throttle, [&] { note_failed_login(identity, request); }))
    return std::nullopt;
  return identity;
}

std::optional<db::Identity> Authenticator::confirm(const Principal& who, std::string_view password,
                                                   const http::Request& request) {
  const auto name = username_key(who.username);
  const auto address = subscriber(request.remote_address);
  const Shown shown{name, address, password, true};  // known: came in by a credential
  hasher_.expect_turn(shown);
  auto identity = Identities(db_).find(who.identity_id);
  auto throttle = Throttle::for_credential(db_, login_of(who), address, who.identity_id);
  const auto note_failure = [&] {
    note(db_, who.tenant, user_actor(who.user_id, who.username, request),
         {"login.failed", who.user_id});
  };
  if (!is_right(identity, shown, throttle, note_failure)) return std::nullopt;
  return identity;
}

// A try that is refused because no turn came counts as well where a right password would have come
// in from memory: it would be a guess that costs nothing.
bool Authenticator::is_right(const std::optional<db::Identity>& identity, Shown shown,
                             Throttle& throttle, const std::function<void()>& note_failure) {
  if (db_.in_transaction()) std::abort();  // a failure that is rolled back would not count
  throttle.check();
  shown.known |= throttle.is_known();
  bool right = false;
  try {
    right = hasher_.verify(identity ? identity->password_hash : "", shown);
  } catch (const base::Error&) {
    if (hasher_.remembers(shown)) db_.transaction([&] { throttle.failed(); });
    throw;
  }
  if (right) {
    throttle.succeeded();
    return true;
  }
  db_.transaction([&] {
    throttle.failed();
    note_failure();
  });
  return false;
}

// A name that nobody has is looked for as well, so that the answer takes as long.
void Authenticator::note_failed_login(const std::optional<db::Identity>& identity,
                                      const http::Request& request) {
  const auto where = home(identity.value_or(db::Identity{}));
  if (identity && where)
    note(db_, where->tenant, unknown_actor(request), {"login.failed", where->user_id});
}

}  // namespace auth
