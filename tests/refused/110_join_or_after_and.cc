// refused: OR at top level would escape the company
// SELECT a.id FROM users a JOIN sessions b ON b.company_id = a.company_id AND b.user_id = a.id OR 1
// WHERE a.company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{
    "SELECT a.id FROM users a"
    " JOIN sessions b ON b.company_id = a.company_id AND (b.user_id = a.id OR 1)"
    " WHERE a.company_id = ?"};
#else
constexpr db::Scoped<int> statement{
    "SELECT a.id FROM users a"
    " JOIN sessions b ON b.company_id = a.company_id AND b.user_id = a.id OR 1"
    " WHERE a.company_id = ?"};
#endif
