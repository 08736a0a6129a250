// refused: SELECT must start with a.company_id
// INSERT INTO users (company_id, id) SELECT ?, u.id FROM users u WHERE u.company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void> statement{
    "INSERT INTO users (company_id, id) SELECT u.company_id, u.id FROM users u"
    " WHERE u.company_id = ?"};
#else
constexpr db::Scoped<void, int> statement{
    "INSERT INTO users (company_id, id) SELECT ?, u.id FROM users u WHERE u.company_id = ?"};
#endif
