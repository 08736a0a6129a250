// refused: no matching function for call to 'bit_cast
// A handler that reads its Tenant as plain bytes.
#include <bit>

#include "db/tenant.h"

#ifdef PARTYWALL_FIXED
base::Uuid handler(const base::Uuid& id) { return std::bit_cast<base::Uuid>(id); }
#else
base::Uuid handler(const db::Tenant& tenant) { return std::bit_cast<base::Uuid>(tenant); }
#endif
