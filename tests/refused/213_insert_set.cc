// refused: INSERT INTO t (company_id, ...) VALUES (?, ...)
// INSERT INTO users SET company_id = ?, id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int> statement{"INSERT INTO users (company_id, id) VALUES (?, ?)"};
#else
constexpr db::Scoped<void, int> statement{"INSERT INTO users SET company_id = ?, id = ?"};
#endif
