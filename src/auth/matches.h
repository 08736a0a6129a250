// auth/matches.h — which passwords were right a moment ago, so that HTTP Basic need not hash one on
// each request.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/crypto.h"

namespace auth {

// A password that somebody shows.
struct Shown {
  std::string_view name;       // for whom: what the name is compared by
  std::string_view address;    // from where: the subscriber (auth/subscriber.h)
  std::string_view password;   // as typed
  bool known = false;          // the person came in from there lately
  std::string_view code = {};  // of a second factor, as typed
};

// What one worker remembers, in its own memory and under a random key of its own: digests alone,
// and no failures. A match counts for a minute after the password was hashed, for the address where
// it was shown, and as long as the stored hash is that one. Of too many the oldest gives way.
class Matches {
 public:
  static constexpr std::size_t most = 256;

  void remember(const Shown& shown, std::string_view stored_hash);
  bool holds(const Shown& shown, std::string_view stored_hash) const;
  // Whether there is a match for the name at the address, with whatever password.
  bool holds_one_for(const Shown& shown) const;

 private:
  struct Match {
    base::Digest who{}, all{};
    std::int64_t at = 0;  // monotonic microseconds; 0: none
  };

  base::Digest who(const Shown& shown) const;
  base::Digest all(const Shown& shown, std::string_view stored_hash) const;

  const std::string key_ = base::random_string(32);
  std::array<Match, most> matches_;
  std::size_t next_ = 0;  // the oldest
};

}  // namespace auth
