// refused: placeholders do not match company + Args
// An Args too few: the last placeholder would keep what the request before bound.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int, int> statement{"SELECT id FROM users WHERE company_id = ? AND id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? AND id = ?"};
#endif
