// auth/password.h — which passwords are good enough (Django's four validators), and hashing them.
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/metrics.h"
#include "base/pass_key.h"

namespace auth {

class Authenticator;

// Reports under `field`, in this order, all that apply: too similar to the username, shorter than 8
// characters, common, all digits.
void check_password(std::string_view password, std::string_view username, std::string_view field,
                    base::Problems& problems);

// Hashes and verifies. A hash takes 30 ms of a core, and a flood of logins must leave workers and
// cores for others: so half of the cores hash at a time, and half of the workers hash or, as long
// as another worker is idle, wait for that. Beyond it: base::Error{unavailable}.
class Hasher {
 public:
  // `slot` is this worker's on the board that the pool shares.
  Hasher(base::Board& board, base::WorkerSlot& slot) : board_(board), slot_(slot) {}

  // Throws the same at once, before anything is asked of the database, when no turn would come.
  void expect_turn() const;

  std::string hash(std::string_view password);
  // False for a wrong password. An empty hash is nobody's: it takes as long and is never right.
  // Only the Authenticator asks: it throttles and audits.
  bool verify(base::PassKey<Authenticator>, const std::string& hash, std::string_view password);

 private:
  class Place;

  int places() const;

  base::Board& board_;
  base::WorkerSlot& slot_;
};

}  // namespace auth
