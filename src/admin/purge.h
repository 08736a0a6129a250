// admin/purge.h — deletes what was left of imports that were refused or killed, for `partywall
// clean`. Tests: tests/admin/purge_test.cc, tests/api/import_test.py.
//
// Nobody sees such a company, and nothing brings it back (app/archive/reader.h). Its rows go a
// table after the other, those first that refer to others, a range of the primary key at a time:
// each a transaction of its own, so nobody waits for long. What a run that was killed has left,
// the next one deletes.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "admin/task.h"
#include "base/clock.h"

namespace admin {

// Those that were given up before that moment. Calls count(table, rows) with what was deleted.
void purge_imports(Task& task, base::Time before,
                   const std::function<void(std::string_view table, std::int64_t rows)>& count);

// The tables that it empties, in that order.
std::span<const std::string_view> purged_tables();

}  // namespace admin
