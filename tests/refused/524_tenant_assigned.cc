// refused: use of deleted function
// A handler that makes its Tenant another one.
#include "db/tenant.h"

#ifdef PARTYWALL_FIXED
void handler(db::Tenant& one, db::Tenant& two) { [[maybe_unused]] const bool same = &one == &two; }
#else
void handler(db::Tenant& one, db::Tenant& two) { one = two; }
#endif
