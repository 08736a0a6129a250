// refused: a row never changes company
// UPDATE users SET role = ?, users.COMPANY_ID = ? WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int, int> statement{
    "UPDATE users SET role = ?, username = ? WHERE company_id = ?"};
#else
constexpr db::Scoped<void, int, int> statement{
    "UPDATE users SET role = ?, users.COMPANY_ID = ? WHERE company_id = ?"};
#endif
