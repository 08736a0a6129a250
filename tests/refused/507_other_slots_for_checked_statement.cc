// refused: discards qualifiers
// Another placeholder for the company of a statement that has passed.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
std::size_t handler(const db::Scoped<int>& statement) { return statement.slots[0]; }
#else
void handler(db::Scoped<int>& statement) { statement.slots = {2}; }
#endif
