// refused: (SELECT ...) UNION ALL (SELECT ...)
// (SELECT id FROM users WHERE company_id = ?) UNION ALL (DELETE FROM users WHERE company_id = ?)
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"(SELECT id FROM users"
                                    " WHERE company_id = ?)"
                                    " UNION ALL (SELECT id FROM users"
                                    " WHERE company_id = ?)"};
#else
constexpr db::Scoped<int> statement{"(SELECT id FROM users"
                                    " WHERE company_id = ?)"
                                    " UNION ALL (DELETE FROM users"
                                    " WHERE company_id = ?)"};
#endif
