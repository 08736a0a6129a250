// db/unscoped.h — the complete list of statements that run without a company, each with its reason.
//
// They touch `identities`, the one global table, and bookkeeping; two read what one person is in
// each of that person's companies. Only this struct can make an Unscoped statement, and each names
// the one class that can run it, so a review of this file is a review of every way around the wall.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "db/batch.h"
#include "db/global_rows.h"
#include "db/sql.h"

namespace auth {
class Identities;
class Throttle;
}  // namespace auth
namespace admin {
class Task;
}  // namespace admin

namespace db {

class Derived;
class Grantee;
class History;
class RecentChanges;
class References;

struct Exempt {
  // ---- people ----

  static constexpr Unscoped<auth::Identities, Identity, std::string> identity_by_username{
      "a name is all that a login gives: the company follows from it",
      "SELECT id, username, password_hash, password_given, default_company_id, factor_secret,"
      " factor_step, recovery_codes, factor_ended_at, wrong_codes, wrong_codes_at FROM identities"
      " WHERE username_key = ?"};

  static constexpr Unscoped<auth::Identities, Identity, base::Uuid> identity{
      "a person's name and password are the same in each of their companies",
      "SELECT id, username, password_hash, password_given, default_company_id, factor_secret,"
      " factor_step, recovery_codes, factor_ended_at, wrong_codes, wrong_codes_at FROM identities"
      " WHERE id = ?"};

  static constexpr Unscoped<auth::Identities, Identity, base::Uuid> lock_identity{
      "what makes and what ends a person's credentials must not pass each other (auth/lock.h)",
      "SELECT id, username, password_hash, password_given, default_company_id, factor_secret,"
      " factor_step, recovery_codes, factor_ended_at, wrong_codes, wrong_codes_at FROM identities"
      " WHERE id = ? FOR UPDATE"};

  // For an account that may see nothing else of a person.
  static constexpr Unscoped<auth::Identities, IdentityId, base::Uuid> lock_identity_alone{
      "a person who was in a company that is erased, and in no other, goes with it",
      "SELECT id FROM identities WHERE id = ? FOR UPDATE"};

  static constexpr Unscoped<auth::Identities, IdentityLine, Batch> identities_with_companies{
      "an operator of the whole asks whether there are people who are in no company",
      "SELECT i.id, (SELECT MIN(u.company_id) FROM users u WHERE u.identity_id = i.id)"
      " AS company_id, i.factor_secret, i.factor_step, i.recovery_codes, i.factor_ended_at,"
      " i.wrong_codes, i.wrong_codes_at FROM identities i"
      " WHERE (? IS NULL OR i.id > ?) ORDER BY i.id LIMIT ?"};

  static constexpr Unscoped<auth::Identities, Membership, base::Uuid> memberships{
      "only a person's own rows say which companies are theirs",
      "SELECT company_id, id AS user_id, role, token_generation FROM users"
      " WHERE identity_id = ? AND removed_at IS NULL ORDER BY created_at, id"};

  static constexpr Unscoped<auth::Identities, Membership, base::Uuid> lock_memberships{
      "what makes and what ends a person's credentials must not pass each other (auth/lock.h)",
      "SELECT company_id, id AS user_id, role, token_generation FROM users"
      " WHERE identity_id = ? AND removed_at IS NULL ORDER BY company_id, id FOR UPDATE"};

  static constexpr Unscoped<auth::Identities, OwnCompany, base::Uuid> own_companies{
      "a person sees the companies that they can switch to, and what waits for them there",
      "SELECT u.company_id, c.name, c.address, u.role, u.display_name,"
      " CASE WHEN i.default_company_id = u.company_id THEN 1 ELSE 0 END AS is_default, c.erase_at,"
      " COALESCE(n.unread, 0) AS unread_messages"
      " FROM identities i"
      " JOIN users u ON u.identity_id = i.id AND u.removed_at IS NULL"
      " JOIN companies c ON c.company_id = u.company_id"
      " LEFT JOIN inboxes n ON n.company_id = u.company_id AND n.user_id = u.id"
      " WHERE i.id = ? ORDER BY u.created_at, u.id"};

  // Until every host keeps `inboxes` (app/conversations.h).
  static constexpr Unscoped<auth::Identities, OwnCompany, base::Uuid> own_companies_counted{
      "a person sees the companies that they can switch to, and what waits for them there",
      "SELECT u.company_id, c.name, c.address, u.role, u.display_name,"
      " CASE WHEN i.default_company_id = u.company_id THEN 1 ELSE 0 END AS is_default, c.erase_at,"
      " COUNT(m.id) AS unread_messages"
      " FROM identities i"
      " JOIN users u ON u.identity_id = i.id AND u.removed_at IS NULL"
      " JOIN companies c ON c.company_id = u.company_id"
      " LEFT JOIN user_messages m ON m.company_id = u.company_id AND m.to_user = u.id"
      " AND m.read_at IS NULL"
      " WHERE i.id = ? GROUP BY u.company_id, u.id ORDER BY u.created_at, u.id"};

