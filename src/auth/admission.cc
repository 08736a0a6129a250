// auth/admission.cc — the part of authenticator.h that lets a person into a company: which one, and
// whether it is open to them. Tests: tests/app/suspension_test.cc, tests/app/erasure_test.cc.
#include <fmt/format.h>

#include <utility>

#include "auth/authenticator.h"
#include "auth/identities.h"

namespace auth {
namespace {

using base::Time;
using base::Uuid;

bool lacks_factor(const Principal& principal) {
  return principal.needs_factor && !principal.has_factor;
}

// Of one that is to be erased: whether they may keep it.
bool may_keep(const Principal& principal) {
  return principal.role == Role::admin && Time::now() < *principal.erase_at;
}

[[noreturn]] void keep_out(std::string message, std::string reason) {
  base::Error error(base::Code::forbidden, std::move(message));
  error.reason = std::move(reason);
  throw error;
}

// Who is told so has shown a credential that is right.
[[noreturn]] void company_erasing(const Principal& principal) {
  const auto day = principal.erase_at->iso().substr(0, 10);
  base::Error error(
      base::Code::forbidden,
      Time::now() >= *principal.erase_at ? "This company has been erased."
      : principal.role == Role::admin
          ? fmt::format("This company will be erased on {}. Until then it can be kept or exported,"
                        " and nothing else.",
                        day)
          : fmt::format("This company will be erased on {}. Until then only its admins get in.",
                        day));
  error.reason = "company_erasing";
  if (may_keep(principal)) error.hint = "DELETE accounts/company/erasure keeps it.";
  throw error;
}

}  // namespace

void check_open(const Principal& principal, Admits admits) {
  if (admits == Admits::moved) return;
  if (principal.moved_to) company_moved(*principal.moved_to);
  if (admits == Admits::all) return;
  if (principal.suspended) keep_out("This company is suspended.", "company_suspended");
  if (lacks_factor(principal))
    keep_out("This company wants a second factor of its admins. Set one up first, at "
             "/api/v2/auth/second-factor/set-up/.",
             "second_factor_missing");
  if (!principal.erase_at) return;
  if (admits != Admits::erasing || !may_keep(principal)) company_erasing(principal);
}

void company_moved(const std::string& address) {
  base::Error error(base::Code::gone, "This company has moved to " + address);
  error.reason = "company_moved";
  error.details = {{"moved_to", address}};
  throw error;
}

std::unique_ptr<const Principal> Authenticator::enter(const db::Identity& identity,
                                                      const Uuid& company_id) {
  auto principal = member(company_id, identity);
  if (principal) check_open(*principal, Admits::erasing);
  return principal;
}

std::unique_ptr<const Principal> Authenticator::home(const db::Identity& identity) {
  auto found = first(identity);
  return found && found->moved_to ? nullptr : std::move(found);
}

// One that has moved where there is no other.
std::unique_ptr<const Principal> Authenticator::first(const db::Identity& identity) {
  auto fallback = member(identity.default_company_id, identity);
  if (fallback && !fallback->moved_to) return fallback;
  for (const auto& membership : Identities(db_).memberships(identity.id)) {
    auto there = member(membership.company_id, identity);
    if (there && !there->moved_to) return there;
    if (!fallback) fallback = std::move(there);
  }
  return fallback;
}

// Nobody would notice that they are in another company than before, so one that has moved is not
// passed over where it is the default.
std::unique_ptr<const Principal> Authenticator::enter(const db::Identity& identity) {
  std::unique_ptr<const Principal> found = member(identity.default_company_id, identity);
  if (!found) found = first(identity);
  if (found) check_open(*found, Admits::erasing);
  return found;
}

std::unique_ptr<const Principal> Authenticator::enter_open(const db::Identity& identity) {
  std::unique_ptr<const Principal> erasing;
  const auto look = [&](const Uuid& company_id) -> std::unique_ptr<const Principal> {
    auto there = member(company_id, identity);
    if (!there || there->moved_to || there->suspended || lacks_factor(*there)) return nullptr;
    if (!there->erase_at) return there;
    if (!erasing && may_keep(*there)) erasing = std::move(there);
    return nullptr;
  };
  if (auto there = look(identity.default_company_id)) return there;
  for (const auto& membership : Identities(db_).memberships(identity.id))
    if (auto there = look(membership.company_id)) return there;
  return erasing ? std::move(erasing) : enter(identity);
}

}  // namespace auth
