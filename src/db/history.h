// db/history.h — which migrations a database has had, as its table schema_migrations has them: the
// one place that runs the statements on it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "db/unscoped.h"

namespace db {

class History {
 public:
  // The connection is lent for the lifetime.
  explicit History(Connection& db) : db_(db) {}

  // Whether the table has that column. False where there is no table.
  bool has_column(std::string_view name);
  // What was begun, and perhaps applied, by number. Nothing where there is no table.
  std::vector<AppliedMigration> migrations();
  // The same with the programs that they have room for. There is a table.
  std::vector<Room> rooms();

  // Locks a name against other connections, for as long as this one lives. False: nobody gave it
  // up within so many seconds.
  bool lock(const std::string& name, std::int64_t seconds);
  void begin(int number, std::string_view name, const std::string& checksum);
  void end(int number);
  void forget(int number);

 private:
  std::vector<Text> columns();

  Connection& db_;
};

}  // namespace db
