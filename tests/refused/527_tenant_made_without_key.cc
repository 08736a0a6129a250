// refused: is private within this context
// A handler that uses the constructor of the tests.
#include "db/tenant.h"

namespace db {
#ifdef PARTYWALL_FIXED
struct TenantForTest {
#else
struct Handler {
#endif
  static Tenant mint(const base::Uuid& company) { return Tenant(company); }
};
}  // namespace db
