// refused: WHERE company_id = ? must come after the tables
// DELETE FROM users USING users JOIN sessions WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void> statement{"DELETE FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<void> statement{
    "DELETE FROM users USING users JOIN sessions WHERE company_id = ?"};
#endif
