// events/door.h — which tickets open a stream: each once, for ten seconds, and not where what it
// stands on was heard to end after it was asked for.
//
// Moments are base::boottime_micros().
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "db/changes.h"
#include "events/ticket.h"

namespace events {

class Door {
 public:
  // For how long an ending is remembered: far longer than a ticket is good.
  static constexpr std::int64_t remembered_micros = 60'000'000;
  // Beyond so many endings no ticket of before opens anything.
  static constexpr std::size_t most_endings = 100'000;

  // Something has ended, as was heard at this moment.
  void note(const db::Change& ending, std::int64_t now);
  // Whether the ticket opens a stream now; the same one never does again.
  bool opens(const Ticket& ticket, std::int64_t now);
  // Forgets what is of no use any more. To be called now and then.
  void forget(std::int64_t now);

 private:
  struct Ending {
    std::string key;
    std::int64_t at = 0;
  };
  bool has_ended(const std::string& key, std::int64_t asked_at) const;

  std::unordered_map<std::string, std::int64_t> ended_;  // when it was last heard
  std::deque<Ending> endings_;                           // in that order
  std::unordered_set<std::string> used_;
  std::deque<Ending> uses_;
  std::int64_t all_before_ = 0;
};

}  // namespace events
