// events/door.h — which tickets open a stream: each once, within ten seconds, and only if nothing
// that it depends on has ended since it was asked for.
//
// Moments are base::boottime_micros().
#pragma once
#include <cstddef>
#include <cstdint>

#include "db/changes.h"
#include "events/remembered.h"
#include "events/ticket.h"

namespace events {

class Door {
 public:
  // For how long an ending is remembered: far longer than a ticket is good.
  static constexpr std::int64_t remembered_micros = 60'000'000;
  // Of endings, and of tickets that were used: a minute of what a database of ours commits. Where
  // there are more, tickets of before those that are forgotten open nothing.
  static constexpr std::size_t most_remembered = 100'000;

  // `now`: from when endings are heard. A ticket of before opens nothing.
  explicit Door(std::int64_t now) : hears_since_(now) {}

  // Something has ended, as was heard at this moment.
  void note(const db::Change& ending, std::int64_t now);
  // Whether the ticket opens a stream now; the same one never does again.
  bool opens(const Ticket& ticket, std::int64_t now);

 private:
  const std::int64_t hears_since_;
  Remembered endings_{remembered_micros, most_remembered};
  Remembered used_{2 * Ticket::good_micros, most_remembered};
};

}  // namespace events
