// refused: no quotes, comments, variables, ;, || or other odd bytes in SQL: bind values with ?
// SELECT id FROM users WHERE company_id = ?\f AND id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE company_id = ?\t AND id = ?"};
#else
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE company_id = ?\f AND id = ?"};
#endif
