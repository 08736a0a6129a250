// refused: no subqueries
// SELECT id FROM users WHERE company_id = ? AND id IN (SELECT user_id FROM sessions)
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? AND id IN (1, 2)"};
#else
constexpr db::Scoped<int> statement{
    "SELECT id FROM users WHERE company_id = ? AND id IN (SELECT user_id FROM sessions)"};
#endif
