// db/sql.h — SQL text, checked by the compiler before it can reach MySQL.
//
// A Scoped statement reads or writes the rows of exactly one company:
//
//   SELECT, UPDATE, DELETE   … WHERE company_id = ? [AND …]
//   INSERT                   INTO t (company_id, …) VALUES (?, …)
//   JOIN b                   … ON b.company_id = a.company_id [AND …]
//   "either … or"            (SELECT …) UNION ALL (SELECT …)
//
// db/sql_check.h has the grammar; what is not in it does not compile, and the compiler prints why:
// subqueries, OR outside parentheses, comma joins, quotes, comments and so on. Text made at run
// time is no constant expression, so it does not compile either.
#pragma once
#include <string_view>
#include <type_traits>

#include "db/sql_check.h"

namespace db {

// A statement over one company's rows. Row is what it yields, void if it writes. Args are the
// placeholders other than the company's, in text order. The members are const, so that a checked
// statement cannot be pointed at other text afterwards.
template <class Row, class... Args>
struct Scoped {
  const char* const sql;
  const Slots slots;  // the placeholders that bind the company; slots[0] is the first

  consteval Scoped(const char* text) : Scoped(text, check::Parser(text)) {}
  constexpr ~Scoped() {}  // not trivial, so std::bit_cast cannot make one of other text

 private:
  consteval Scoped(const char* text, const check::Parser& parsed) : sql(text), slots(parsed.slots) {
    if (parsed.placeholders() != slots.size() + sizeof...(Args))
      refuse("placeholders do not match company + Args");
    if (parsed.reads == std::is_void_v<Row>) refuse("Row is void for writes, and only for writes");
  }
};

// A statement that runs without a company. Only struct Exempt (db/unscoped.h) can make one, so that
// file is the complete list; only Connection can read one. Its text has the alphabet of Scoped, but
// any grammar.
template <class Row, class... Args>
class Unscoped {
 public:
  constexpr ~Unscoped() {}  // not trivial, so std::bit_cast cannot make one

 private:
  friend struct Exempt;
  friend class Connection;

  consteval Unscoped(const char* why, const char* sql) : sql_(sql) {
    if (std::string_view(why).size() < 20) refuse("say why this statement has no company");
    if (check::Tokens(sql).placeholders() != sizeof...(Args))
      refuse("placeholders do not match Args");
  }

  const char* sql_;
};

}  // namespace db
