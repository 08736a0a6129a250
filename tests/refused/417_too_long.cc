// refused: a statement is longer than db/sql.h has room for
// A write of 256 bytes and more.
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
#define SIXTEEN(x) x
#else
#define SIXTEEN(x) x x x x x x x x x x x x x x x x
#endif

constexpr db::Scoped<void> statement{
    "DELETE FROM users WHERE company_id = ?" SIXTEEN(" AND deleted_at = 1")};
