// refused: INSERT INTO t (company_id, ...) VALUES (?, ...)
// INSERT IGNORE INTO users (company_id, id) VALUES (?, ?)
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int> statement{"INSERT INTO users (company_id, id) VALUES (?, ?)"};
#else
constexpr db::Scoped<void, int> statement{
    "INSERT IGNORE INTO users (company_id, id) VALUES (?, ?)"};
#endif
