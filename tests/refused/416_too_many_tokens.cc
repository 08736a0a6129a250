// refused: more than 512 tokens
// A statement of more than 512 tokens.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
#define SIXTEEN(x) x
#else
#define SIXTEEN(x) x x x x x x x x x x x x x x x x
#endif
#define ONES SIXTEEN("1=1=1=1=1=1=1=1=")

constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? AND " ONES ONES "1"};
