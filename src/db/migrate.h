// db/migrate.h — brings the schema up to what this program expects. Forward only.
//
// The migrations are the files sql/NNNN_noun.sql, one statement each, embedded in the program, so a
// binary and its schema belong together. What was applied stands in schema_migrations with a
// checksum; a lock lets two hosts start at once.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/config.h"

namespace db {

struct Migration {
  int number = 0;
  std::string_view name;  // "0003_users"
  std::string_view sql;   // one statement
  std::string checksum;   // SHA-256 of sql, hexadecimal
};

// The embedded migrations, by number.
std::vector<Migration> all_migrations();

// Splits the embedded text, in which each file follows a line "--@ sql/NNNN_noun.sql". For tests.
std::vector<Migration> split_migrations(std::string_view text);

// Applies what is missing, as the account that owns the schema; answers the names of what was done.
// Throws std::runtime_error saying what stands in the way: a file that was changed after it was
// applied, a schema that is newer than this program, or the statement that failed.
std::vector<std::string> migrate(const base::Config& config);

}  // namespace db
