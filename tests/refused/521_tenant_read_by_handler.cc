// refused: is private within this context
// A handler that reads the id of its company.
#include "db/tenant.h"

namespace db {
#ifdef PARTYWALL_FIXED
class Connection {
#else
class Handler {
#endif
 public:
  static const base::Uuid& read(const Tenant& tenant) { return tenant.company_id_; }
};
}  // namespace db
