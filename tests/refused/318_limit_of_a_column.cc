// refused: LIMIT ? OFFSET ?, of placeholders or digits
// SELECT id FROM users WHERE company_id = ? LIMIT id
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? LIMIT 1"};
#else
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? LIMIT id"};
#endif
