// refused: is not a constant expression
// A statement that ends with the function whose it is, and its text with it.
#include "db/sql.h"

const char* handler() {
#ifdef PARTYWALL_FIXED
  static constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#else
  constexpr db::Scoped<int> statement{"SELECT id FROM users WHERE company_id = ?"};
#endif
  return statement.sql;
}
