// refused: is inaccessible within this context
// A handler that takes the text out of an exempt statement.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
void handler(const db::Unscoped<int>& statement, void (*find)(const db::Unscoped<int>&)) {
  find(statement);
}
#else
const char* handler(const db::Unscoped<int>& statement) { return statement.sql; }
#endif
