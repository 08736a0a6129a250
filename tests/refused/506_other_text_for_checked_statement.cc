// refused: assignment of read-only member
// Other text for a statement that has passed.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
const char* handler(const db::Scoped<int>& statement) { return statement.sql; }
#else
void handler(db::Scoped<int>& statement, const char* text) { statement.sql = text; }
#endif
