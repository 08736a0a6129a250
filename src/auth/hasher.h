// auth/hasher.h — hashing passwords and comparing them with stored hashes, as one worker does it.
#pragma once
#include <string>
#include <string_view>

#include "auth/matches.h"
#include "base/scoreboard.h"

namespace auth {

class Authenticator;

// A hash takes a turn of those that the pool shares out (base/hashing_gate.h). Where none comes:
// base::Error{unavailable}.
class Hasher {
 public:
  // `slot` is this worker's on the board that the pool shares.
  Hasher(base::Scoreboard& board, base::WorkerSlot& slot) : board_(board), slot_(slot) {}

  // The hash that is stored of a password, which is for the person of that name at that address.
  std::string hash(const Shown& shown);

 private:
  // Verifying is for the one function that throttles and audits it (auth/password_check.cc).
  friend class Authenticator;
  friend struct HasherForTest;

  // Throws at once when no turn would come, before anything is asked of the database. It may be
  // right from memory then all the same, so it does not throw for a name that is remembered here.
  void expect_turn(const Shown& shown);
  // False for a wrong password, and for one that nobody can have because it is too long. An empty
  // hash is nobody's: it takes as long and is never right.
  bool verify(const std::string& stored_hash, const Shown& shown);
  // Whether a right password would have been right without a turn.
  bool remembers(const Shown& shown) const { return matches_.holds_one_for(shown); }

  class Turn;

  base::Scoreboard& board_;
  base::WorkerSlot& slot_;
  Matches matches_;
};

}  // namespace auth
