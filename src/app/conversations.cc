// app/conversations.cc — see conversations.h.
#include "app/conversations.h"

#include <algorithm>
#include <utility>

#include "db/derived.h"

namespace app {

using base::Time;
using base::Uuid;

namespace {

constexpr db::Scoped<void, std::int64_t, Uuid> change_inbox{
    "UPDATE inboxes SET unread = unread + ? WHERE company_id = ? AND user_id = ?"};
constexpr db::Scoped<void, std::int64_t, Uuid> insert_inbox{R"(
    INSERT INTO inboxes (company_id, user_id, unread)
    SELECT u.company_id, u.id, ? FROM users u WHERE u.company_id = ? AND u.id = ?)"};

constexpr db::Scoped<void, Conversation> insert_one{R"(
    INSERT INTO conversations (company_id, user_id, other_id, last_message, last_date, unread)
    VALUES (?, ?, ?, ?, ?, ?))"};

// By the primary key, so that no row of others is locked on the way: where a person has few
// conversations, the database would rather look at those of one of the two.
constexpr base::Literal update_conversations =
    "UPDATE conversations FORCE INDEX (PRIMARY) SET unread = unread + ";
constexpr base::Literal move_last = R"(,
           last_message = IF((last_date, last_message) < (?, ?), ?, last_message),
           last_date = GREATEST(last_date, ?))";
constexpr base::Literal one_side = " WHERE company_id = ? AND user_id = ? AND other_id = ?";

// Both sides, and in the key's order. `unread` is the recipient's.
constexpr db::Scoped<void, Uuid, Time, Uuid, Uuid, Time, Uuid, Uuid, Uuid, Uuid> move_both{
    update_conversations + "(user_id = ?)" + move_last +
    " WHERE company_id = ? AND ((user_id = ? AND other_id = ?) OR (user_id = ? AND other_id = ?))"};
constexpr db::Scoped<void, std::int64_t, Time, Uuid, Uuid, Time, Uuid, Uuid> move_one{
    update_conversations + "?" + move_last + one_side};

constexpr db::Scoped<void, std::int64_t, Uuid, Uuid> change_unread{update_conversations + "?" +
                                                                   one_side};

constexpr db::Scoped<Pair, Uuid, Uuid, Uuid> select_next_pair{R"(
    SELECT from_user AS sender, to_user AS recipient FROM user_messages FORCE INDEX (conversation)
     WHERE company_id = ? AND (from_user > ? OR (from_user = ? AND to_user > ?))
     ORDER BY from_user, to_user LIMIT 1)"};
constexpr db::Scoped<Last, Uuid, Uuid> select_last{R"(
    SELECT id, date FROM user_messages FORCE INDEX (conversation)
     WHERE company_id = ? AND from_user = ? AND to_user = ? ORDER BY date DESC, id DESC LIMIT 1)"};

constexpr base::Literal both_sides =
    " WHERE company_id = ? AND last_message = ?"
    " AND ((user_id = ? AND other_id = ?) OR (user_id = ? AND other_id = ?))";
constexpr db::Scoped<void, Uuid, Time, Uuid, Uuid, Uuid, Uuid, Uuid> set_last{
    "UPDATE conversations FORCE INDEX (PRIMARY) SET last_message = ?, last_date = ?" + both_sides};
constexpr db::Scoped<void, Uuid, Uuid> delete_one{"DELETE FROM conversations" + one_side};

// The row of `derived`.
constexpr const char *unread_counts = "unread counts", *kept = "kept by every host";

}  // namespace

bool Conversations::add_to_inbox(const Uuid& user, std::int64_t unread) {
  if (db_.run(change_inbox, tenant_, unread, user) > 0) return true;
  try {
    return db_.run(insert_inbox, tenant_, unread, user) > 0;
  } catch (const db::DuplicateKey&) {  // somebody was faster
    return db_.run(change_inbox, tenant_, unread, user) > 0;
  }
}

bool Conversations::insert(const Conversation& row) try {
  db_.run(insert_one, tenant_, row);
  return true;
} catch (const db::DuplicateKey&) {
  return false;
}

void Conversations::put(const Conversation& row) {
  if (!insert(row))
    db_.run(move_one, tenant_, row.unread, row.last_date, row.last_message, row.last_message,
            row.last_date, row.user_id, row.other_id);
}

// The other person may write at the same moment, to another inbox. Where both rows come into being
// while the UPDATE runs, it can have missed the first alone: they are written in that order.
void Conversations::note_sent(const Uuid& from, const Uuid& to, const Uuid& message,
                              const Time& date) {
  db_.note(tenant_, db::messages_changed(to, from));
  const int moved =
      db_.run(move_both, tenant_, to, date, message, message, date, from, to, to, from);
  if (moved == 2) return;
  Conversation first{from, to, message, date, 0}, second{to, from, message, date, 1};
  if (to < from) std::swap(first, second);
  if (moved == 1 && insert(second)) return;
  put(first);
  if (moved == 0) put(second);
}

// Where there is no row yet, it will be counted when it is made (admin/conversations.cc).
void Conversations::note_marked(const Uuid& user, const Uuid& other, std::int64_t unread) {
  if (unread == 0) return;
  db_.note(tenant_, db::messages_changed(user, other));
  db_.run(change_unread, tenant_, unread, user, other);
  add_to_inbox(user, unread);
}

void Conversations::lock_both(const Pair& pair) {
  add_to_inbox(std::min(pair.sender, pair.recipient), 0);
  add_to_inbox(std::max(pair.sender, pair.recipient), 0);
}

// Where the last message of the two is one of those, it is the newest of its direction: what is
// left is what the other one sent.
void Conversations::note_deleting(const Pair& pair, const Uuid& until, std::int64_t unread) {
  const auto& [from, to] = pair;
  note_marked(to, from, -unread);
  if (const auto left = last_sent({to, from})) {
    db_.run(set_last, tenant_, left->id, left->date, until, from, to, to, from);
  } else if (last_sent(pair)->id == until) {
    db_.run(delete_one, tenant_, std::min(from, to), std::max(from, to));
    db_.run(delete_one, tenant_, std::max(from, to), std::min(from, to));
  }
}

std::optional<Pair> Conversations::next_pair(const Pair& after) {
  return db_.find(select_next_pair, tenant_, after.sender, after.sender, after.recipient);
}

std::optional<Last> Conversations::last_sent(const Pair& pair) {
  return db_.find(select_last, tenant_, pair.sender, pair.recipient);
}

bool are_counts_kept(db::Connection& db) { return db::Derived(db).rules(unread_counts) == kept; }

void say_counts_are_kept(db::Connection& db, bool are_kept) {
  db::Derived(db).set(unread_counts, are_kept ? kept : "");
}

}  // namespace app
