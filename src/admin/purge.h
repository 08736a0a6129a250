// admin/purge.h — deletes companies, for `partywall clean`: those whose day of being erased has
// come (app/erasure.cc), and what was left of imports that were refused or killed. Tests:
// tests/admin/purge_test.cc, tests/api/erase_test.py, tests/api/import_test.py.
//
// Nobody gets into such a company, and nothing brings it back. Its rows go a table after the other,
// those first that refer to others, a range of the primary key at a time: each a transaction of its
// own, so nobody waits for long. A person goes with their user where they are in no other company.
// What a run that was killed has left, the next one deletes.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "admin/task.h"
#include "base/clock.h"

namespace admin {

// Those that are to be deleted since before that moment. Calls count(table, rows) with what was
// deleted. Answers in how many companies somebody held a row for longer than a statement waits, or
// a row came in meanwhile: the rest of those is left for the next time.
int purge_companies(Task& task, base::Time before,
                    const std::function<void(std::string_view table, std::int64_t rows)>& count);

// The tables of a company that it empties, in that order.
std::span<const std::string_view> purged_tables();

}  // namespace admin
