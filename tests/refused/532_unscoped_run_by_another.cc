// refused: is private within this context
// A class that runs what only another one may.
#include "db/connection.h"

class Identities;

namespace db {
struct Exempt {
  static constexpr Unscoped<Identities, void, base::Uuid> erase{
      "a person who has left the last company is nobody", "DELETE FROM identities WHERE id = ?"};
};
}  // namespace db

#ifdef PARTYWALL_FIXED
#define RUNNER Identities
#else
#define RUNNER Handler
#endif

class RUNNER {
 public:
  static int erase(db::Connection& db, const base::Uuid& id) {
    return db.run({}, db::Exempt::erase, id);
  }
};
