// refused: WHERE must start with company_id = ?
// DELETE FROM users WHERE company_id <> ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void> statement{"DELETE FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<void> statement{"DELETE FROM users WHERE company_id <> ?"};
#endif
