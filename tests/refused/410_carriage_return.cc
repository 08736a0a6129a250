// refused: no quotes, comments, variables, ;, || or other odd bytes in SQL: bind values with ?
// SELECT id FROM users WHERE company_id = ?\r AND id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE company_id = ?\n AND id = ?"};
#else
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE company_id = ?\r AND id = ?"};
#endif
