// refused: not a row statement
// TABLE users
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{"TABLE users"};
#endif
