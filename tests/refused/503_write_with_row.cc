// refused: Row is void for writes, and only for writes
// A Row for a DELETE.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void> statement{"DELETE FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{"DELETE FROM users WHERE company_id = ?"};
#endif
