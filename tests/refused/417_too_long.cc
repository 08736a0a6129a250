// refused: a statement is longer than db/sql.h has room for
// A write of 320 bytes and more.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
#define BLANKS(x) x
#else
#define BLANKS(x) x x x x x x x x x x x x x x x x
#endif

constexpr db::Scoped<void> statement{
    "DELETE FROM users" BLANKS("                   ") "WHERE company_id = ?"};
