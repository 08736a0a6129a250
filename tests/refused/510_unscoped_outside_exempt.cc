// refused: is private within this context
// A statement without a company outside Exempt.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
#define HOLDER Exempt
#else
#define HOLDER Handler
#endif

namespace db {
struct HOLDER {
  static constexpr Unscoped<class Runner, int, int> identity{
      "a person's password is one over all companies", "SELECT id FROM identities WHERE id = ?"};
};
}  // namespace db
