// auth/admission.cc — the part of authenticator.h that lets a person into a company: which one, and
// whether it is open to them. Tests: tests/app/suspension_test.cc, tests/app/erasure_test.cc.
#include <fmt/format.h>

#include <utility>

#include "auth/authenticator.h"
#include "auth/identities.h"
#include "auth/moved.h"

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
  if (admits == Admits::all) return;
  if (principal.suspended) keep_out("This company is suspended.", "company_suspended");
  if (lacks_factor(principal))
    keep_out("This company wants a second factor of its admins. Set one up first, at "
             "/api/v2/auth/second-factor/set-up/.",
             "second_factor_missing");
  if (!principal.erase_at) return;
  if (admits != Admits::erasing || !may_keep(principal)) company_erasing(principal);
}

std::unique_ptr<const Principal> Authenticator::enter(const db::Identity& identity,
                                                      const Uuid& company_id) {
  auto principal = member(company_id, identity);
  if (!principal) check_moved_member(db_, mint(company_id)->tenant, identity.id);
  if (principal) check_open(*principal, Admits::erasing);
  return principal;
}

std::unique_ptr<const Principal> Authenticator::home(const db::Identity& identity) {
  if (auto principal = member(identity.default_company_id, identity)) return principal;
  for (const auto& membership : Identities(db_).memberships(identity.id))
    if (auto principal = member(membership.company_id, identity)) return principal;
  return nullptr;
}

std::unique_ptr<const Principal> Authenticator::enter(const db::Identity& identity) {
  auto principal = home(identity);
  if (principal) check_open(*principal, Admits::erasing);
  if (principal && principal->company_id == identity.default_company_id) return principal;
  check_moved_member(db_, mint(identity.default_company_id)->tenant, identity.id);
  if (principal) return principal;
  for (const auto& membership : Identities(db_).memberships(identity.id))
    check_moved_member(db_, mint(membership.company_id)->tenant, identity.id);
  return nullptr;
}

std::unique_ptr<const Principal> Authenticator::enter_open(const db::Identity& identity) {
  std::unique_ptr<const Principal> erasing;
  const auto look = [&](const Uuid& company_id) -> std::unique_ptr<const Principal> {
    auto there = member(company_id, identity);
    if (!there || there->suspended || lacks_factor(*there)) return nullptr;
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
