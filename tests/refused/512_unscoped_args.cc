// refused: placeholders do not match Args
// An Args too few for a statement without a company.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
#define MORE
#else
#define MORE " AND id > ?"
#endif

namespace db {
struct Exempt {
  static constexpr Unscoped<class Runner, int, int> identity{
      "a person's password is one over all companies",
      "SELECT id FROM identities WHERE id = ?" MORE};
};
}  // namespace db
