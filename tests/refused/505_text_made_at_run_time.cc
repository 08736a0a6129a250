// refused: is not a constant expression
// Text made at run time.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
void handler(const char (&text)[42]) { static db::Scoped<int> statement{text}; }
#endif
