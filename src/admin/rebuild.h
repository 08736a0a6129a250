// admin/rebuild.h — makes anew what the program derives from other columns and stores beside them.
#pragma once
#include "base/config.h"

namespace db {
class Connection;
}

namespace admin {

// Does so where the stored keys were made by other rules than this program's: by a release before
// it, or with another version of Unicode; and where messages were never counted. Prints what it
// did, and names rows that now share a key; those are no failure. Throws base::Error when the
// database is lost; then the next call begins again. is_new: there was no schema before.
void rebuild_where_due(const base::Config& config, bool is_new);

// Whether the stored keys were made by this program's rules. Asks the database.
bool are_keys_made_by_our_rules(db::Connection& db);

}  // namespace admin
