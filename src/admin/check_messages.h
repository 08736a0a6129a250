// admin/check_messages.h — whether what is kept beside the messages is what they say
// (app/conversations.h).
#pragma once
#include "admin/findings.h"
#include "db/connection.h"
#include "db/tenant.h"

namespace admin {

// Compares a company's conversations and inboxes with its messages, inside a snapshot of the
// caller's. Reads three keys side by side, each once from its beginning to its end and a batch at a
// time: of user_messages the one that has all that is asked for, of the others the primary one. Of
// a conversation's last message the row is read, by its id.
void check_messages(db::Connection& db, const db::Tenant& tenant, Findings& findings);

}  // namespace admin
