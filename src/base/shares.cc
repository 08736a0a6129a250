// base/shares.cc — see shares.h.
#include "base/shares.h"

#include <algorithm>
#include <mutex>

#include "base/clock.h"

namespace base {
namespace {

// In how much time what one worker does in `micros` is due to a company.
std::int64_t due_micros(std::int64_t micros, int workers) {
  return micros * Shares::count(workers) / std::max(1, workers);
}

}  // namespace

int Shares::count(int workers) { return std::clamp(workers, 1, 4); }

void Shares::charge(std::uint64_t company, std::int64_t micros, int workers) {
  constexpr std::int64_t most = 100'000;
  const std::lock_guard held(mutex_);
  if (last_company_ != company) others_at_ = last_at_;
  last_company_ = company;
  last_at_ = monotonic_micros();
  debts_.add(company, due_micros(std::min(micros, most), workers));
}

bool Shares::is_over(std::uint64_t company, std::int64_t held_micros, int workers) {
  constexpr std::int64_t allowed = 1'000'000;
  const std::lock_guard held(mutex_);
  return due_micros(held_micros, workers) + debts_.ahead(company) > allowed;
}

bool Shares::has_others(std::uint64_t company) {
  constexpr std::int64_t window = 2'000'000;
  const std::lock_guard held(mutex_);
  const auto at = company == last_company_ ? others_at_ : last_at_;
  return at != 0 && monotonic_micros() - at < window;
}

}  // namespace base
