// db/grants.h — what the application's account may do: on each table what the program needs, and
// nothing on the schema. MariaDB has no way to take one table out of a right to all, so each table
// is granted by itself.
#pragma once
#include <string>
#include <vector>

#include "base/config.h"

namespace db {

class Connection;

// The statements that give the account of [database] exactly its rights on the tables that there
// are: SELECT, INSERT, UPDATE and DELETE; on `audit`, which only grows, SELECT and INSERT; on
// schema_migrations SELECT. They are for `owner`, the account of [migrations], which needs GRANT
// OPTION. None where one account is both, or where all is as it should be.
std::vector<std::string> grants(Connection& owner, const base::Config& config);

}  // namespace db
