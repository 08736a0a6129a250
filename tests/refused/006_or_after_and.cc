// refused: OR at top level would escape the company
// SELECT id FROM users WHERE company_id = ? AND id = ? or role = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int, int> statement{
    "SELECT id FROM users WHERE company_id = ? AND (id = ? or role = ?)"};
#else
constexpr db::Scoped<int, int, int> statement{
    "SELECT id FROM users WHERE company_id = ? AND id = ? or role = ?"};
#endif
