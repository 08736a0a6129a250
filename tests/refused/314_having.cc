// refused: the statement should end here, or the checker cannot follow
// SELECT role FROM users WHERE company_id = ? GROUP BY role HAVING COUNT(*) > 1
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT role FROM users WHERE company_id = ? GROUP BY role"};
#else
constexpr db::Scoped<int> statement{
    "SELECT role FROM users WHERE company_id = ? GROUP BY role HAVING COUNT(*) > 1"};
#endif
