// refused: is private within this context
// A handler that mints its own Tenant.
#include "db/tenant.h"

namespace auth {
#ifdef PARTYWALL_FIXED
class Authenticator {
#else
class Handler {
#endif
 public:
  static db::Tenant mint(const base::Uuid& company) {
    return {base::PassKey<Authenticator>(), company};
  }
};
}  // namespace auth
