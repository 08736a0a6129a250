// refused: no matching function for call to
// A Tenant of no company.
#include "db/tenant.h"

#ifdef PARTYWALL_FIXED
void handler(const db::Tenant& tenant);
#else
db::Tenant handler() { return db::Tenant(); }
#endif
