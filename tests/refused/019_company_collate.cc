// refused: the statement should end here, or the checker cannot follow
// SELECT id FROM users WHERE company_id = ? COLLATE utf8mb4_bin
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{
    "SELECT id FROM users WHERE company_id = ? COLLATE utf8mb4_bin"};
#endif
