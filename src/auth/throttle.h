// auth/throttle.h — how often somebody may try: counted in the database, so over all workers, hosts
// and restarts.
//
// Failed logins count against the name at this address (5), the name anywhere (50) and the address
// (100), in windows of five minutes: a guesser stops early, and neither does a stranger lock a user
// out from where the user is, nor one user the others behind the same address. (OWASP
// Authentication Cheat Sheet, "Login Throttling".) Where a person came in within the last 30 days,
// what is tried elsewhere does not count: the limit of the name holds for other addresses. A
// credential that somebody came in by has a count of its own (5) for the password that is asked for
// beside it. Links for a new password that nobody has count against the address alone (100).
//
// Wrong codes of a second factor are tried by whoever has the password: 10 a day for a person,
// wherever they are tried, and a right one alone ends the count. Three codes of a million are right
// at a time, so that a year of that finds one with a probability of 1 in 91. (RFC 4226, section
// 7.3: as few as people can do with. NIST SP 800-63B, section 5.2.2: at most 100 in a row, which
// are not made an end of for good, or whoever has the password could keep the person out so long.)
//
// Times are those of the wall clock. One that is set back makes no throttle longer: what was begun
// later than now is over.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"
#include "db/connection.h"

namespace auth {

class Throttle {
 public:
  // Of a name (as a key) from a subscriber's address. `person` has that name; empty: nobody has.
  static Throttle for_login(db::Connection& db, std::string_view name_key,
                            std::string_view subscriber, const std::optional<base::Uuid>& person);
  // Of a person who came in by a credential.
  static Throttle for_credential(db::Connection& db, std::string_view credential,
                                 std::string_view subscriber, const base::Uuid& person);

  // Of links that nobody has, from a subscriber's address.
  static Throttle for_links(db::Connection& db, std::string_view subscriber);

  // Throws base::Error{too_many_requests} with the seconds to wait when a limit is reached. The
  // same for a right and a wrong password, which has not been looked at.
  void check();
  // Whether the person came in from the address lately; after check().
  bool is_known() const { return known_since_.has_value(); }

  void failed();  // inside a transaction: all that is counted, or nothing
  void succeeded();

  // Counts a sign-up from an address; throws when there were `limit` within the hour.
  static void count_signup(db::Connection& db, std::string_view address, int limit);

  // Of the wrong codes of a person's second factor; with that person locked, so that no number of
  // connections tries more. The first throws as check() does.
  static void check_codes(db::Connection& db, const base::Uuid& person);
  static void count_wrong_code(db::Connection& db, const base::Uuid& person);
  static void forget_wrong_codes(db::Connection& db, const base::Uuid& person);

  // Counts a mail that is asked for to an address (as a key), from a subscriber's address; by a
  // person, or by whoever has the address (empty). Throws when there were three within the hour to
  // it, thirty from there, or five by the person. Whether anybody has the address is not looked at.
  static void count_mail(db::Connection& db, std::string_view recipient_key,
                         std::string_view subscriber, const std::optional<base::Uuid>& person);
  // The same without counting it.
  static void check_mail(db::Connection& db, std::string_view recipient_key,
                         std::string_view subscriber, const std::optional<base::Uuid>& person);

  // Delete at most a hundred rows of what was counted, or of the addresses that were known, before
  // a moment; and answer how many there were.
  static int forget_tries(db::Connection& db, base::Time before);
  static int forget_addresses(db::Connection& db, base::Time before);

 private:
  struct Limit {
    std::string id;
    std::int64_t most;
    bool elsewhere = false;  // counts what is tried at other addresses, too
  };

  static std::vector<Limit> limits_of_mail(std::string_view recipient_key,
                                           std::string_view subscriber,
                                           const std::optional<base::Uuid>& person);

  Throttle(db::Connection& db, std::vector<Limit> limits, std::string_view subscriber,
           const std::optional<base::Uuid>& person);

  static void add(db::Connection& db, const std::string& id, std::int64_t window_seconds);
  static void check_count(db::Connection& db, const std::string& id, std::int64_t most,
                          std::int64_t window_seconds, const char* message);

  db::Connection& db_;
  const std::vector<Limit> limits_;  // the first one ends with a success
  const std::string place_;          // the person at the address
  std::optional<base::Time> known_since_;
  bool has_failed_ = false;
};

}  // namespace auth
