// app/conversations.h — what is kept beside the messages, so that it is cheap to read: a row of
// `conversations` for each of the two people (the last message, how many are unread), and one of
// `inboxes` for each person (the sum). Tests: tests/app/conversations_test.cc.
//
// All of it is written in the transaction that writes a message or marks one, and everybody locks
// in one order:
//
//   1. the recipient's inbox (of two, the smaller id first)
//   2. the messages
//   3. the conversations (of two, the smaller user_id first)
//
// So a message cannot come or change while somebody who holds the inbox counts, and nobody who has
// a lock waits for one that comes before it.
#pragma once
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/uuid.h"
#include "db/connection.h"
#include "db/tenant.h"

namespace app {

// A person's side of what two wrote to each other: a row.
struct Conversation {
  base::Uuid user_id;
  base::Uuid other_id;
  base::Uuid last_message;
  base::Time last_date;
  std::int64_t unread = 0;

  FIELDS(Conversation, user_id, other_id, last_message, last_date, unread)

  bool operator==(const Conversation&) const = default;
};

// Who wrote to whom.
struct Pair {
  base::Uuid sender, recipient;

  FIELDS(Pair, sender, recipient)
};

// The last message of somebody to somebody.
struct Last {
  base::Uuid id;
  base::Time date;

  FIELDS(Last, id, date)
};

class Conversations {
 public:
  // Both are lent for the lifetime. All of it happens inside a transaction of the caller's.
  Conversations(db::Connection& db, const db::Tenant& tenant) : db_(db), tenant_(tenant) {}

  // Adds to what somebody has not read, and locks that until the transaction ends: 1 before a
  // message to them is written, 0 before one is marked. False: the company has no such person.
  bool add_to_inbox(const base::Uuid& user, std::int64_t unread);

  // Locks what both have not read: then no message between the two comes, changes or goes.
  void lock_both(const Pair& pair);

  // After the message was written. One that is older than the last of the two is not the last.
  void note_sent(const base::Uuid& from, const base::Uuid& to, const base::Uuid& message,
                 const base::Time& date);

  // After so many of the messages that `other` sent to `user` were marked as unread; less than 0:
  // as read.
  void note_marked(const base::Uuid& user, const base::Uuid& other, std::int64_t unread);

  // Before the oldest messages of a pair are deleted, up to that one, of which so many are unread;
  // with the locks of lock_both().
  void note_deleting(const Pair& pair, const base::Uuid& until, std::int64_t unread);

  // The pair after that one, in the order of their ids; each direction is a pair of its own. Steps
  // over the key, however many messages each has.
  std::optional<Pair> next_pair(const Pair& after);
  std::optional<Last> last_sent(const Pair& pair);

  // False: the row is there.
  bool insert(const Conversation& row);

 private:
  void put(const Conversation& row);

  db::Connection& db_;
  const db::Tenant& tenant_;
};

// Whether all that write messages keep these tables, on whichever host, so that what is read there
// is true. Asks the database.
bool are_counts_kept(db::Connection& db);
// From now on it is so, or not. A pool that has seen that it is so asks no more until it is
// restarted.
void say_counts_are_kept(db::Connection& db, bool are_kept);

}  // namespace app
