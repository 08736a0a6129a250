// refused: only functions that db/sql_tokens.h lists
// SELECT mysql.secret(id) FROM users WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT LOWER(id) FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT mysql.secret(id) FROM users WHERE company_id = ?"};
#endif
