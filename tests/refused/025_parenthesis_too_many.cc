// refused: the statement should end here, or the checker cannot follow
// SELECT id FROM users WHERE company_id = ? AND id = ?) OR (1
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int> statement{
    "SELECT id FROM users WHERE company_id = ? AND (id = ? OR 1)"};
#else
constexpr db::Scoped<int, int> statement{
    "SELECT id FROM users WHERE company_id = ? AND id = ?) OR (1"};
#endif
