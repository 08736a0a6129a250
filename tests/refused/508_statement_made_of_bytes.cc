// refused: no matching function for call to 'bit_cast
// A handler that makes a checked statement of plain bytes.
#include <bit>

#include "db/sql.h"

struct Forged {
  const char* sql;
  db::Slots slots;
};

#ifdef PARTYWALL_FIXED
Forged handler(Forged forged) { return std::bit_cast<Forged>(forged); }
#else
db::Scoped<int> handler(Forged forged) { return std::bit_cast<db::Scoped<int>>(forged); }
#endif
