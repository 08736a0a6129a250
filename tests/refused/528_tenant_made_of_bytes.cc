// refused: no matching function for call to 'bit_cast
// A handler that makes a Tenant of plain bytes.
#include <bit>

#include "db/tenant.h"

#ifdef PARTYWALL_FIXED
base::Uuid handler(const base::Uuid& id) { return std::bit_cast<base::Uuid>(id); }
#else
db::Tenant handler(const base::Uuid& id) { return std::bit_cast<db::Tenant>(id); }
#endif
