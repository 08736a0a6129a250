// refused: only AND may follow company_id = ?
// SELECT id FROM users WHERE company_id = ? = 0
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? = 0"};
#endif
