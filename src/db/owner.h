// db/owner.h — the account that owns the schema, for what comes and goes in it between migrations:
// the triggers of a move (db/capture.h).
#pragma once
#include <string>

#include "base/config.h"

namespace db {

class Connection;

// The same with that account in place of the application's, where there is another. A statement may
// take as long as it takes.
base::Config as_owner(base::Config config);

// Runs a statement as it is, by a connection of that account. Throws what Connection does.
void execute_as_owner(Connection& owner, const std::string& sql);

}  // namespace db
