// db/unscoped.h — the complete list of statements that run without a company, each with its reason.
//
// All but `memberships` touch only `identities`, the one global table, and the bookkeeping. Only this struct can make an
// Unscoped statement, so a review of this file is a review of every way around the wall.
#pragma once
#include <string>
#include <tuple>

#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "db/sql.h"

namespace db {

// A person who can log in.
struct Identity {
  base::Uuid id;
  std::string password_hash;
  base::Uuid default_company_id;

  static constexpr auto fields() {
    return std::tuple{base::field("id", &Identity::id),
                      base::field("password_hash", &Identity::password_hash),
                      base::field("default_company_id", &Identity::default_company_id)};
  }
};

// One company that a person belongs to.
struct Membership {
  base::Uuid company_id;
  base::Uuid user_id;

  static constexpr auto fields() {
    return std::tuple{base::field("company_id", &Membership::company_id),
                      base::field("user_id", &Membership::user_id)};
  }
};

struct AppliedMigration {
  std::string name;
  std::string checksum;

  static constexpr auto fields() {
    return std::tuple{base::field("name", &AppliedMigration::name),
                      base::field("checksum", &AppliedMigration::checksum)};
  }
};

struct Number {
  std::int64_t value = 0;

  static constexpr auto fields() { return std::tuple{base::field("value", &Number::value)}; }
};

struct Exempt {
  static constexpr Unscoped<Identity, std::string> identity_by_username{
      "a name is all that a login gives: the company follows from it",
      "SELECT id, password_hash, default_company_id FROM identities WHERE username_key = ?"};

  static constexpr Unscoped<Identity, base::Uuid> identity{
      "a person's password is one over all companies",
      "SELECT id, password_hash, default_company_id FROM identities WHERE id = ?"};

  static constexpr Unscoped<Membership, base::Uuid> memberships{
      "only a person's own rows say which companies are theirs",
      "SELECT company_id, id FROM users WHERE identity_id = ? AND removed_at IS NULL"
      " ORDER BY created_at, id"};

  static constexpr Unscoped<void, base::Uuid, std::string, std::string, base::Uuid, base::Time>
      create_identity{"names are unique over all companies, so that login needs no company",
                      "INSERT INTO identities"
                      " (id, username_key, password_hash, default_company_id, created_at)"
                      " VALUES (?, ?, ?, ?, ?)"};

  static constexpr Unscoped<void, std::string, base::Uuid> set_username{
      "names are unique over all companies, so that login needs no company",
      "UPDATE identities SET username_key = ? WHERE id = ?"};

  static constexpr Unscoped<void, std::string, base::Uuid> set_password{
      "a person's password is one over all companies",
      "UPDATE identities SET password_hash = ? WHERE id = ?"};

  static constexpr Unscoped<void, base::Uuid> delete_identity{
      "a person who has left the last company is nobody, and the name is free",
      "DELETE FROM identities WHERE id = ?"};

  static constexpr Unscoped<Number, std::string, std::int64_t> lock_schema{
      "migrations change the schema that all companies share", "SELECT GET_LOCK(?, ?)"};

  static constexpr Unscoped<AppliedMigration> applied_migrations{
      "the schema's history belongs to no company",
      "SELECT name, checksum FROM schema_migrations ORDER BY number"};

  static constexpr Unscoped<void, std::int64_t, std::string, std::string, base::Time>
      record_migration{"the schema's history belongs to no company",
                       "INSERT INTO schema_migrations (number, name, checksum, applied_at)"
                       " VALUES (?, ?, ?, ?)"};
};

}  // namespace db
