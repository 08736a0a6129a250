// admin/move.h — `partywall company move`: a company goes to another installation while its people
// work.
//
//   1  the company gets an id there (companies.moving_to here), and is invisible there
//   2  triggers note what is written here from now on (db/capture.h)
//   3  copy: all rows, in batches; catch up: what was noted, until that is little (admin/mover.h)
//   4  the last step, during which nothing of it can be changed here: companies.read_only_since is
//      set, the last notes are taken, and under a lock on the company's row, which nobody who
//      writes holds then, no note is left. So all that was ever answered is there.
//   5  the switch: companies.moved_to is set here, from when on everybody is told the address; then
//      the company becomes visible there
//   6  when no request of before can be under way any more, the triggers go; and both are compared,
//      row by row
//
// Wherever it is stopped, the same command goes on; two at once do not. Before 5 nothing is lost by
// stopping at all: the read-only state ends by itself after ten seconds, and `--back` takes the
// rest away. After 5 `--back` returns as long as both are the same, which it compares while nobody
// gets in on either side. From the first write there on nothing leads back but a move from there.
#pragma once
#include "admin/task.h"

namespace admin {

void move_company(const base::Config& config, const Typed& typed);

namespace moved {

// The same with `--back` (admin/move_back.cc).
void take_back(const base::Config& config, const Typed& typed);

}  // namespace moved

}  // namespace admin
