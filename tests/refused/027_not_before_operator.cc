// refused: NOT LIKE, NOT IN, NOT BETWEEN
// SELECT id FROM users WHERE company_id = ? AND id NOT = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE company_id = ? AND id = ?"};
#else
constexpr db::Scoped<int, int> statement{
    "SELECT id FROM users WHERE company_id = ? AND id NOT = ?"};
#endif
