// db/sql_check.h — the grammar of tenant statements; db/sql.h runs it inside the compiler.
//
// This is an allow-list. A statement passes only if all of it can be derived from these rules, so
// SQL that nobody thought of here is refused without having to be named:
//
//   statement = select | update | delete | insert | union
//   select    = SELECT [DISTINCT] expr [AS name] {, expr [AS name]}
//               FROM table {join} where [GROUP BY expr {, expr}] [order] [limit] [lock]
//   table     = name [[AS] name] [FORCE INDEX (name)]
//   join      = [INNER | LEFT] JOIN table ON b.company_id = a.company_id [AND expr]
//               b is the table just joined, a one that was named before it
//   where     = WHERE company_id = ? [AND expr]
//               qualified with the first table of FROM; alone only where there is no join
//   order     = ORDER BY expr [ASC | DESC] {, expr [ASC | DESC]}
//   limit     = LIMIT n [OFFSET n]                           n is ? or digits
//   lock      = FOR UPDATE [NOWAIT | SKIP LOCKED] | LOCK IN SHARE MODE
//   update    = UPDATE name [FORCE INDEX (name)]
//               SET name = expr {, name = expr} where [order] [limit]
//   delete    = DELETE FROM name where [order] [limit]
//   insert    = INSERT INTO name (company_id {, name}) VALUES (? {, expr})
//             | INSERT INTO name (company_id {, name})
//               SELECT a.company_id {, expr} FROM table where            a is that table
//   union     = (select) {UNION ALL (select)} [order] [limit]
//   expr      = operand {operator operand}
//   operand   = {NOT | -} ( ? | digits | [name .] name | (expr {, expr})
//                         | function ( [* | [DISTINCT] expr {, expr}] ) )
//   operator  = = <> != < <= > >= + - * AND IS, [NOT] LIKE, IN, BETWEEN, and OR within parentheses
//
// Why that holds the wall: `company_id = ?` opens WHERE, and each ON opens with its own tie. MySQL
// has four operators that bind looser than AND and could undo a tie (OR, ||, XOR, :=). OR is let in
// within parentheses only, the others nowhere. So each tie is a conjunct of its own, and every
// row of every table in the statement has the company that was bound; and so has a row that is
// written with the company of one that was found. expr needs no precedence
// beyond that, and as two operands never stand side by side in it, no clause can hide in one.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include "db/slots.h"
#include "db/sql_expression.h"

namespace db {

namespace check {

// Reads one statement by the grammar at the top of this file, one function a rule.
class Parser : Expressions {
 public:
  Slots slots = {};  // where the company is bound

  constexpr explicit Parser(std::string_view sql) : Expressions(sql) {
    statement();
    if (sql_.is("union")) refuse("UNION ALL stands between SELECTs in parentheses");
    if (!sql_.at_end()) refuse("the statement should end here, or the checker cannot follow");
  }

  constexpr std::size_t placeholders() const { return sql_.placeholders(); }
  // The i-th column, from 0, that an INSERT or UPDATE writes beside company_id; empty beyond them.
  constexpr std::string_view written(std::size_t i) const {
    return i < written_count_ ? written_[i] : "";
  }

 private:
  constexpr void statement() {
    if (sql_.is("(")) return union_all();
    if (sql_.take("select")) return select();
    if (sql_.take("update")) return update();
    if (sql_.take("delete")) return erase();
    if (sql_.take("insert")) return insert();
    refuse("not a row statement");
  }

  constexpr void union_all() {
    for (;;) {
      if (!sql_.take("(") || !sql_.take("select")) refuse("(SELECT ...) UNION ALL (SELECT ...)");
      select();
      sql_.need(")");
      if (!sql_.take("union")) break;
      if (!sql_.take("all")) refuse("UNION needs ALL");
    }
    order_and_limit();
  }

  constexpr void select() {
    sql_.take("distinct");
    do {
      expression();
      if (sql_.take("as")) name();
    } while (sql_.take(","));
    if (!sql_.take("from")) refuse("SELECT a, b AS c FROM t: no INTO, no alias without AS");
    table_count_ = 0;
    table();
    while (join()) continue;
    where();
    if (sql_.take_phrase({"group", "by"})) list();
    order_and_limit();
    if (sql_.take_phrase({"for", "update"})) {
      if (!sql_.take_phrase({"skip", "locked"})) sql_.take("nowait");
    } else {
      sql_.take_phrase({"lock", "in", "share", "mode"});
    }
  }

  constexpr void update() {
    only_table();
    skip_forced_index(sql_);
    if (!sql_.take("set"))
      refuse("UPDATE t SET a = ? WHERE company_id = ?: one table, no modifiers");
    do {
      if (is_company()) refuse("a row never changes company");
      writes(name());
      sql_.need("=");
      expression();
    } while (sql_.take(","));
    where();
    order_and_limit();
  }

  constexpr void erase() {
    if (!sql_.take("from")) refuse("DELETE FROM t WHERE company_id = ?: one table, no modifiers");
    only_table();
    where();
    order_and_limit();
  }

