// refused: only AND may follow company_id = ?
// SELECT id FROM users WHERE company_id = ? BETWEEN 0 AND 1
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{
    "SELECT id FROM users WHERE company_id = ? AND id BETWEEN 0 AND 1"};
#else
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? BETWEEN 0 AND 1"};
#endif
