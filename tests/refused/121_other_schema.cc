// refused: a table or a written column has a plain name
// SELECT id FROM other.users WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT id FROM other.users WHERE company_id = ?"};
#endif
