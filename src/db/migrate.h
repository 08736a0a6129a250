// db/migrate.h — brings the schema up to what this program expects. Forward only.
//
// The migrations are the files sql/*.sql, numbered, one statement each, embedded in the program, so
// a binary and its schema belong together. What was applied stands in schema_migrations with a
// checksum; a lock lets two hosts start at once.
//
// A migration's beginning is recorded before it and its end after it. When the program or the
// database stops in between, the next run executes the statement again: the database does a
// statement wholly or not at all (MariaDB since 10.6, MySQL since 8.0), so "is there already" then
// says that it was done.
#pragma once
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/config.h"

namespace db {

class Connection;

struct Migration {
  int number = 0;
  std::string_view name;  // "0003_users"
  std::string_view sql;   // one statement
  std::string checksum;   // SHA-256 of sql, hexadecimal
};
using Migrations = std::vector<Migration>;

// The embedded migrations, by number.
Migrations all_migrations();

// Splits the embedded text, in which each file follows a line "--@ " and its path. For tests.
Migrations split_migrations(std::string_view text);

// One migration, as this program and this database know it.
struct Step {
  enum class State {
    applied,
    pending,
    begun,    // nobody recorded its end: `migrate` finds out
    changed,  // the file is not what was applied
    unknown,  // a newer program's
  };
  std::string name;
  State state = State::pending;
  std::optional<base::Time> applied_at;
  std::string_view sql;
};
std::string_view to_text(Step::State state);

// All steps by number. Changes nothing.
std::vector<Step> migration_status(const base::Config& config,
                                   const Migrations& wanted = all_migrations());
// The same by a connection of any account of the program's.
std::vector<Step> migration_status(Connection& db, const Migrations& wanted = all_migrations());

// What stands in the way passes: the database is away, or somebody else is at it.
struct TryAgain : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Applies what is missing, as the account that owns the schema, and gives the application's account
// its rights (db/grants.h). Calls done(name) after each migration. A schema that is newer and has
// room for this program is left as it is. Throws std::runtime_error saying what stands in the way:
// a file that was changed after it was applied, a schema that is too new, or the statement that
// failed; TryAgain or base::Error{unavailable} where trying again is all it needs.
void migrate(const base::Config& config, const std::function<void(std::string_view)>& done,
             const Migrations& wanted = all_migrations());

// Why this program must not serve this schema, with what to do about it; "" when it may.
std::string schema_problem(Connection& db);

}  // namespace db
