// tests/db/rights_test.cc — which statements can end or change what somebody may do.
#include "db/rights.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "db/sql.h"

namespace {

using db::check::changes_rights;
using db::check::ends_streams;

// The same to the compiler, for a statement of one company and for one of none.
constexpr db::Scoped<void, std::string> touch{
    "UPDATE sessions SET last_seen_at = ? WHERE company_id = ?"};
constexpr db::Scoped<void, std::string> end{
    "DELETE FROM sessions WHERE company_id = ? AND token_hash = ?"};
static_assert(!touch.changes_rights && end.changes_rights);

}  // namespace

BOOST_AUTO_TEST_SUITE(rights)

BOOST_AUTO_TEST_CASE(are_not_changed_by_reading_whatever_is_read_or_locked) {
  static_assert(!changes_rights("SELECT id FROM sessions WHERE company_id = ? FOR UPDATE"));
  static_assert(!changes_rights("(SELECT id FROM a) UNION ALL (SELECT id FROM users)"));
  static_assert(!changes_rights("SELECT GET_LOCK(?, ?) AS value"));
}

BOOST_AUTO_TEST_CASE(are_not_changed_in_tables_and_columns_that_have_nothing_to_do_with_them) {
  static_assert(!changes_rights("INSERT INTO user_messages (company_id, text) VALUES (?, ?)"));
  static_assert(!changes_rights("UPDATE inboxes SET unread = unread + ? WHERE company_id = ?"));
  static_assert(!changes_rights("UPDATE conversations FORCE INDEX (PRIMARY) SET unread = ?"));
  static_assert(!changes_rights("UPDATE customers SET name = ? WHERE company_id = ?"));
  static_assert(!changes_rights("DELETE FROM idempotency_keys WHERE company_id = ? AND id = ?"));
  static_assert(!changes_rights("DELETE FROM throttles WHERE started_at < ? LIMIT 100"));
  static_assert(!changes_rights("INSERT INTO throttles (id, count) VALUES (?, 1)"
                                " ON DUPLICATE KEY UPDATE count = IF(a > ?, count + 1, 1)"));
  static_assert(!changes_rights("UPDATE api_tokens SET last_used_at = ? WHERE company_id = ?"));
  static_assert(
      !changes_rights("UPDATE identities SET username_key = ?, username = ? WHERE id = ?"));
  static_assert(!changes_rights("UPDATE identities SET factor_secret = ?, factor_step = ?,"
                                " recovery_codes = ?, factor_ended_at = ?, wrong_codes = ?,"
                                " wrong_codes_at = ? WHERE id = ?"));
  static_assert(!changes_rights("UPDATE companies SET name = COALESCE(?, name),"
                                " address = COALESCE(?, address) WHERE company_id = ?"));
}

BOOST_AUTO_TEST_CASE(are_not_changed_by_a_new_way_in) {
  static_assert(!changes_rights("INSERT INTO sessions (company_id, token_hash) VALUES (?, ?)"));
  static_assert(!changes_rights("INSERT INTO users (company_id, id, role) VALUES (?, ?, ?)"));
  static_assert(changes_rights("INSERT INTO users (company_id, id) VALUES (?, ?)"
                               " ON DUPLICATE KEY UPDATE role = ?"));
  static_assert(changes_rights("INSERT INTO sessions (id) SELECT id FROM users"));
  static_assert(changes_rights("INSERT IGNORE INTO sessions (id) VALUES (?)"));
  static_assert(changes_rights("REPLACE INTO sessions (id) VALUES (?)"));
}

BOOST_AUTO_TEST_CASE(are_changed_by_all_else) {
  static_assert(changes_rights("UPDATE users SET role = ? WHERE company_id = ? AND id = ?"));
  static_assert(changes_rights("UPDATE users SET username = ? WHERE company_id = ?"));
  static_assert(changes_rights("UPDATE users SET has_factor = ? WHERE company_id = ? AND id = ?"));
  static_assert(changes_rights("UPDATE companies SET second_factor_of = ? WHERE company_id = ?"));
  static_assert(changes_rights("UPDATE users FORCE INDEX (PRIMARY) SET role = ?"));
  static_assert(changes_rights("UPDATE identities SET password_hash = ? WHERE id = ?"));
  static_assert(changes_rights("UPDATE sessions SET last_seen_at = ?, expires_at = ?"
                               " WHERE company_id = ?"));
  static_assert(changes_rights("UPDATE sessions SET expires_at = COALESCE(?, last_seen_at),"
                               " last_seen_at = ? WHERE company_id = ?"));
  static_assert(changes_rights("UPDATE companies SET suspended_at = ? WHERE company_id = ?"));
  static_assert(changes_rights("DELETE FROM token_families WHERE company_id = ? AND id = ?"));
  static_assert(changes_rights("DELETE FROM audit USING audit JOIN users"));
  static_assert(changes_rights("DELETE audit FROM audit JOIN users"));
  static_assert(changes_rights("UPDATE audit, users SET role = ?"));
  static_assert(changes_rights("UPDATE audit JOIN users SET role = ?"));
  static_assert(changes_rights("INSERT INTO later (company_id) VALUES (?)"));
  static_assert(changes_rights("UPDATE later SET name = ? WHERE company_id = ?"));
  static_assert(changes_rights("DELETE FROM Audit WHERE company_id = ?"));
  static_assert(changes_rights("TRUNCATE TABLE audit"));
}

BOOST_AUTO_TEST_CASE(that_end_are_what_ends_streams_for_news) {
  static_assert(ends_streams("DELETE FROM sessions WHERE company_id = ? AND token_hash = ?"));
  static_assert(ends_streams("DELETE FROM api_tokens WHERE company_id = ?"));
  static_assert(ends_streams("UPDATE companies SET suspended_at = ? WHERE company_id = ?"));
  static_assert(ends_streams("UPDATE users SET removed_at = ?, identity_id = NULL WHERE a = ?"));
  static_assert(ends_streams("UPDATE users SET role = ?, removed_at = ? WHERE company_id = ?"));
  static_assert(ends_streams("UPDATE new_table SET a = ? WHERE company_id = ?"));
  static_assert(ends_streams("DELETE FROM new_table WHERE company_id = ?"));
  static_assert(ends_streams("INSERT INTO new_table (company_id) VALUES (?)"));
}

BOOST_AUTO_TEST_CASE(that_change_in_other_ways_do_not_end_it) {
  static_assert(!ends_streams("UPDATE users SET role = ? WHERE company_id = ? AND id = ?"));
  static_assert(!ends_streams("UPDATE users SET username = ?, display_name = ? WHERE a = ?"));
  static_assert(!ends_streams("UPDATE invitations SET uses_left = uses_left - 1 WHERE a = ?"));
  static_assert(!ends_streams("DELETE FROM invitations WHERE company_id = ?"));
  static_assert(!ends_streams("DELETE FROM password_links WHERE company_id = ? AND user_id = ?"));
  static_assert(!ends_streams("UPDATE refresh_tokens SET used_at = ? WHERE company_id = ?"));
  static_assert(!ends_streams("INSERT INTO sessions (company_id, token_hash) VALUES (?, ?)"));
  static_assert(!ends_streams("UPDATE sessions SET last_seen_at = ? WHERE company_id = ?"));
}

BOOST_AUTO_TEST_SUITE_END()
