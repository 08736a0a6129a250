// refused: WHERE must start with company_id = ?
// SELECT id FROM users WHERE company_id = company_id
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = company_id"};
#endif
