// refused: no subqueries
// SELECT (SELECT MAX(id) FROM users) FROM users WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT (MAX(id)) FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{
    "SELECT (SELECT MAX(id) FROM users) FROM users WHERE company_id = ?"};
#endif
