// refused: TODO
// A handler that reads its Tenant as plain bytes.
#include <bit>

#include "db/tenant.h"

#ifdef PARTYWALL_FIXED
void handler(const base::Uuid& id) { [[maybe_unused]] const auto bytes = std::bit_cast<base::Uuid>(id); }
#else
void handler(const db::Tenant& tenant) { [[maybe_unused]] const auto bytes = std::bit_cast<base::Uuid>(tenant); }
#endif
