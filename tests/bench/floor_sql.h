// tests/bench/floor_sql.h — what the floors ask of the database.
#pragma once

namespace floor_sql {

constexpr const char* by_session = R"(
    SELECT user_id FROM sessions
     WHERE company_id = ? AND token_hash = ? AND expires_at > UTC_TIMESTAMP(6)
       AND last_seen_at > UTC_TIMESTAMP(6) - INTERVAL 3 DAY)";

// People were made in the order of their ids, which is the order of the primary key.
constexpr const char* list_users = R"(
    SELECT id, username, role FROM users
     WHERE company_id = ? AND removed_at IS NULL ORDER BY id LIMIT 51)";

// What one sent, and what one received, each from a key that has it in order.
constexpr const char* list_messages = R"(
    (SELECT id, from_user, to_user, text, CONCAT(date), CONCAT(read_at) FROM user_messages
      WHERE company_id = ? AND from_user = ? ORDER BY date, id LIMIT 51) UNION ALL
    (SELECT id, from_user, to_user, text, CONCAT(date), CONCAT(read_at) FROM user_messages
      WHERE company_id = ? AND to_user = ? ORDER BY date, id LIMIT 51))";

constexpr const char* one_message = R"(
    SELECT id, from_user, to_user, text, CONCAT(date), CONCAT(read_at) FROM user_messages
     WHERE company_id = ? AND id = ?)";

// The rows that a POST writes, in one transaction: the message, how many its recipient has not
// read, and what each of the two sees of their conversation. Foreign keys say whether there is such
// a recipient.
constexpr const char* add_to_inbox = R"(
    INSERT INTO inboxes (company_id, user_id, unread) VALUES (?, ?, 1)
    ON DUPLICATE KEY UPDATE unread = unread + 1)";

constexpr const char* insert_message = R"(
    INSERT INTO user_messages (company_id, id, from_user, to_user, text, date)
    VALUES (?, ?, ?, ?, ?, ?))";

constexpr const char* note_last = R"(
    INSERT INTO conversations (company_id, user_id, other_id, last_message, last_date, unread)
    VALUES (?, ?, ?, ?, ?, 0), (?, ?, ?, ?, ?, 1)
    ON DUPLICATE KEY UPDATE last_message = VALUES(last_message), last_date = VALUES(last_date),
                            unread = unread + VALUES(unread))";

}  // namespace floor_sql