  static constexpr Unscoped<auth::Identities, void, base::Uuid, std::string, std::string,
                            std::string, std::int64_t, base::Uuid, base::Time>
      create_identity{"names are unique over all companies, so that login needs no company",
                      "INSERT INTO identities (id, username_key, username, password_hash,"
                      " password_given, default_company_id, created_at)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?)"};

  static constexpr Unscoped<auth::Identities, void, std::string, std::string, base::Uuid>
      set_username{"names are unique over all companies, so that login needs no company",
                   "UPDATE identities SET username_key = ?, username = ? WHERE id = ?"};

  static constexpr Unscoped<auth::Identities, void, std::string, std::int64_t, base::Uuid>
      set_password{"a person's password is the same in each of their companies",
                   "UPDATE identities SET password_hash = ?, password_given = ? WHERE id = ?"};

  static constexpr Unscoped<auth::Identities, void, Factor, base::Uuid> set_factor{
      "a person's second factor is the same in each of their companies",
      "UPDATE identities SET factor_secret = ?, factor_step = ?, recovery_codes = ?,"
      " factor_ended_at = ?, wrong_codes = ?, wrong_codes_at = ? WHERE id = ?"};

  static constexpr Unscoped<auth::Identities, void, base::Uuid, base::Uuid> set_default_company{
      "which company a login opens is the person's own choice",
      "UPDATE identities SET default_company_id = ? WHERE id = ?"};

  static constexpr Unscoped<auth::Identities, void, base::Uuid> delete_identity{
      "a person who has left the last company is nobody, and the name is free",
      "DELETE FROM identities WHERE id = ?"};

  // ---- companies, for operators ----

  static constexpr Unscoped<admin::Task, CompanyLine, Batch> companies{
      "an operator of the whole asks which companies there are",
      "SELECT c.company_id AS id, c.name, COUNT(u.id) AS users, c.created_at, c.suspended_at,"
      " c.erase_at"
      " FROM companies c LEFT JOIN users u ON u.company_id = c.company_id AND u.removed_at IS NULL"
      " WHERE c.importing_until IS NULL AND (? IS NULL OR c.company_id > ?)"
      " GROUP BY c.company_id ORDER BY c.company_id LIMIT ?"};

  static constexpr Unscoped<admin::Task, CompanyId, std::string> companies_named{
      "an operator calls a company by its name; the rest is asked within it",
      "SELECT company_id AS id FROM companies WHERE name = ? AND importing_until IS NULL LIMIT 2"};

  static constexpr Unscoped<admin::Task, CompanyId, base::Time, base::Time, Batch>
      companies_to_purge{
          "a command deletes what is left of imports, and of companies whose day has come",
          "SELECT company_id AS id FROM companies WHERE (importing_until < ? OR erase_at < ?)"
          " AND (? IS NULL OR company_id > ?) ORDER BY company_id LIMIT ?"};

  static constexpr Unscoped<admin::Task, CompanyId, Batch> companies_with_exports{
      "a timer's command makes the files that were asked for, in whichever company",
      "SELECT company_id AS id FROM exports WHERE (? IS NULL OR company_id > ?)"
      " GROUP BY company_id ORDER BY company_id LIMIT ?"};

  // ---- e-mail addresses, and mails that wait: db/unscoped_mail.h ----

  struct Mail;

  // ---- throttles: before a login there is no company ----

  static constexpr Unscoped<auth::Throttle, Tries, std::string, std::string, std::string,
                            base::Time, base::Time, std::string, base::Time>
      tries{"a login is counted before it is known whose it is",
            "SELECT id, count, started_at FROM throttles"
            " WHERE id IN (?, ?, ?) AND started_at > ? AND started_at < ?"
            " UNION ALL SELECT id, 0 AS count, last_at AS started_at FROM known_addresses"
            " WHERE id = ? AND last_at > ?"};

  static constexpr Unscoped<auth::Throttle, void, std::string, base::Time, base::Time, base::Time,
                            base::Time, base::Time, base::Time>
      count_try{"a login is counted before it is known whose it is",
                "INSERT INTO throttles (id, count, started_at) VALUES (?, 1, ?)"
                " ON DUPLICATE KEY UPDATE"
                " count = IF(started_at > ? AND started_at < ?, count + 1, 1),"
                " started_at = IF(started_at > ? AND started_at < ?, started_at, ?)"};

  static constexpr Unscoped<auth::Throttle, void, std::string> forget_tries{
      "a login is counted before it is known whose it is", "DELETE FROM throttles WHERE id = ?"};

  static constexpr Unscoped<auth::Throttle, void, base::Time> forget_old_tries{
      "what was counted long ago is of no use to anybody",
      "DELETE FROM throttles WHERE started_at < ? LIMIT 100"};

  static constexpr Unscoped<auth::Throttle, void, std::string, base::Time, base::Time> know_address{
      "from where a person came in is the same in each of their companies",
      "INSERT INTO known_addresses (id, last_at) VALUES (?, ?)"
      " ON DUPLICATE KEY UPDATE last_at = ?"};

  static constexpr Unscoped<auth::Throttle, void, base::Time> forget_old_addresses{
      "what was noted long ago is of no use to anybody",
      "DELETE FROM known_addresses WHERE last_at < ? LIMIT 100"};

