// refused: UPDATE t SET a = ? WHERE company_id = ?: one table, no modifiers
// UPDATE users, sessions SET role = ? WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int> statement{"UPDATE users SET role = ? WHERE company_id = ?"};
#else
constexpr db::Scoped<void, int> statement{
    "UPDATE users, sessions SET role = ? WHERE company_id = ?"};
#endif
