// auth/throttle.h — how often somebody may try: counted in the database, so over all workers, hosts
// and restarts.
//
// Failed logins count against the name at this address (5), the name anywhere (50) and the address
// (100), in windows of five minutes: a guesser stops early, and neither does a stranger lock a user
// out from where the user is, nor one user the others behind the same address. (OWASP
// Authentication Cheat Sheet, "Login Throttling".)
#pragma once
#include <string>
#include <string_view>

#include "db/connection.h"

namespace auth {

class LoginThrottle {
 public:
  LoginThrottle(db::Connection& db, std::string_view username_key, std::string_view address);

  // Throws base::Error{too_many_requests} with the seconds to wait when a limit is reached.
  void check();
  void failed();      // inside a transaction: all that is counted, or nothing
  void forget_old();  // now and then
  void succeeded();

 private:
  db::Connection& db_;
  const std::string name_here_, name_, address_;
};

// Counts a sign-up from an address; throws when there were `limit` within the hour.
void count_signup(db::Connection& db, std::string_view address, int limit);

}  // namespace auth
