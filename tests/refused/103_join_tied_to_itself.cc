// refused: JOIN b must say ON b.company_id = a.company_id
// SELECT a.id FROM users a JOIN sessions b ON b.company_id = b.company_id WHERE a.company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT a.id FROM users a"
                                    " JOIN sessions b ON b.company_id = a.company_id"
                                    " WHERE a.company_id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT a.id FROM users a"
                                    " JOIN sessions b ON b.company_id = b.company_id"
                                    " WHERE a.company_id = ?"};
#endif
