// auth/operators.cc — the part of authenticator.h that asks nobody for a credential: a company that
// is founded, and the commands of an operator.
#include "auth/authenticator.h"
#include "auth/rows.h"
#include "base/clock.h"

namespace auth {

using base::Time;
using base::Uuid;

std::unique_ptr<const Principal> Authenticator::found_company() {
  return mint(Uuid::make(Time::now()));
}

std::unique_ptr<const Principal> Authenticator::as_operator(base::PassKey<admin::Task>,
                                                            const Uuid& company_id,
                                                            const Uuid& identity_id) {
  auto principal = mint(company_id);
  if (!db_.find(select_company, principal->tenant, Time::now())) return nullptr;
  principal->role = Role::admin;
  principal->identity_id = identity_id;
  return principal;
}

std::unique_ptr<const Principal> Authenticator::as_cleaner(base::PassKey<admin::Task>,
                                                           const Uuid& company_id) {
  return mint(company_id);
}

}  // namespace auth
