// refused: no quotes, comments, variables, ;, || or other odd bytes in SQL: bind values with ?
// SELECT id FROM users WHERE company_id = ? AND role = 'admin'
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE company_id = ? AND role = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? AND role = 'admin'"};
#endif
