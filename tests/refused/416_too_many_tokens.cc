// refused: more than 512 tokens
// A statement of more than 512 tokens.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
#define SIXTEEN(x) x
#else
#define SIXTEEN(x) x x x x x x x x x x x x x x x x
#endif
#define NOTS SIXTEEN("NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT NOT ")

constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ? AND " NOTS NOTS
                                    "id"};
