// events/heard.h — which rows of `changes` were heard of: each is told twice, by the worker that
// wrote it and by who reads the rows.
#pragma once
#include <cstdint>
#include <deque>
#include <set>
#include <utility>

#include "base/uuid.h"

namespace events {

class Heard {
 public:
  static constexpr std::int64_t remembered_micros = 120'000'000;

  // Of a change without a row each is new. Moments are base::boottime_micros().
  bool is_new(const base::Uuid& row, std::int64_t now) {
    if (row == base::Uuid{}) return true;
    if (!rows_.insert(row).second) return false;
    in_order_.emplace_back(now, row);
    return true;
  }
  // To be called now and then.
  void forget(std::int64_t now) {
    for (; !in_order_.empty() && now - in_order_.front().first > remembered_micros;
         in_order_.pop_front())
      rows_.erase(in_order_.front().second);
  }

 private:
  std::set<base::Uuid> rows_;
  std::deque<std::pair<std::int64_t, base::Uuid>> in_order_;
};

}  // namespace events
