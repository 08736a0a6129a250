// server/left_marks.cc — see left_marks.h.
#include "server/left_marks.h"

#include <unistd.h>

#include <algorithm>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "db/connection.h"

namespace server {
namespace {

// A server that these sessions are not of says nothing of their end.
void note_ended(const base::Config& config, db::Marks& marks) try {
  const auto left = marks.left();
  db::Connection db(config);
  const auto living = db.sessions();
  for (const auto& each : left)
    if (each.session.number != 0 && each.session.server == living.at(0).server &&
        std::ranges::count(living, each.session) == 0)
      marks.note_end(each);
} catch (const base::Error& error) {
  base::log_cause(error);  // and asks again later
}

}  // namespace

void LeftMarks::tend(const base::Config& config) {
  constexpr std::int64_t pause = 500'000;
  constexpr unsigned longest_seconds = 15;
  const auto now = base::boottime_micros();
  marks_.take_away_left(now);
  const auto left = marks_.left();
  const bool can_ask =
      std::ranges::any_of(left, [](auto& each) { return each.session.number != 0; });
  if (!can_ask || asking_.is_there() || now - asked_at_ < pause) return;
  asked_at_ = now;
  asking_.start("left marks", [&] {
    alarm(longest_seconds);
    note_ended(config, marks_);
  });
}

}  // namespace server
