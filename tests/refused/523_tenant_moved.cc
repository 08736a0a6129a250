// refused: use of deleted function
// A handler that moves its Tenant out of the request.
#include <utility>

#include "db/tenant.h"

#ifdef PARTYWALL_FIXED
void handler(db::Tenant& tenant) { [[maybe_unused]] db::Tenant&& same = std::move(tenant); }
#else
void handler(db::Tenant& tenant) { [[maybe_unused]] const db::Tenant kept = std::move(tenant); }
#endif
