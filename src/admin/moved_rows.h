// admin/moved_rows.h — the two sides of a move, and the rows that it takes along beside those of an
// archive (app/archive/tables.h).
#pragma once
#include <optional>
#include <string>

#include "app/archive/tables.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/literal.h"
#include "base/uuid.h"
#include "db/connection.h"

namespace admin::moved {

namespace archive = app::archive;
using base::Literal;
using base::Time;
using base::Uuid;

// Of one of the two companies.
struct Side {
  db::Connection& db;
  const db::Tenant& tenant;
};

// The primary key after the company, as move_notes has it.
struct Place {
  std::string place;

  FIELDS(Place, place)
};

// How long messages are kept goes on there as here, where an import begins anew.
struct CompanyRow {
  archive::CompanyRow row;
  std::optional<Time> messages_kept_until;

  FIELDS(CompanyRow, row, messages_kept_until)
};

struct CustomerRow {
  archive::CustomerRow row;
  std::int64_t email_twin = 0;

  FIELDS(CustomerRow, row, email_twin)
};

struct KeyRow {
  Uuid id;
  std::string digest;
  Time created_at;

  FIELDS(KeyRow, id, digest, created_at)
};

struct ConversationRow {
  Uuid user_id, other_id, last_message;
  Time last_date;
  std::int64_t unread = 0;

  FIELDS(ConversationRow, user_id, other_id, last_message, last_date, unread)
};

struct InboxRow {
  Uuid user_id;
  std::int64_t unread = 0;

  FIELDS(InboxRow, user_id, unread)
};

}  // namespace admin::moved