  // ---- what changed lately, for those who wait for news ----

  static constexpr Unscoped<RecentChanges, ChangeRow, std::int64_t, base::Time, base::Time,
                            base::Uuid, std::int64_t>
      recent_changes{"a process that waits for all companies asks once a second for all of them",
                     "SELECT id, what, user_id, other_id, login, company_id, date,"
                     " TIMESTAMPDIFF(SECOND, date, UTC_TIMESTAMP(6)) AS age_seconds FROM changes"
                     " FORCE INDEX (by_date)"
                     " WHERE date > UTC_TIMESTAMP(6) - INTERVAL ? SECOND AND date >= ?"
                     " AND (date > ? OR id > ?) ORDER BY date, id LIMIT ?"};

  static constexpr Unscoped<RecentChanges, void, std::int64_t, std::int64_t> forget_changes{
      "what changed minutes ago is known to whoever waited for it, of whichever company",
      "DELETE FROM changes WHERE date < UTC_TIMESTAMP(6) - INTERVAL ? SECOND"
      " ORDER BY date LIMIT ?"};

  // ---- the schema's own history ----

  static constexpr Unscoped<History, Number, std::string, std::int64_t> lock_schema{
      "migrations change the schema that all companies share", "SELECT GET_LOCK(?, ?) AS value"};

  static constexpr Unscoped<History, AppliedMigration> applied_migrations{
      "the schema's history belongs to no company",
      "SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number"};

  static constexpr Unscoped<History, Room> room_for_programs{
      "the schema's history belongs to no company",
      "SELECT name, oldest_program FROM schema_migrations ORDER BY number"};

  static constexpr Unscoped<History, Text, std::string> columns{
      "what columns a table has is the same for all companies",
      "SELECT column_name AS value FROM information_schema.columns"
      " WHERE table_schema = DATABASE() AND table_name = ?"};

  static constexpr Unscoped<History, void, std::int64_t, std::string, std::string, std::string>
      begin_migration{"the schema's history belongs to no company",
                      "INSERT INTO schema_migrations"
                      " (number, name, checksum, oldest_program, applied_at)"
                      " VALUES (?, ?, ?, ?, NULL)"};

  static constexpr Unscoped<History, void, base::Time, std::int64_t> end_migration{
      "the schema's history belongs to no company",
      "UPDATE schema_migrations SET applied_at = ? WHERE number = ?"};

  static constexpr Unscoped<History, void, std::int64_t> forget_migration{
      "the schema's history belongs to no company",
      "DELETE FROM schema_migrations WHERE number = ?"};

  static constexpr Unscoped<Derived, Text, std::string> rules_of_derived{
      "the rules by which something is derived are the same for all companies",
      "SELECT rules AS value FROM derived WHERE what = ?"};

  static constexpr Unscoped<Derived, void, std::string, std::string, base::Time, std::string,
                            base::Time>
      set_rules_of_derived{"the rules by which something is derived are the same for all companies",
                           "INSERT INTO derived (what, rules, made_at) VALUES (?, ?, ?)"
                           " ON DUPLICATE KEY UPDATE rules = ?, made_at = ?"};

  static constexpr Unscoped<References, ReferenceColumn> reference_columns{
      "what refers to what is the same for all companies",
      "SELECT table_name, constraint_name, column_name, referenced_table_name AS referenced_table,"
      " referenced_column_name AS referenced_column FROM information_schema.key_column_usage"
      " WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL"
      " ORDER BY table_name, constraint_name, ordinal_position"};

  static constexpr Unscoped<References, IndexColumn> index_columns{
      "what indexes a table has is the same for all companies",
      "SELECT table_name, index_name, column_name FROM information_schema.statistics"
      " WHERE table_schema = DATABASE() AND seq_in_index < 3"
      " ORDER BY table_name, index_name, seq_in_index"};

  static constexpr Unscoped<Grantee, Text> tables{
      "what tables there are is the same for all companies",
      "SELECT table_name AS value FROM information_schema.tables WHERE table_schema = DATABASE()"
      " ORDER BY table_name"};

  // ---- what the application's account may do, on itself ----

  static constexpr Unscoped<Grantee, Text> current_account{
      "the account of the program serves all companies", "SELECT CURRENT_USER() AS value"};

  static constexpr Unscoped<Grantee, Right, std::string> rights_on_tables{
      "the account of the program serves all companies",
      "SELECT table_name, privilege_type FROM information_schema.table_privileges"
      " WHERE table_schema = ?"};

  static constexpr Unscoped<Grantee, ColumnRight, std::string> rights_on_columns{
      "the account of the program serves all companies",
      "SELECT table_name, column_name, privilege_type FROM information_schema.column_privileges"
      " WHERE table_schema = ?"};

  static constexpr Unscoped<Grantee, Text, std::string> rights_on_all_tables{
      "the account of the program serves all companies",
      "SELECT privilege_type AS value FROM information_schema.schema_privileges WHERE table_schema "
      "= ?"};
};

}  // namespace db
