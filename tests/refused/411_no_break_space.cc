// refused: no quotes, comments, variables, ;, || or other odd bytes in SQL: bind values with ?
// SELECT id FROM users WHERE company_id = ?\u00a0OR 1
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?\u00a0OR 1"};
#endif
