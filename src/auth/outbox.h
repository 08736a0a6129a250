// auth/outbox.h — mails that wait to be sent: the one place that runs the statements on `mails`.
//
// A worker only notes that a mail is wanted; `partywall mail` (admin/mail.cc) makes the text, and
// the link in it, at the moment when it sends. So no secret waits here, and whoever asks is
// answered in the same time whether anybody has the address or nobody. Table: sql/0048_mails.sql.
// Tests: tests/api/mail_test.py.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"
#include "db/connection.h"
#include "db/global_rows.h"

namespace auth {

// The kinds of mails: a link for a new password; one that shows that a new address is theirs; and
// to the old one, that another was asked for, or that it was taken away.
inline constexpr std::string_view mail_link = "link", mail_verify = "verify",
                                  mail_changing = "changing", mail_removed = "removed";

// So many wait at most, over all; and for how long one is tried since it was last asked for.
inline constexpr std::int64_t most_mails = 10'000;
inline constexpr std::int64_t mail_lives_seconds = base::day_seconds;

class Outbox {
 public:
  // The connection is lent for the lifetime.
  explicit Outbox(db::Connection& db) : db_(db) {}

  // Lets a mail wait; the same one that waits already is tried at once. `about` is whom it is
  // about; all zero: whoever has the address. Throws base::Error{unavailable} where too many wait
  // of what anybody may ask for; what else a person is to get is not held up by others.
  void add(std::string_view kind, const std::string& recipient, const base::Uuid& about = {});
  // Throws as add() does of what anybody may ask for.
  void check_room();
  // What waits of a kind for a person ends; or all.
  void forget(const base::Uuid& person, std::string_view kind);
  void forget(const base::Uuid& person);

  // The first so many whose turn has come.
  std::vector<db::Mail> due(base::Time now, std::int64_t most);
  // Begins an attempt, which is counted in `mail`; `next_at` is when the next one is made, should
  // this fail. False: somebody else has begun it.
  bool begin(db::Mail& mail, base::Time next_at);
  // It is gone; unless somebody else has begun it since, as when it was asked for again: then it is
  // theirs, and the link in theirs is the one that is good.
  void end(const db::Mail& mail);

  // Deletes at most a hundred that were made before a moment; answers how many.
  static int forget_old(db::Connection& db, base::Time before);

 private:
  db::Connection& db_;
};

}  // namespace auth
