// refused: a struct is written to columns of its fields' names, in their order
// INSERT INTO users (company_id, username, id) VALUES (?, ?, ?)
#include <string>

#include "db/sql.h"

struct User {
  std::string id, username;
  FIELDS(User, id, username)
};

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<void, User> statement{
    "INSERT INTO users (company_id, id, username) VALUES (?, ?, ?)"};
#else
constexpr db::Scoped<void, User> statement{
    "INSERT INTO users (company_id, username, id) VALUES (?, ?, ?)"};
#endif
