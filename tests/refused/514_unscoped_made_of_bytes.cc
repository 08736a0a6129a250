// refused: no matching function for call to 'bit_cast
// A handler that makes an exempt statement of plain bytes.
#include <bit>

#include "db/sql.h"

#ifdef PARTYWALL_FIXED
const char* handler(const char* sql) { return std::bit_cast<const char*>(sql); }
#else
db::Unscoped<class Runner, int> handler(const char* sql) {
  return std::bit_cast<db::Unscoped<class Runner, int>>(sql);
}
#endif
