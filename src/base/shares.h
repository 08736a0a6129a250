// base/shares.h — how much of the pool each company has had lately, for fairness.
#pragma once
#include <cstdint>

#include "base/debts.h"
#include "base/shared_mutex.h"

namespace base {

// A quarter of the pool is due to each company, and never less than one worker: a company is over
// its share while it has had much of that in advance. Lives in memory that the pool's processes
// share. Companies go by a number that is not 0.
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
  // Whether a request of another company was served within the last two seconds, which is as long
  // as debts are kept.
  bool has_others(std::uint64_t company);

 private:
  SharedMutex mutex_;
  Debts debts_;
  // The company of the last request, when that was, and when the last one of any other was;
  // monotonic microseconds, 0: never.
  std::uint64_t last_company_ = 0;
  std::int64_t last_at_ = 0, others_at_ = 0;
};

}  // namespace base
