// db/failures.h — what an error number of MariaDB or MySQL means to us.
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"

namespace db {

enum class Failure {
  lost,          // the connection is gone, or nobody knows in which state it is
  unwritable,    // the server stands and takes no writes: read-only, demoted
  full,          // it has no room for them: disk, table, transactions
  deadlock,      // our transaction was given up so that another one could go on
  locked,        // somebody else kept a row or a table for too long
  slow,          // the statement took longer than it may
  duplicate,     // a row with this key is there already
  no_reference,  // the row that is referred to is not there
  closed,        // the company takes no changes for a moment: it is being moved
  other,
};

Failure failure_of(int number);

// Whether a DELETE was refused because a row of another table refers to one that it would delete.
bool is_referred_to(const base::Error& error);

// Which key a duplicate is in, by what the database says of it.
std::string name_of_key(std::string_view message);

}  // namespace db
