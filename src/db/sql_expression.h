// db/sql_expression.h — the expressions of tenant statements; their grammar heads db/sql_check.h.
#pragma once
#include <string_view>

#include "db/sql_tokens.h"

namespace db::check {

// One function a rule. Each refuses what cannot be derived from it.
class Expressions {
 protected:
  constexpr explicit Expressions(std::string_view sql) : sql_(sql) {}

  constexpr void list() {
    do {
      expression();
    } while (sql_.take(","));
  }

  constexpr void expression() {
    do {
      operand();
    } while (take_operator());
  }

  constexpr bool take_operator() {
    if (sql_.is("or") && depth_ == 0) refuse("OR at top level would escape the company");
    if (sql_.take("not")) {
      if (!one_of(sql_.take(), {"like", "in", "between"})) refuse("NOT LIKE, NOT IN, NOT BETWEEN");
      return true;
    }
    if (!one_of(sql_.peek(), {"=", "<>", "!=", "<", "<=", ">", ">=", "+", "-", "*", "and", "or",
                              "is", "like", "in", "between"}))
      return false;
    sql_.take();
    return true;
  }

  constexpr void operand() {
    while (sql_.take("not") || sql_.take("-")) continue;
    if (sql_.is("?") || sql_.is_number()) {
      sql_.take();
    } else if (sql_.is("select")) {
      refuse("no subqueries");
    } else if (sql_.is_call()) {
      call();
    } else if (sql_.take("(")) {
      depth_++;
      list();
      depth_--;
      sql_.need(")");
    } else {
      if (!is_name(sql_.take())) refuse("a column, a value or a function should be here");
    }
  }

  constexpr void call() {
    if (!is_pure_function(sql_.take())) refuse("only functions that db/sql_tokens.h lists");
    sql_.need("(");
    depth_++;
    if (!sql_.take("*") && !sql_.is(")")) {
      sql_.take("distinct");
      list();
    }
    depth_--;
    sql_.need(")");
  }

  // Of a table, an alias or a written column: never qualified.
  constexpr std::string_view name() {
    const auto word = sql_.take();
    if (!is_name(word)) refuse("a name should be here, and not a keyword");
    if (word.find('.') != word.npos) refuse("a table or a written column has a plain name");
    return word;
  }

  Tokens sql_;

 private:
  int depth_ = 0;  // of parentheses
};

}  // namespace db::check
