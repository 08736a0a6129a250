// refused: a number is decimal digits, and ? stands alone
// SELECT id FROM users WHERE company_id = ? AND id = ?OR 1
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE company_id = ? AND id = ?"};
#else
constexpr db::Scoped<int, int> statement{
    "SELECT id FROM users WHERE company_id = ? AND id = ?OR 1"};
#endif
