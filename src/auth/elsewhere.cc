// auth/elsewhere.cc — the part of authenticator.h that finds the person who asks in their other
// companies.
#include "auth/authenticator.h"
#include "auth/identities.h"
#include "auth/moved.h"
#include "auth/rows.h"

namespace auth {

using base::Uuid;

std::unique_ptr<const Principal> Authenticator::enter_as(const Principal& who,
                                                         const Uuid& company_id, Admits admits) {
  auto principal = member(company_id, who.identity_id);
  if (!principal) check_moved_member(db_, mint(company_id)->tenant, who.identity_id);
  if (principal) check_open(*principal, admits);
  return principal;
}

// Also where the company has moved: what ends here ends there, too, should it come back.
void Authenticator::for_each_membership(const Principal& who,
                                        const std::function<void(const Principal&)>& visit) {
  for (const auto& membership : Identities(db_).memberships(who.identity_id)) {
    auto principal = mint(membership.company_id);
    auto row = db_.find(select_anywhere_by_identity, principal->tenant, who.identity_id);
    if (!row) continue;
    fill(*principal, *std::move(row), Principal::Via::password);
    visit(*principal);
  }
}

}  // namespace auth
