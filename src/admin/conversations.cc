// admin/conversations.cc — see conversations.h; and `partywall upgraded`. Tests:
// tests/api/conversations_test.py.
#include "admin/conversations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "admin/print.h"
#include "app/conversations.h"
#include "db/batch.h"
#include "db/derived.h"
#include "rest/crud.h"

namespace admin {

using app::Conversation;
using app::Conversations;
using base::Time;
using base::Uuid;

namespace {

struct Count {
  std::int64_t unread = 0;

  FIELDS(Count, unread)
};

constexpr db::Scoped<Count, Uuid, Uuid> count_unread{R"(
    SELECT COUNT(*) AS unread FROM user_messages FORCE INDEX (unread_from)
     WHERE company_id = ? AND from_user = ? AND to_user = ? AND read_at IS NULL)"};

constexpr db::Scoped<Conversation, Uuid, Uuid> select_conversation{R"(
    SELECT user_id, other_id, last_message, last_date, unread FROM conversations FORCE INDEX (PRIMARY)
     WHERE company_id = ? AND user_id = ? AND other_id = ?)"};
constexpr db::Scoped<void, Uuid, Time, std::int64_t, Uuid, Uuid> set_conversation{R"(
    UPDATE conversations FORCE INDEX (PRIMARY) SET last_message = ?, last_date = ?, unread = ?
     WHERE company_id = ? AND user_id = ? AND other_id = ?)"};

constexpr db::Scoped<rest::RowId, db::Batch> select_people{
    "SELECT id FROM users WHERE company_id = ?" + db::in_batches("id")};
constexpr db::Scoped<Count, Uuid> select_inbox{
    "SELECT unread FROM inboxes WHERE company_id = ? AND user_id = ?"};
constexpr db::Scoped<Count, Uuid> sum_unread{R"(
    SELECT COALESCE(SUM(unread), 0) AS unread FROM conversations
     WHERE company_id = ? AND user_id = ?)"};

class Counter {
 public:
  Counter(db::Connection& db, const db::Tenant& tenant, Recounted& counted)
      : db_(db), tenant_(tenant), counted_(counted), conversations_(db, tenant) {}

  void count_pairs(int at_once) {
    app::Pair after;
    for (bool more = true; more;) {
      const auto before = counted_;
      app::Pair at;
      db_.transaction([&] {
        counted_ = before;
        at = after;
        more = count_next(at, at_once);
      });
      after = at;
    }
  }

  void count_inboxes(int at_once) {
    db::Batch batch;
    batch.rows = at_once;
    for (bool more = true; more;) {
      const auto people = db_.all(select_people, tenant_, batch);
      const auto before = counted_;
      db_.transaction([&] {
        counted_ = before;
        for (const auto& person : people) count_inbox(person.id);
      });
      more = std::ssize(people) == at_once;
      if (more) batch.after = people.back().id;
    }
  }

 private:
  // Counts so many pairs, the first one after `at`; answers whether there may be more after them. A
  // pair that wrote in both directions is met twice, and counted the first time.
  bool count_next(app::Pair& at, int pairs) {
    for (; pairs > 0; pairs--) {
      const auto next = conversations_.next_pair(at);
      if (!next) return false;
      at = *next;
      const bool was_met =
          at.recipient < at.sender && conversations_.last_sent({at.recipient, at.sender});
      if (!was_met)
        count_pair(std::min(at.sender, at.recipient), std::max(at.sender, at.recipient));
    }
    return true;
  }

  void count_pair(const Uuid& first, const Uuid& second) {
    conversations_.lock_both({first, second});
    const auto last = last_of(first, second);
    if (!last) return;  // deleted since (admin/retention.h), with what was kept of it
    const auto unread = [&](const Uuid& user, const Uuid& other) {
      return db_.find(count_unread, tenant_, other, user)->unread;
    };
    for (const auto& [user, other] : {std::pair(first, second), std::pair(second, first)})
      counted_.changed += put({user, other, last->id, last->date, unread(user, other)});
    counted_.conversations += 2;
  }

  std::optional<app::Last> last_of(const Uuid& first, const Uuid& second) {
    const auto to = conversations_.last_sent({first, second}),
               from = conversations_.last_sent({second, first});
    if (!to || !from) return to ? to : from;
    return std::pair(to->date, to->id) < std::pair(from->date, from->id) ? from : to;
  }

  // Answers how many rows it changed.
  int put(const Conversation& right) {
    const auto row = db_.find(select_conversation, tenant_, right.user_id, right.other_id);
    if (row && *row == right) return 0;
    if (row)
      return db_.run(set_conversation, tenant_, right.last_message, right.last_date, right.unread,
                     right.user_id, right.other_id);
    return conversations_.insert(right) ? 1 : 0;
  }

  void count_inbox(const Uuid& user) {
    conversations_.add_to_inbox(user, 0);
    const auto missing =
        db_.find(sum_unread, tenant_, user)->unread - db_.find(select_inbox, tenant_, user)->unread;
    if (missing != 0) conversations_.add_to_inbox(user, missing);
    counted_.inboxes++;
    counted_.changed += missing != 0 ? 1 : 0;
  }

  db::Connection& db_;
  const db::Tenant& tenant_;
  Recounted& counted_;
  Conversations conversations_;
};

Recounted recount_all(Task& task) {
  Recounted counted;
  task.for_each_company(
      [&](const db::Tenant& tenant, const Uuid&) { recount(task, tenant, counted); });
  return counted;
}

// What programs of a release before wrote since the tables were filled is in them by the time at
// which they are first read.
void run(const base::Config& config, const Typed& typed) {
  Task task(config, typed);
  if (typed.has("--undo")) return app::say_counts_are_kept(task.db, false);
  const auto counted = recount_all(task);
  app::say_counts_are_kept(task.db, true);
  if (task.as_json())
    print(rest::Document::of(counted), "", true);
  else
    print_recounted(counted);
}

constexpr Command commands[] = {
    {"upgraded", "every host has this release: use what the one before does not keep", "",
     "json undo", run},
};

// The row of `derived`, and its rules.
constexpr const char *conversations = "conversations", *rules = "1";

}  // namespace

void recount(Task& task, const db::Tenant& tenant, Recounted& counted, int at_once) {
  if (task.has_moved(tenant)) return;
  Counter counter(task.db, tenant, counted);
  counter.count_pairs(at_once);
  counter.count_inboxes(at_once);
}

void print_recounted(const Recounted& counted) {
  fmt::print("{} of {} conversations and sums of unread messages were made anew\n", counted.changed,
             counted.conversations + counted.inboxes);
}

void recount_where_due(Task& task, bool is_new) {
  db::Derived derived(task.db);
  if (derived.rules(conversations) == rules) return;
  const auto counted = recount_all(task);
  derived.set(conversations, rules);
  if (is_new) app::say_counts_are_kept(task.db, true);
  if (counted.changed > 0) print_recounted(counted);
}

std::span<const Command> upgraded() { return commands; }

}  // namespace admin
