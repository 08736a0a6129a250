// refused: placeholders do not match company + Args
// An Args too many.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE company_id = ? AND id = ?"};
#else
constexpr db::Scoped<int, int, int> statement{
    "SELECT id FROM users WHERE company_id = ? AND id = ?"};
#endif
