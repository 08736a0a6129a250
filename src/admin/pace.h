// admin/pace.h — the pace of commands that go through many rows while others work.
#pragma once
#include <algorithm>
#include <chrono>
#include <thread>

namespace admin {

// Steps of work with rests between them, so that the database is left to others half of the time,
// however fast or busy it is:
//
//   for (Pace pace; delete_some() == most;) pace.rest();
class Pace {
 public:
  // Waits for as long as the step since the last rest took; for a second at most.
  void rest() {
    using Clock = std::chrono::steady_clock;
    const Clock::duration took = Clock::now() - began_, most = std::chrono::seconds(1);
    std::this_thread::sleep_for(std::min(took, most));
    began_ = Clock::now();
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace admin
