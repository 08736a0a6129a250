// admin/move_back.cc — `partywall company move --back` (admin/move.h): a company that was to move,
// or has, is here again as if nothing had been. Tests: tests/api/move_test.py,
// tests/api/move_stopped_test.py.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "admin/move.h"
#include "admin/move_sides.h"
#include "admin/moved_tables.h"
#include "admin/mover.h"
#include "admin/print.h"

namespace admin::moved {
namespace {

using base::Time;
using base::Uuid;

void refuse(const std::string& difference) {
  if (!difference.empty())
    fail(fmt::format("{} was written there since: it cannot come back", difference));
}

// Then the row here is not what is compared with.
void refuse_one_that_goes_on(const State& there) {
  if (there.move.moving_to) fail("it goes on from there, or has: take that back first");
}

// Nobody can come in there while it is hidden, and by no link that was made before. So what is the
// same then stays so.
void hide_what_is_the_same(Source& source, Target& target) {
  Mover mover(source.side(), target.side());
  const auto& tenant = target.task.tenant();
  refuse_one_that_goes_on(target.db.one(select_state, tenant));
  refuse(mover.difference());
  target.db.transaction([&] {
    refuse_one_that_goes_on(target.db.one(lock_state, tenant));
    const auto until = Time::now().plus_seconds(stopped_for_seconds);
    target.db.run(set_importing_until, tenant, until);
    target.db.run(delete_invitations, tenant);
    target.db.run(delete_links, tenant);
  });
  const auto difference = mover.difference();
  if (!difference.empty()) target.db.run(set_importing_until, tenant, std::nullopt);
  refuse(difference);
}

[[noreturn]] void is_to_be_erased() {
  fail("it will be erased here, unless `partywall company keep` keeps it");
}

// nullptr: nothing of it is there, which is taken from who types the command where it is theirs to
// know.
std::unique_ptr<Target> find_target(const base::Config& config, const Typed& typed,
                                    const app::Moving& move) {
  if (!typed.has("--to")) return nullptr;
  const bool is_without = typed.has("--without-target");
  auto target = std::make_unique<Target>(config, typed);
  if (target->enter(Uuid::from_bytes(*move.moving_to))) {
    if (is_without) fail("it is there: say `--back` alone");
    return target;
  }
  if (!is_without && !move.is_given_up()) nothing_is_there(move.moved_to.has_value());
  return nullptr;
}

// What is there is left to `partywall clean` there, within a week where nobody can tell it now.
void give_up(const base::Config& config, const Typed& typed, Source& source, const State& before) {
  if (before.move.moved_to && before.erase_at) is_to_be_erased();
  if (before.move.moved_to && !typed.has("--to") && !typed.has("--without-target"))
    throw Misuse("--to CONFIG: the installation that it has moved to");
  const auto target = find_target(config, typed, before.move);
  if (before.move.moved_to && target) hide_what_is_the_same(source, *target);
  if (source.db.run(set_returning, source.task.tenant(), "") == 0) {
    if (target) target->db.run(set_importing_until, target->task.tenant(), std::nullopt);
    is_to_be_erased();
  }
  if (target) target->db.run(set_importing_until, target->task.tenant(), Time::now());
}

// One that was given up may have been erased since. What its triggers are called is its id.
void take_away_what_an_erased_one_left(const base::Config& config, const Typed& typed) {
  const auto id = Uuid::parse(typed.get("COMPANY"));
  Task task(config, typed);
  if (!id || task.is_there(*id)) return;
  db::Capture capture(config);
  capture.hold(*id);
  capture.end(*id, captured);
  fail(fmt::format("there is no company \"{}\"; what triggers a move of it may have left are gone",
                   id->text()));
}

}  // namespace

void take_back(const base::Config& config, const Typed& typed) {
  take_away_what_an_erased_one_left(config, typed);
  Source source(config, typed);
  const auto before = source.state();
  if (!before.move.moving_to) fail("it is not being moved, and was not");
  if (!before.move.moving_to->empty()) give_up(config, typed, source, before);
  const auto company = source.task.company_id();
  source.capture.end(company, captured);
  forget_notes(source.side());
  source.db.transaction([&] {
    source.db.run(set_moving_to, source.task.tenant(), std::nullopt, std::nullopt);
    source.task.audit(source.db, {"company.move", {}, "back"});
  });
  print(rest::Document::of(db::CompanyId{company}), "id", source.task.as_json());
}

}  // namespace admin::moved
