// db/history.cc — see history.h.
#include "db/history.h"

#include <algorithm>

#include "base/clock.h"
#include "base/version.h"

namespace db {

std::vector<Text> History::columns() { return db_.all({}, Exempt::columns, "schema_migrations"); }

bool History::has_column(std::string_view name) {
  return std::ranges::any_of(columns(), [&](const auto& column) { return column.value == name; });
}

std::vector<AppliedMigration> History::migrations() {
  if (columns().empty()) return {};
  return db_.all({}, Exempt::applied_migrations);
}

std::vector<Room> History::rooms() { return db_.all({}, Exempt::room_for_programs); }

bool History::lock(const std::string& name, std::int64_t seconds) {
  const auto got = db_.find({}, Exempt::lock_schema, name, seconds);
  return got && got->value == 1;
}

void History::begin(int number, std::string_view name, const std::string& checksum) {
  db_.run({}, Exempt::begin_migration, number, std::string(name), checksum,
          std::string(base::oldest_program));
}

void History::end(int number) { db_.run({}, Exempt::end_migration, base::Time::now(), number); }

void History::forget(int number) { db_.run({}, Exempt::forget_migration, number); }

}  // namespace db
