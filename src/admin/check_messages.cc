// admin/check_messages.cc — see check_messages.h. Tests: tests/api/check_test.py.
#include "admin/check_messages.h"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "db/batch.h"

namespace admin {
namespace {

using base::Time;
using base::Uuid;

// What one person has from another: all that `other_id` sent to `user_id`.
struct Received {
  Uuid user_id, other_id;
  std::int64_t unread = 0;
  Time last_date;

  FIELDS(Received, user_id, other_id, unread, last_date)
};

// A conversation, its last message, and which one the row of the other person has.
struct Kept {
  Uuid user_id, other_id;
  std::int64_t unread = 0;
  Uuid last_message;
  Time last_date;
  std::optional<Uuid> from_user, to_user;  // of the message
  std::optional<Time> date;
  std::optional<Uuid> others_last;

  FIELDS(Kept, user_id, other_id, unread, last_message, last_date, from_user, to_user, date,
         others_last)
  static constexpr std::size_t most_statement_bytes = 720;
};

struct Inbox {
  Uuid id;  // of the user
  std::int64_t unread = 0;

  FIELDS(Inbox, id, unread)
};

constexpr std::int64_t pairs_at_a_time = 100, rows_at_a_time = 500;

constexpr db::Scoped<Received, Uuid, Uuid, Uuid, std::int64_t> select_received{R"(
    SELECT to_user AS user_id, from_user AS other_id, SUM(read_at IS NULL) AS unread,
           MAX(date) AS last_date
      FROM user_messages FORCE INDEX (unread_from)
     WHERE company_id = ? AND (to_user > ? OR (to_user = ? AND from_user > ?))
     GROUP BY to_user, from_user ORDER BY to_user, from_user LIMIT ?)"};
constexpr db::Scoped<Kept, Uuid, Uuid, Uuid, std::int64_t> select_kept{R"(
    SELECT c.user_id, c.other_id, c.unread, c.last_message, c.last_date, m.from_user, m.to_user,
           m.date, o.last_message AS others_last
      FROM conversations c FORCE INDEX (PRIMARY)
      LEFT JOIN user_messages m ON m.company_id = c.company_id AND m.id = c.last_message
      LEFT JOIN conversations o
             ON o.company_id = c.company_id AND o.user_id = c.other_id AND o.other_id = c.user_id
     WHERE c.company_id = ? AND (c.user_id > ? OR (c.user_id = ? AND c.other_id > ?))
     ORDER BY c.user_id, c.other_id LIMIT ?)"};
constexpr db::Scoped<Inbox, db::Batch> select_inboxes{
    "SELECT user_id AS id, unread FROM inboxes WHERE company_id = ?" + db::in_batches("user_id")};

// Rows in an order of their own, of which only the next batch is in memory.
template <class Row>
class Stream {
 public:
  // read(last) answers those that follow that row; nullptr: the first ones.
  explicit Stream(std::function<std::vector<Row>(const Row* last)> read)
      : read_(std::move(read)), rows_(read_(nullptr)) {}

  const Row* peek() const { return at_ < rows_.size() ? &rows_[at_] : nullptr; }
  void next() {
    if (++at_ < rows_.size()) return;
    const auto last = std::move(rows_.back());
    rows_ = read_(&last);
    at_ = 0;
  }

 private:
  std::function<std::vector<Row>(const Row* last)> read_;
  std::vector<Row> rows_;
  std::size_t at_ = 0;
};

template <class Row>
auto pair_of(const Row& row) {
  return std::pair(row.user_id, row.other_id);
}

class Comparison {
 public:
  Comparison(db::Connection& db, const db::Tenant& tenant, Findings& findings)
      : findings_(findings),
        received_([&](const Received* last) {
          const auto at = last ? *last : Received();
          return db.all(select_received, tenant, at.user_id, at.user_id, at.other_id,
                        pairs_at_a_time);
        }),
        kept_([&](const Kept* last) {
          const auto at = last ? *last : Kept();
          return db.all(select_kept, tenant, at.user_id, at.user_id, at.other_id, rows_at_a_time);
        }),
        inboxes_([&](const Inbox* last) {
          db::Batch batch;
          if (last) batch.after = last->id;
          return db.all(select_inboxes, tenant, batch);
        }) {}

  void run() {
    std::int64_t sum = 0;  // of what is unread, by the rows of one person
    while (kept_.peek() || received_.peek()) {
      const auto* kept = kept_.peek();
      const auto* received = received_.peek();
      if (received && (!kept || pair_of(*received) < pair_of(*kept))) {
        findings_.add("conversations",
                      fmt::format("there is no row of user_id {} with other_id {}",
                                  received->user_id.text(), received->other_id.text()));
        received_.next();
        continue;
      }
      const bool has_received = received && pair_of(*received) == pair_of(*kept);
      compare(*kept, has_received ? *received : Received());
      if (has_received) received_.next();
      const auto user = kept->user_id;
      sum += kept->unread;
      kept_.next();
      const auto* next = kept_.peek();
      if (next && next->user_id == user) continue;
      compare_inboxes(&user, std::exchange(sum, 0));
    }
    compare_inboxes(nullptr, 0);
  }

 private:
  void compare(const Kept& kept, const Received& received) {
    const auto say = [&](const std::string& what) {
      findings_.add("conversations", fmt::format("user_id {} with other_id {}: {}",
                                                 kept.user_id.text(), kept.other_id.text(), what));
    };
    if (kept.unread != received.unread)
      say(fmt::format("unread is {}, and should be {}", kept.unread, received.unread));
    if (!kept.others_last) return say("the other person has no such row");
    if (!kept.date) return;  // the message is not there: a dangling reference
    const auto between = std::pair(*kept.from_user, *kept.to_user);
    const bool is_theirs = between == std::pair(kept.user_id, kept.other_id) ||
                           between == std::pair(kept.other_id, kept.user_id);
    if (!is_theirs || *kept.date != kept.last_date || kept.last_date < received.last_date ||
        *kept.others_last != kept.last_message)
      say("last_message is not their last message");
  }

  // Those up to that user's, whose sum is known, or all that are left. Who has no conversation has
  // nothing unread.
  void compare_inboxes(const Uuid* user, std::int64_t sum) {
    const auto* inbox = inboxes_.peek();
    for (; inbox && (!user || inbox->id < *user); inbox = inboxes_.peek()) {
      compare(inbox->id, inbox->unread, 0);
      inboxes_.next();
    }
    if (!user) return;
    const bool is_theirs = inbox && inbox->id == *user;
    compare(*user, is_theirs ? inbox->unread : 0, sum);
    if (is_theirs) inboxes_.next();
  }

  void compare(const Uuid& user, std::int64_t unread, std::int64_t sum) {
    if (unread != sum)
      findings_.add("inboxes", fmt::format("user_id {}: unread is {}, and should be {}",
                                           user.text(), unread, sum));
  }

  Findings& findings_;
  Stream<Received> received_;
  Stream<Kept> kept_;
  Stream<Inbox> inboxes_;
};

}  // namespace

void check_messages(db::Connection& db, const db::Tenant& tenant, Findings& findings) {
  Comparison(db, tenant, findings).run();
}

}  // namespace admin
