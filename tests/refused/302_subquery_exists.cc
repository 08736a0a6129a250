// refused: only functions that db/sql_tokens.h lists
// SELECT id FROM users WHERE company_id = ? AND EXISTS (SELECT 1 FROM sessions)
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? AND COALESCE (1)"};
#else
constexpr db::Scoped<int> statement{
    "SELECT id FROM users WHERE company_id = ? AND EXISTS (SELECT 1 FROM sessions)"};
#endif
