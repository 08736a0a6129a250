// refused: DELETE FROM t WHERE company_id = ?: one table, no modifiers
// DELETE a, b FROM users a JOIN sessions b ON b.company_id = a.company_id WHERE a.company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void> statement{"DELETE FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<void> statement{"DELETE a, b FROM users a"
                                     " JOIN sessions b ON b.company_id = a.company_id"
                                     " WHERE a.company_id = ?"};
#endif
