// auth/elsewhere.cc — the part of authenticator.h that finds the person who asks in their other
// companies.
#include "auth/authenticator.h"
#include "auth/identities.h"

namespace auth {

using base::Uuid;

std::unique_ptr<const Principal> Authenticator::enter_as(const Principal& who,
                                                         const Uuid& company_id, Admits admits) {
  auto principal = member(company_id, who.identity_id);
  if (principal) check_open(*principal, admits);
  return principal;
}

void Authenticator::for_each_membership(const Principal& who,
                                        const std::function<void(const Principal&)>& visit) {
  for (const auto& membership : Identities(db_).memberships(who.identity_id))
    if (const auto there = member(membership.company_id, who.identity_id)) visit(*there);
}

}  // namespace auth
