// refused: say why this statement has no company
// An exemption that says nothing.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
#define WHY "a person's password is one over all companies"
#else
#define WHY "because"
#endif

namespace db {
struct Exempt {
  static constexpr Unscoped<class Runner, int, int> identity{
      WHY, "SELECT id FROM identities WHERE id = ?"};
};
}  // namespace db
