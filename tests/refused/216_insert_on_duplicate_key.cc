// refused: the statement should end here, or the checker cannot follow
// INSERT INTO users (company_id, id) VALUES (?, ?) ON DUPLICATE KEY UPDATE id = id
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int> statement{"INSERT INTO users (company_id, id) VALUES (?, ?)"};
#else
constexpr db::Scoped<void, int> statement{
    "INSERT INTO users (company_id, id) VALUES (?, ?) ON DUPLICATE KEY UPDATE id = id"};
#endif
