// refused: a name should be here, and not a keyword
// SELECT id FROM (SELECT id FROM users) u WHERE u.company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users u WHERE u.company_id = ?"};
#else
constexpr db::Scoped<int> statement{
    "SELECT id FROM (SELECT id FROM users) u WHERE u.company_id = ?"};
#endif
