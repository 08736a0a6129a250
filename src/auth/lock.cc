// auth/lock.cc — see lock.h.
#include "auth/lock.h"

#include <algorithm>

#include "auth/identities.h"

namespace auth {
namespace {

using base::Uuid;
using Via = Principal::Via;

struct Found {
  Uuid id;

  FIELDS(Found, id)
};

constexpr db::Scoped<Found, std::string> lock_session{
    "SELECT id FROM sessions WHERE company_id = ? AND token_hash = ? FOR UPDATE"};

constexpr db::Scoped<Found, std::string> lock_api_token{
    "SELECT id FROM api_tokens WHERE company_id = ? AND token_hash = ? FOR UPDATE"};

constexpr db::Scoped<Found, std::string> lock_family{
    "SELECT id FROM token_families WHERE company_id = ? AND id = ? FOR UPDATE"};

struct Member {
  std::optional<Uuid> identity_id;

  FIELDS(Member, identity_id)
};

constexpr db::Scoped<Member, Uuid> lock_user{R"(
    SELECT identity_id FROM users
     WHERE company_id = ? AND id = ? AND removed_at IS NULL FOR UPDATE)"};

const db::Membership* membership_of(const LockedPerson& person, const Principal& who) {
  for (const auto& each : person.memberships)
    if (each.company_id == who.company_id && each.user_id == who.user_id) return &each;
  return nullptr;
}

// Whether that by which the caller is known is still there; locks its row.
bool lock_credential(db::Connection& db, const LockedPerson& person, const Principal& who) {
  const auto is_there = [&](const db::Scoped<Found, std::string>& statement) {
    return db.find(statement, who.tenant, who.credential).has_value();
  };
  switch (who.via) {
    case Via::session: return is_there(lock_session);
    case Via::api_token: return is_there(lock_api_token);
    case Via::web_token: return is_there(lock_family);
    case Via::password:
      return person.identity.password_hash == who.credential &&
             person.identity.factor.is_on() == who.by_code;
  }
  return false;
}

}  // namespace

bool LockedPerson::belongs_to(const Uuid& company_id) const {
  return std::any_of(memberships.begin(), memberships.end(),
                     [&](const auto& each) { return each.company_id == company_id; });
}

void lock_identities(db::Connection& db, const Uuid& a, const Uuid& b) {
  for (const auto& id : {std::min(a, b), std::max(a, b)}) Identities(db).lock(id);
}

std::optional<LockedPerson> lock_person(db::Connection& db, const Uuid& identity_id) {
  Identities identities(db);
  auto identity = identities.lock(identity_id);
  if (!identity) return std::nullopt;
  return LockedPerson{*std::move(identity), identities.lock_memberships(identity_id)};
}

std::optional<LockedPerson> still_holds(db::Connection& db, const Principal& who) {
  auto person = lock_person(db, who.identity_id);
  const auto* membership = person ? membership_of(*person, who) : nullptr;
  if (!membership || membership->token_generation != who.token_generation ||
      !lock_credential(db, *person, who))
    return std::nullopt;
  from_text(membership->role, person->role);
  return person;
}

LockedPerson lock_caller(db::Connection& db, const Principal& who) {
  if (auto person = still_holds(db, who)) return *std::move(person);
  throw base::Error(base::Code::unauthorized, "Authentication credentials were not provided.");
}

bool lock_member(db::Connection& db, const db::Tenant& tenant, const Uuid& user_id,
                 const std::optional<Uuid>& identity_id) {
  const auto user = db.find(lock_user, tenant, user_id);
  return user && user->identity_id == identity_id;
}

}  // namespace auth
