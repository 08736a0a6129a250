// refused: use of deleted function
// A handler that keeps a copy of its Tenant.
#include "db/tenant.h"

#ifdef PARTYWALL_FIXED
void handler(const db::Tenant& tenant) { [[maybe_unused]] const db::Tenant& same = tenant; }
#else
void handler(const db::Tenant& tenant) { [[maybe_unused]] const db::Tenant kept = tenant; }
#endif
