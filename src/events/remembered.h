// events/remembered.h — what was noted in the last while, and when last. Bounded by time and
// number.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

namespace events {

// Moments are base::boottime_micros().
class Remembered {
 public:
  Remembered(std::int64_t for_micros, std::size_t most) : for_micros_(for_micros), most_(most) {}

  // False: it is remembered already. Its moment is `now` from now on.
  bool note(const std::string& key, std::int64_t now) {
    forget(now);
    const bool is_new = moments_.insert_or_assign(key, now).second;
    in_order_.emplace_back(now, key);
    if (in_order_.size() > most_) {
      pushed_out_at_ = in_order_.front().first;
      drop_oldest();
    }
    return is_new;
  }
  // When it was last noted; 0: that is not remembered.
  std::int64_t moment(const std::string& key) const {
    const auto found = moments_.find(key);
    return found == moments_.end() ? 0 : found->second;
  }
  // When the last was noted of those that were forgotten before their time, for want of room; 0:
  // none was.
  std::int64_t pushed_out_at() const { return pushed_out_at_; }

 private:
  void forget(std::int64_t now) {
    while (!in_order_.empty() && now - in_order_.front().first > for_micros_) drop_oldest();
  }
  void drop_oldest() {
    const auto& [at, key] = in_order_.front();
    const auto found = moments_.find(key);
    if (found != moments_.end() && found->second == at) moments_.erase(found);
    in_order_.pop_front();
  }

  const std::int64_t for_micros_;
  const std::size_t most_;
  std::unordered_map<std::string, std::int64_t> moments_;
  std::deque<std::pair<std::int64_t, std::string>> in_order_;
  std::int64_t pushed_out_at_ = 0;
};

}  // namespace events
