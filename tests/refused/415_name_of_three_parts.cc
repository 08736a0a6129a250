// refused: a name is a or a.b: no schema, no blanks
// SELECT other.users.id FROM users WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT users.id FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT other.users.id FROM users WHERE company_id = ?"};
#endif
