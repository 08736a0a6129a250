// refused: company_id is written once
// INSERT INTO users (company_id, Company_Id) VALUES (?, ?)
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, int> statement{"INSERT INTO users (company_id, id) VALUES (?, ?)"};
#else
constexpr db::Scoped<void, int> statement{
    "INSERT INTO users (company_id, Company_Id) VALUES (?, ?)"};
#endif
