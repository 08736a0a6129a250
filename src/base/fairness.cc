// base/fairness.cc — see fairness.h.
#include "base/fairness.h"

#include <algorithm>
#include <mutex>

#include "base/clock.h"
#include "base/scoreboard.h"

namespace base {
namespace {

// In how much time what one worker does in `micros` is due to a company.
std::int64_t due_micros(std::int64_t micros, int workers) {
  return micros * Fairness::shares(workers) / std::max(1, workers);
}

}  // namespace

int Fairness::shares(int workers) { return std::clamp(workers, 1, 4); }

void Fairness::release(const Scoreboard& board, WorkerSlot& slot) {
  if (slot.company != 0)
    charge(slot.company, monotonic_micros() - slot.busy_since, board.workers());
  slot.company = 0;
  slot.busy_since = 0;
}

bool Fairness::is_over_share(const Scoreboard& board, const WorkerSlot& asking) {
  int others = 0;  // of the company's requests under way
  std::int64_t held = 0;
  for (const auto& slot : board.slots()) {
    const auto since = slot.busy_since.load();
    if (&slot == &asking || since == 0 || slot.company != asking.company) continue;
    others++;
    held += monotonic_micros() - since;
  }
  const bool crowds = others > board.workers() / shares(board.workers());
  return is_over(asking.company, crowds ? held : 0, board.workers());
}

bool Fairness::has_others(const Scoreboard& board, const WorkerSlot& asking) {
  const auto is_another = [&](const auto& slot) {
    return slot.busy_since != 0 && slot.company != 0 && slot.company != asking.company;
  };
  return std::ranges::any_of(board.slots(), is_another) || has_others(asking.company);
}

void Fairness::charge(std::uint64_t company, std::int64_t micros, int workers) {
  constexpr std::int64_t most = 100'000;
  const std::lock_guard held(mutex_);
  if (last_company_ != company) others_at_ = last_at_;
  last_company_ = company;
  last_at_ = monotonic_micros();
  debts_.add(company, due_micros(std::min(micros, most), workers));
}

bool Fairness::is_over(std::uint64_t company, std::int64_t held_micros, int workers) {
  constexpr std::int64_t allowed = 1'000'000;
  const std::lock_guard held(mutex_);
  return due_micros(held_micros, workers) + debts_.ahead(company) > allowed;
}

bool Fairness::has_others(std::uint64_t company) {
  constexpr std::int64_t window = 2'000'000;
  const std::lock_guard held(mutex_);
  const auto at = company == last_company_ ? others_at_ : last_at_;
  return at != 0 && monotonic_micros() - at < window;
}

}  // namespace base
