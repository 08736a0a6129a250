// refused: a row never changes company
// UPDATE users SET company_id = ? WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int> statement{"UPDATE users SET role = ? WHERE company_id = ?"};
#else
constexpr db::Scoped<void, int> statement{"UPDATE users SET company_id = ? WHERE company_id = ?"};
#endif
