// refused: a struct is read from columns of its fields' names, in their order
// (SELECT one, two FROM a WHERE company_id = ?) UNION ALL (SELECT two, one FROM b WHERE company_id
// = ?)
#include <string>

#include "db/sql.h"

struct Row {
  std::string one, two;
  FIELDS(Row, one, two)
};

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<Row> statement{"(SELECT one, two FROM a WHERE company_id = ?)"
                                    " UNION ALL (SELECT one, two FROM b WHERE company_id = ?)"};
#else
constexpr db::Scoped<Row> statement{"(SELECT one, two FROM a WHERE company_id = ?)"
                                    " UNION ALL (SELECT two, one FROM b WHERE company_id = ?)"};
#endif
