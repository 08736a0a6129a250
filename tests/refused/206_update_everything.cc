// refused: WHERE company_id = ? must come after the tables
// UPDATE users SET role = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int> statement{"UPDATE users SET role = ? WHERE company_id = ?"};
#else
constexpr db::Scoped<void, int> statement{"UPDATE users SET role = ?"};
#endif
