// refused: WHERE must start with company_id = ?
// SELECT id FROM users WHERE id = ? AND company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE company_id = ? AND id = ?"};
#else
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE id = ? AND company_id = ?"};
#endif
