// refused: a column, a value or a function should be here
// SELECT id FROM users WHERE company_id = ? AND
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? AND"};
#endif
