// base/shares.h — how much of the pool each company has had lately, for fairness.
#pragma once
#include <array>
#include <cstdint>

#include "base/shared_mutex.h"

namespace base {

// A quarter of the pool is due to each company, and never less than one worker. What its requests
// take is written down as the time at which it will have been due (the generic cell rate algorithm,
// ITU-T I.371): a company is over its share while that lies well ahead. Lives in memory that the
// pool's processes share. Companies go by a number that is not 0.
class Shares {
 public:
  // How many shares a pool has.
  static int count(int workers);

  // A request of the company has had a worker for so long. One slow request is no noise: it counts
  // as 100 ms at most.
  void charge(std::uint64_t company, std::int64_t micros, int workers);
  // `held_micros` is for how long its present requests have had workers, in all. It takes a second
  // to be over: what a page asks for at once is no noise either.
  bool is_over(std::uint64_t company, std::int64_t held_micros, int workers);
  // Whether, within the last seconds, requests of different companies were served.
  bool is_mixed();

 private:
  struct Account {
    std::uint64_t company = 0;
    std::int64_t due_at = 0;  // monotonic microseconds, as all here
  };

  SharedMutex mutex_;
  std::array<Account, 64> accounts_;  // of those that owe most; who owes nothing needs none
  std::uint64_t last_company_ = 0;
  std::int64_t mixed_at_ = 0;
};

}  // namespace base
