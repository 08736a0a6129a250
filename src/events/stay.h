// events/stay.h — how long a stream is held before its client has to ask anew, and how soon one
// that lost it comes back: by chance, so that those who began together do not come back together.
#pragma once
#include <algorithm>
#include <cstdint>
#include <random>

namespace events {

class Stay {
 public:
  // The longest is how long a right that ended where nobody told us leaves a stream open
  // (systemd/README.md); with the shortest ten thousand streams ask the pool 33 times a second.
  static constexpr std::int64_t shortest_micros = 300'000'000, longest_micros = 600'000'000;
  static constexpr int shortest_retry_millis = 1000, longest_retry_millis = 5000;

  explicit Stay(std::uint32_t seed = std::random_device{}()) : random_(seed) {}

  // When a stream ends that begins now, by the clock of `now`: within the bounds, and not after
  // what its client came with has ended.
  std::int64_t ends_at(std::int64_t now, std::int64_t right_ends_at) {
    return std::min(right_ends_at, now + between(shortest_micros, longest_micros));
  }
  // After how long its client comes back where it is lost.
  int retry_millis() { return between(shortest_retry_millis, longest_retry_millis); }

 private:
  template <class Number>
  Number between(Number least, Number most) {
    return std::uniform_int_distribution<Number>(least, most)(random_);
  }

  std::minstd_rand random_;
};

}  // namespace events
