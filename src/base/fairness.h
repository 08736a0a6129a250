// base/fairness.h — how much of the pool each company has had lately.
#pragma once
#include <cstdint>

#include "base/debts.h"
#include "base/shared_mutex.h"

namespace base {

class Scoreboard;
struct WorkerSlot;

// A quarter of the pool is due to each company, and never less than one worker: a company is over
// its share while it has had much of that in advance. Lives in memory that the pool's processes
// share. Companies go by a number that is not 0.
class Fairness {
 public:
  // How many shares a pool has.
  static int shares(int workers);

  // A worker is free again. Its request, if it had one, is charged to its company.
  void release(const Scoreboard& board, WorkerSlot& slot);
  // Whether the company whose request `asking` has begun has had more of the pool than is due to
  // it. What its other requests hold now counts as well, once they are more than its share of
  // workers.
  bool is_over_share(const Scoreboard& board, const WorkerSlot& asking);
  // Whether another company has a request under way, or had one within the last seconds.
  bool has_others(const Scoreboard& board, const WorkerSlot& asking);

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
