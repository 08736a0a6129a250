// refused: INSERT INTO t (company_id, ...) VALUES (?, ...)
// INSERT INTO users (company_id, id) SELECT ?, id FROM users
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int> statement{"INSERT INTO users (company_id, id) VALUES (?, ?)"};
#else
constexpr db::Scoped<void, int> statement{
    "INSERT INTO users (company_id, id) SELECT ?, id FROM users"};
#endif
