// refused: VALUES must start with ?
// INSERT INTO users (company_id, id) VALUES (? + 1, ?)
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int> statement{"INSERT INTO users (company_id, id) VALUES (?, ?)"};
#else
constexpr db::Scoped<void, int> statement{"INSERT INTO users (company_id, id) VALUES (? + 1, ?)"};
#endif
