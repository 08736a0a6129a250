// refused: OR at top level would escape the company
// (SELECT id FROM users WHERE company_id = ?) UNION ALL (SELECT id FROM users WHERE company_id = ?
// OR 1)
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"(SELECT id FROM users"
                                    " WHERE company_id = ?)"
                                    " UNION ALL (SELECT id FROM users"
                                    " WHERE company_id = ? AND 1)"};
#else
constexpr db::Scoped<int> statement{"(SELECT id FROM users"
                                    " WHERE company_id = ?)"
                                    " UNION ALL (SELECT id FROM users"
                                    " WHERE company_id = ? OR 1)"};
#endif
