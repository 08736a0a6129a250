// refused: a struct is read from columns of its fields' names, in their order
// SELECT nickname, username, LENGTH(username) AS letters FROM users WHERE company_id = ?
#include <string>

#include "db/sql.h"

struct Person {
  std::string username, nickname;
  std::int64_t letters = 0;
  FIELDS(Person, username, nickname, letters)
};

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<Person> statement{
    "SELECT username, nickname, LENGTH(username) AS letters FROM users WHERE company_id = ?"};
#else
constexpr db::Scoped<Person> statement{
    "SELECT nickname, username, LENGTH(username) AS letters FROM users WHERE company_id = ?"};
#endif
