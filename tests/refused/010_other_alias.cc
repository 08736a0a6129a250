// refused: WHERE must start with company_id = ?
// SELECT u.id FROM users u WHERE users.company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT u.id FROM users u WHERE u.company_id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT u.id FROM users u WHERE users.company_id = ?"};
#endif
