// refused: no subqueries
// INSERT INTO users (company_id, id) VALUES (?, (SELECT MAX(id) FROM users))
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int> statement{"INSERT INTO users (company_id, id) VALUES (?, ?)"};
#else
constexpr db::Scoped<void> statement{
    "INSERT INTO users (company_id, id) VALUES (?, (SELECT MAX(id) FROM users))"};
#endif