  constexpr void insert() {
    constexpr auto shape = [](bool holds) {
      if (!holds)
        refuse("INSERT INTO t (company_id, ...) VALUES (?, ...), or SELECT a.company_id, ...");
    };
    shape(sql_.take("into"));
    name();
    shape(sql_.take("(") && sql_.take("company_id"));
    std::size_t columns = 1;
    for (; sql_.take(","); columns++) {
      if (is_company()) refuse("company_id is written once");
      writes(name());
    }
    shape(sql_.take(")"));
    if (sql_.take("select")) return insert_found(columns);
    shape(sql_.take("values") && sql_.take("("));
    if (!sql_.take("?") || !(sql_.is(",") || sql_.is(")"))) refuse("VALUES must start with ?");
    slots.add(sql_.placeholders_read());
    std::size_t values = 1;
    for (; sql_.take(","); values++) expression();
    if (values != columns) refuse("as many values as columns");
    sql_.need(")");
    if (sql_.is(",")) refuse("one row per INSERT");
  }

  constexpr void insert_found(std::size_t columns) {
    const auto company = sql_.take();
    std::size_t values = 1;
    for (; sql_.take(","); values++) expression();
    if (values != columns) refuse("as many values as columns");
    if (!sql_.take("from")) refuse("SELECT a.company_id, b FROM t a WHERE a.company_id = ?");
    table();
    if (!is_company_of(company, tables_[0])) refuse("SELECT must start with a.company_id");
    where();
  }

  constexpr void writes(std::string_view column) {
    if (written_count_ == written_.size()) refuse("more than 32 columns");
    written_[written_count_++] = column;
  }

  constexpr void only_table() {
    tables_[0] = name();
    table_count_ = 1;
  }

  constexpr void table() {
    if (table_count_ == tables_.size()) refuse("more than eight tables");
    auto known_as = name();
    if (sql_.take("as") || is_name(sql_.peek())) known_as = name();
    for (std::size_t i = 0; i < table_count_; i++)
      if (tables_[i] == known_as) refuse("two tables of one name: give an alias");
    tables_[table_count_++] = known_as;
    skip_forced_index(sql_);
  }

  constexpr bool join() {
    if (sql_.is(",")) refuse("no comma joins");
    if (one_of(sql_.peek(), {"right", "cross", "natural", "straight_join"}))
      refuse("only JOIN, INNER JOIN and LEFT JOIN leave no row untied");
    if (!sql_.take("join") && !sql_.take_phrase({"inner", "join"}) &&
        !sql_.take_phrase({"left", "join"}))
      return false;
    table();
    const auto joined = table_count_ - 1;
    bool tied = false;
    if (sql_.take("on") && take_company_of(tables_[joined]) && sql_.take("="))
      for (std::size_t i = 0; i < joined && !tied; i++) tied = take_company_of(tables_[i]);
    if (!tied) refuse("JOIN b must say ON b.company_id = a.company_id");
    rest_of_condition();
    return true;
  }

  constexpr void where() {
    if (!sql_.take("where")) refuse("WHERE company_id = ? must come after the tables");
    const bool first =
        take_company_of(tables_[0]) || (table_count_ == 1 && sql_.take("company_id"));
    if (!first || !sql_.take("=") || !sql_.take("?"))
      refuse("WHERE must start with company_id = ? of the first table");
    slots.add(sql_.placeholders_read());
    rest_of_condition();
  }

  // After a tie: nothing more, or AND. Any other operator would have the tie as its operand.
  constexpr void rest_of_condition() {
    if (sql_.take("and")) return expression();
    if (take_operator()) refuse("only AND may follow company_id = ?");
  }

  constexpr void order_and_limit() {
    if (sql_.take_phrase({"order", "by"})) {
      do {
        expression();
        if (!sql_.take("asc")) sql_.take("desc");
      } while (sql_.take(","));
    }
    if (!sql_.take("limit")) return;
    row_count();
    if (sql_.take("offset")) row_count();
  }

  constexpr void row_count() {
    if (!sql_.is("?") && !sql_.is_number()) refuse("LIMIT ? OFFSET ?, of placeholders or digits");
    sql_.take();
  }

  // The next token is company_id, of whichever table.
  constexpr bool is_company() const { return same(unqualified(sql_.peek()), "company_id"); }

  // Table names keep their case: to MySQL on Linux, b and B are two tables.
  static constexpr bool is_company_of(std::string_view word, std::string_view table) {
    const auto dot = word.find('.');
    return dot != word.npos && word.substr(0, dot) == table &&
           same(unqualified(word), "company_id");
  }
  constexpr bool take_company_of(std::string_view table) {
    const bool here = is_company_of(sql_.peek(), table);
    if (here) sql_.take();
    return here;
  }

  std::array<std::string_view, 8> tables_{};  // as FROM and JOIN name them
  std::size_t table_count_ = 0;
  std::array<std::string_view, 32> written_{};
  std::size_t written_count_ = 0;
};

}  // namespace check
}  // namespace db
