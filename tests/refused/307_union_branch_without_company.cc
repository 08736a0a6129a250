// refused: WHERE company_id = ? must come after the tables
// (SELECT id FROM users WHERE company_id = ?) UNION ALL (SELECT id FROM users)
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"(SELECT id FROM users"
                                    " WHERE company_id = ?)"
                                    " UNION ALL (SELECT id FROM users"
                                    " WHERE company_id = ?)"};
#else
constexpr db::Scoped<int> statement{
    "(SELECT id FROM users WHERE company_id = ?) UNION ALL (SELECT id FROM users)"};
#endif
