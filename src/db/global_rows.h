// db/global_rows.h — the rows that the statements without a company yield (db/unscoped.h).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "db/changes.h"

namespace db {

// The second factor of a person (auth/second_factor.h).
struct Factor {
  std::optional<std::string> factor_secret = {};   // sealed; empty: there is none
  std::optional<std::int64_t> factor_step = {};    // of the last code; empty: it is not on yet
  std::string recovery_codes = {};                 // a SHA-256 each
  std::optional<base::Time> factor_ended_at = {};  // without the person's doing; empty: they know
  std::int64_t wrong_codes = 0;                    // beside the right password, not told yet
  std::optional<base::Time> wrong_codes_at = {};   // the last one

  bool is_on() const { return factor_secret && factor_step; }

  FIELDS(Factor, factor_secret, factor_step, recovery_codes, factor_ended_at, wrong_codes,
         wrong_codes_at)
};

// A person who can log in.
struct Identity {
  base::Uuid id;
  std::string username;
  std::string password_hash;
  std::int64_t password_given = 0;  // 1: an admin or operator has ever set the password
  base::Uuid default_company_id;
  Factor factor = {};

  FIELDS(Identity, id, username, password_hash, password_given, default_company_id, factor)
};

// The e-mail addresses of a person (app/email.cc).
struct Email {
  std::optional<std::string> email = {};             // is theirs: they have shown that
  std::optional<base::Time> email_verified_at = {};  // since when
  std::optional<std::string> new_email = {};         // waits for that
  std::optional<std::string> new_email_token = {};   // SHA-256 of its link's; empty: not sent yet
  std::optional<base::Time> new_email_ends_at = {};  // until when the link is good

  FIELDS(Email, email, email_verified_at, new_email, new_email_token, new_email_ends_at)
};

// A mail that waits to be sent (auth/outbox.h).
struct Mail {
  base::Uuid id;
  std::string kind;
  std::string recipient;
  base::Uuid identity_id;  // of whom it is about; all zero: whoever has the address
  std::int64_t attempts = 0;
  base::Time created_at;

  FIELDS(Mail, id, kind, recipient, identity_id, attempts, created_at)
};

struct IdentityId {
  base::Uuid id;

  FIELDS(IdentityId, id)
};

// A person as an operator sees them among the others.
struct IdentityLine {
  base::Uuid id;
  std::optional<base::Uuid> company_id;  // one of those where there is a user of theirs
  Factor factor = {};

  FIELDS(IdentityLine, id, company_id, factor)
};

// A company as an operator sees it among the others.
struct CompanyLine {
  base::Uuid id;
  std::string name;
  std::int64_t users = 0;
  base::Time created_at;
  std::optional<base::Time> suspended_at, erase_at;

  FIELDS(CompanyLine, id, name, users, created_at, suspended_at, erase_at)
};

// A row of `changes`.
struct ChangeRow {
  Change change;
  base::Uuid company_id;
  base::Time date;
  std::int64_t age_seconds;  // by the database's clock

  FIELDS(ChangeRow, change, company_id, date, age_seconds)
};

struct CompanyId {
  base::Uuid id;

  FIELDS(CompanyId, id)
};

// One company that a person belongs to.
struct Membership {
  base::Uuid company_id;
  base::Uuid user_id;
  std::string role;
  std::int64_t token_generation = 0;

  FIELDS(Membership, company_id, user_id, role, token_generation)
};

// The same with what the person sees of it.
struct OwnCompany {
  base::Uuid company_id;
  std::string name;
  std::string address;
  std::string role, display_name;  // the person's, there
  std::int64_t is_default = 0;
  std::optional<base::Time> erase_at;
  std::int64_t unread_messages = 0;

  FIELDS(OwnCompany, company_id, name, address, role, display_name, is_default, erase_at,
         unread_messages)
  static constexpr std::size_t most_statement_bytes = 640;
};

// How often something was tried since a moment; or when a person was last seen at an address.
struct Tries {
  std::string id;
  std::int64_t count = 0;
  base::Time started_at;

  FIELDS(Tries, id, count, started_at)
};

struct AppliedMigration {
  std::int64_t number = 0;
  std::string name;
  std::string checksum;
  std::optional<base::Time> applied_at;  // empty: it was begun, and its end was not recorded

  FIELDS(AppliedMigration, number, name, checksum, applied_at)
};

// The oldest release whose program works on a schema with this migration; "": not recorded.
struct Room {
  std::string name;
  std::string oldest_program;

  FIELDS(Room, name, oldest_program)
};

struct Text {
  std::string value;

  FIELDS(Text, value)
};

// A column of a foreign key, and the one that it refers to.
struct ReferenceColumn {
  std::string table_name, constraint_name, column_name;
  std::string referenced_table, referenced_column;

  FIELDS(ReferenceColumn, table_name, constraint_name, column_name, referenced_table,
         referenced_column)
};

struct IndexColumn {
  std::string table_name, index_name, column_name;

  FIELDS(IndexColumn, table_name, index_name, column_name)
};

// A right that an account has on a table.
struct Right {
  std::string table_name;
  std::string privilege_type;  // "INSERT"

  FIELDS(Right, table_name, privilege_type)
};

// The same on one of its columns.
struct ColumnRight {
  std::string table_name, column_name, privilege_type;

  FIELDS(ColumnRight, table_name, column_name, privilege_type)
};

struct Number {
  std::int64_t value = 0;

  FIELDS(Number, value)
};

}  // namespace db
