// admin/retention.h — deletes the messages that a company keeps no longer (app/company.h).
#pragma once
#include <cstdint>

#include "db/connection.h"
#include "db/tenant.h"

namespace admin {

// Deletes the messages of a company that are older than it says, a few of two people at a time,
// each time with what is kept beside them (app/conversations.h) and the Idempotency-Key that made
// them. While a release that does not keep these writes messages, too, it deletes none. Adds to
// `deleted` as it goes. Throws base::Error unavailable where somebody holds a row for long.
void delete_old_messages(db::Connection& db, const db::Tenant& tenant, std::int64_t& deleted);

}  // namespace admin
