// db/derived.h — what the program has made of other columns, and by which rules: the one place that
// runs the statements on the table `derived`.
#pragma once
#include <string>

#include "db/connection.h"

namespace db {

class Derived {
 public:
  // The connection is lent for the lifetime.
  explicit Derived(Connection& db) : db_(db) {}

  // The rules by which it was made; "": it was not.
  std::string rules(const std::string& what);
  void set(const std::string& what, const std::string& rules);

 private:
  Connection& db_;
};

}  // namespace db
