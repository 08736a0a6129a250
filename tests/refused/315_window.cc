// refused: SELECT a, b AS c FROM t: no INTO, no alias without AS
// SELECT COUNT(*) OVER (ORDER BY id) FROM users WHERE company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT COUNT(*) FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<int> statement{
    "SELECT COUNT(*) OVER (ORDER BY id) FROM users WHERE company_id = ?"};
#endif
