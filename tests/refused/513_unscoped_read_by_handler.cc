// refused: is inaccessible within this context
// A handler that takes the text out of an exempt statement.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
void handler(const db::Unscoped<class Runner, int>& statement,
             void (*find)(const db::Unscoped<class Runner, int>&)) {
  find(statement);
}
#else
const char* handler(const db::Unscoped<class Runner, int>& statement) { return statement.sql; }
#endif
