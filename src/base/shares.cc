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
  constexpr std::int64_t longest = 2'000'000;  // older debts are forgotten
  const auto now = monotonic_micros();
  const std::lock_guard held(mutex_);
  if (last_company_ != 0 && last_company_ != company) mixed_at_ = now;
  last_company_ = company;
  auto account = std::find_if(accounts_.begin(), accounts_.end(),
                              [&](const auto& each) { return each.company == company; });
  if (account == accounts_.end()) {
    account = std::min_element(accounts_.begin(), accounts_.end(),
                               [](const auto& a, const auto& b) { return a.due_at < b.due_at; });
    *account = {company, now};
  }
  account->due_at = std::min(
      std::max(account->due_at, now) + due_micros(std::min(micros, most), workers), now + longest);
}

bool Shares::is_over(std::uint64_t company, std::int64_t held_micros, int workers) {
  constexpr std::int64_t allowed = 1'000'000;
  auto ahead = due_micros(held_micros, workers);
  const std::lock_guard held(mutex_);
  for (const auto& account : accounts_)
    if (account.company == company)
      ahead += std::max<std::int64_t>(0, account.due_at - monotonic_micros());
  return ahead > allowed;
}

bool Shares::is_mixed() {
  constexpr std::int64_t window = 10'000'000;
  const std::lock_guard held(mutex_);
  return mixed_at_ != 0 && monotonic_micros() - mixed_at_ < window;
}

}  // namespace base
