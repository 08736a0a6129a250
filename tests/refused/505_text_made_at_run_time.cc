// refused: is not a constant expression
// Text made at run time.
#include <string>

#include "db/sql.h"

#ifdef PARTYWALL_FIXED
void handler() { db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"}; }
#else
void handler(const std::string& text) { db::Scoped<int> statement{text.c_str()}; }
#endif
