// refused: not a row statement
// WITH u AS (SELECT id FROM users) SELECT id FROM u WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{
    "WITH u AS (SELECT id FROM users) SELECT id FROM u WHERE company_id = ?"};
#endif
