// refused: two tables of one name: give an alias
// SELECT users.id FROM users JOIN users ON users.company_id = users.company_id WHERE
// users.company_id = ?
#include "db/sql.h"

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<int> statement{"SELECT users.id FROM users"
                                    " JOIN users b ON b.company_id = users.company_id"
                                    " WHERE users.company_id = ?"};
#else
constexpr db::Scoped<int> statement{"SELECT users.id FROM users"
                                    " JOIN users ON users.company_id = users.company_id"
                                    " WHERE users.company_id = ?"};
#endif
