// refused: a struct is read from columns of its fields' names, in their order
// SELECT s.ends_at, u.name FROM sessions s JOIN users u ON u.company_id = s.company_id WHERE
// s.company_id = ?
#include <string>

#include "db/sql.h"

struct Member {
  std::string name;
  FIELDS(Member, name)
};
struct Session {
  Member member;
  base::Time ends_at;
  FIELDS(Session, member, ends_at)
};

#ifdef PARTYWALL_FIXED
constexpr db::Scoped<Session> statement{
    "SELECT u.name, s.ends_at FROM sessions s"
    " JOIN users u ON u.company_id = s.company_id WHERE s.company_id = ?"};
#else
constexpr db::Scoped<Session> statement{
    "SELECT s.ends_at, u.name FROM sessions s"
    " JOIN users u ON u.company_id = s.company_id WHERE s.company_id = ?"};
#endif
