// refused: only functions that db/sql_tokens.h lists
// SELECT LOAD_FILE(?) FROM users WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int> statement{"SELECT LOWER(?) FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int, int> statement{"SELECT LOAD_FILE(?) FROM users WHERE company_id = ?"};
#endif
