// db/grants.h — what the program's accounts may do: on each table what it needs, and nothing on the
// schema. MariaDB has no way to take one table out of a right to all, so each table
// is granted by itself.
#pragma once
#include <string>
#include <vector>

#include "base/config.h"

namespace db {

class Connection;

// The statements that give three accounts exactly their rights on the tables that there are.
//
// That of [database]: SELECT, INSERT, UPDATE and DELETE; on `audit`, which only grows, SELECT and
// INSERT; on schema_migrations SELECT. That of [clean]: SELECT and DELETE where rows expire or go
// with their company, of `identities` SELECT of the ids alone, and no address of `mails`; what it
// writes beside the messages that it deletes, in `conversations` and `inboxes`; SELECT on what it
// has to know for that; nothing else. That of [exports]: SELECT on what is in an archive, and
// SELECT, UPDATE and DELETE on `exports`; no credential, no name's hash, nothing else.
//
// They are for `owner`, the account of [migrations], which needs GRANT OPTION. None for an account
// that is the owner itself or is not named, or where all is as it should be; none for one of the
// last two when it cannot log in, and the log says so: nobody is served worse without it.
std::vector<std::string> grants(Connection& owner, const base::Config& config);

}  // namespace db
