// refused: more than 512 tokens
// A statement of more than 512 tokens.
#include <string>

#include "db/sql.h"

struct Row {
  std::string id;

  FIELDS(Row, id)
  static constexpr std::size_t most_statement_bytes = 2048;
};

#ifdef PARTYWALL_FIXED
#define SIXTEEN(x) x
#else
#define SIXTEEN(x) x x x x x x x x x x x x x x x x
#endif
#define ONES SIXTEEN("1=1=1=1=1=1=1=1=")

constexpr db::Scoped<Row> statement{"SELECT id FROM users WHERE company_id = ? AND " ONES ONES "1"};
