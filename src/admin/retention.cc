// admin/retention.cc — see retention.h. Tests: tests/api/retention_test.py.
#include "admin/retention.h"

#include <algorithm>
#include <optional>

#include "admin/pace.h"
#include "app/conversations.h"
#include "app/moving.h"
#include "base/clock.h"

namespace admin {

using app::Conversations;
using app::Pair;
using base::Time;
using base::Uuid;

namespace {

// So many messages between two people in one transaction: nobody writes to either of them
// meanwhile.
constexpr std::int64_t at_a_time = 100;

struct Keeping {
  std::int64_t messages_days = 0;
  std::optional<Time> messages_kept_until;
  app::Moving moving;

  FIELDS(Keeping, messages_days, messages_kept_until, moving)
};

struct OldMessage {
  Uuid id;
  std::optional<Time> read_at;

  FIELDS(OldMessage, id, read_at)
};

constexpr db::Scoped<Keeping> select_keeping{"SELECT messages_days, messages_kept_until, " +
                                             app::moving_columns +
                                             " FROM companies WHERE company_id = ?"};
constexpr db::Scoped<OldMessage, Uuid, Uuid, Time, std::int64_t> select_oldest{R"(
    SELECT id, read_at FROM user_messages FORCE INDEX (conversation)
     WHERE company_id = ? AND from_user = ? AND to_user = ? AND date < ?
     ORDER BY date, id LIMIT ?)"};
// By the primary key, so that no row of others is locked on the way.
constexpr db::Scoped<void, Uuid> delete_message{
    "DELETE FROM user_messages WHERE company_id = ? AND id = ?"};
constexpr db::Scoped<void, Uuid> delete_key{
    "DELETE FROM idempotency_keys WHERE company_id = ? AND id = ?"};

// What was written before that is kept no longer; empty: all is kept. So it is while the company is
// moved to another installation (admin/move.h), and there it goes on.
std::optional<Time> deleted_before(db::Connection& db, const db::Tenant& tenant) {
  const auto keeping = db.one(select_keeping, tenant);
  const auto now = Time::now();
  if (keeping.moving.is_held()) return {};
  if (keeping.messages_days == 0 || now < keeping.messages_kept_until.value_or(now)) return {};
  return now.plus_seconds(-keeping.messages_days * base::day_seconds);
}

std::vector<OldMessage> oldest(db::Connection& db, const db::Tenant& tenant, const Pair& pair,
                               std::int64_t most) {
  const auto before = deleted_before(db, tenant);
  if (!before) return {};
  return db.all(select_oldest, tenant, pair.sender, pair.recipient, *before, most);
}

// Deletes some of what one person sent to another, the oldest first; answers how many. A company
// that has said meanwhile that it keeps them loses no more of them.
std::int64_t delete_some(db::Connection& db, const db::Tenant& tenant, const Pair& pair) {
  std::vector<OldMessage> old;
  db.transaction([&] {
    Conversations conversations(db, tenant);
    conversations.lock_both(pair);
    old = oldest(db, tenant, pair, at_a_time);
    if (old.empty()) return;
    const auto unread = std::ranges::count_if(old, [](const auto& each) { return !each.read_at; });
    conversations.note_deleting(pair, old.back().id, unread);
    for (const auto& each : old) {
      db.run(delete_key, tenant, each.id);
      db.run(delete_message, tenant, each.id);
    }
  });
  return std::ssize(old);
}

}  // namespace

void delete_old_messages(db::Connection& db, const db::Tenant& tenant, std::int64_t& deleted) {
  if (!deleted_before(db, tenant) || !app::are_counts_kept(db)) return;
  Conversations conversations(db, tenant);
  Pace pace;
  Pair pair;
  while (const auto next = conversations.next_pair(pair)) {
    pair = *next;
    while (!oldest(db, tenant, pair, 1).empty()) {  // nobody waits for a pair that has none
      deleted += delete_some(db, tenant, pair);
      pace.rest();
    }
  }
}

}  // namespace admin
