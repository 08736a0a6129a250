// refused: Row is void for writes, and only for writes
// No Row for a SELECT.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<void> statement{"SELECT id FROM users WHERE company_id = ?"};
#endif
