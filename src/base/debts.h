// base/debts.h — who has had how much of something lately.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "base/clock.h"

namespace base {

// What somebody has had is written down as the time at which it will have been due to them (the
// generic cell rate algorithm, ITU-T I.371). Those who share go by a number that is not 0. Can live
// in memory that processes share; whoever calls holds the lock that belongs to it.
class Debts {
 public:
  // Somebody had what is due to them within so many microseconds. Older debts are forgotten.
  void add(std::uint64_t who, std::int64_t due_micros) {
    constexpr std::int64_t longest = 2'000'000;
    const auto now = monotonic_micros();
    auto account = std::ranges::find(accounts_, who, &Account::who);
    if (account == accounts_.end()) {
      account = std::ranges::min_element(accounts_, {}, &Account::due_at);
      *account = {who, now};
    }
    account->due_at = std::min(std::max(account->due_at, now) + due_micros, now + longest);
  }

  // For how many microseconds somebody has had in advance; 0: nothing.
  std::int64_t ahead(std::uint64_t who) const {
    return std::max<std::int64_t>(0, due_at(who) - monotonic_micros());
  }

  // When what somebody had last is or was due, in monotonic microseconds; 0: long ago, or never.
  std::int64_t due_at(std::uint64_t who) const {
    const auto account = std::ranges::find(accounts_, who, &Account::who);
    return account == accounts_.end() ? 0 : account->due_at;
  }

 private:
  struct Account {
    std::uint64_t who = 0;
    std::int64_t due_at = 0;
  };

  std::array<Account, 64> accounts_;  // of those that owe most; who owes nothing needs none
};

}  // namespace base
