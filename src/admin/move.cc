// admin/move.cc — see move.h. Tests: tests/api/move_test.py, tests/api/move_stopped_test.py.
#include "admin/move.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <thread>

#include "admin/move_sides.h"
#include "admin/moved_tables.h"
#include "admin/mover.h"
#include "admin/print.h"
#include "app/archive/reader.h"
#include "app/conversations.h"
#include "app/exports/exports.h"
#include "base/clock.h"

namespace admin {

using base::Time;
using base::Uuid;

namespace moved {
namespace {

// What one round may take before the last step, so that this one is short: it takes what was
// written in that time. Where rounds do not get so short, because the servers are busy, a longer
// one will do.
constexpr std::int64_t short_round_micros = 300'000, longest_round_micros = 1'500'000;
constexpr int short_rounds = 10, most_rounds = 200;
// A last step that could not be finished within the ten seconds of read_only_since.
constexpr int most_last_steps = 5;
constexpr std::int64_t most_last_step_micros = 8'000'000;
// Nobody gets in on either side meanwhile.
constexpr int most_shows = 60;
constexpr std::chrono::seconds between_shows{1};

struct Moved {
  std::string id, address;
  std::int64_t rows = 0, noted = 0, copy_seconds = 0, read_only_millis = 0;

  FIELDS(Moved, id, address, rows, noted, copy_seconds, read_only_millis)
};

std::int64_t now() { return base::monotonic_micros(); }

[[noreturn]] void was_given_up() {
  fail("it stood still for a week and was given up: take it back with `--back`, and begin again");
}

class Move {
 public:
  Move(const base::Config& config, const Typed& typed)
      : source_(config, typed),
        target_(config, typed),
        request_seconds_(config.request_timeout_seconds) {
    moved_.address = target_.config.public_urls.front();
  }

  void run();

 private:
  void begin(const State& state);
  void enter_target(const app::Moving& move);
  void make_target();
  void claim();
  void go_on();
  void copy(Mover& mover);
  void catch_up(Mover& mover);
  void take_last_step(Mover& mover);
  bool try_last_step(Mover& mover);
  bool switch_over();
  void show();
  void show_there();
  void tidy_up(Mover& mover);

  Source source_;
  Target target_;
  const int request_seconds_;
  std::int64_t closed_at_ = 0, shown_at_ = 0;
  Moved moved_;
};

void Move::run() {
  const auto before = source_.state();
  if (before.move.moving_to == "") fail("it is being taken back: `--back` goes on with that");
  if (before.move.moved_to)
    enter_target(before.move);
  else
    begin(before);
  Mover mover(source_.side(), target_.side());
  if (!before.move.moved_to) {
    source_.capture.begin(source_.task.company_id(), captured);
    copy(mover);
    catch_up(mover);
    take_last_step(mover);
  }
  show();
  const auto until = source_.state().move.moving_until;
  tidy_up(mover);
  auto difference = mover.difference();
  if (difference.empty() && until)
    difference = mover.missing_audit(until->plus_seconds(-stopped_for_seconds));
  if (!difference.empty())
    fail(fmt::format("it has moved, and {} is not the same there. Where nobody has worked there"
                     " since, `--back` returns",
                     difference));
  print(rest::Document::of(moved_), "id address rows noted copy_seconds read_only_millis",
        source_.task.as_json());
}

void Move::begin(const State& state) {
  for (auto* db : {&source_.db, &target_.db})
    if (!app::are_counts_kept(*db)) fail("`partywall upgraded` was not said on both sides");
  if (state.move.moving_to) {
    enter_target(state.move);
  } else {
    if (target_.db.find(select_there, source_.task.tenant())) fail("that is the same database");
    make_target();
    claim();
  }
  if (!target_.db.one(select_there, target_.task.tenant()).importing_until)
    fail("it is there already, and open");
  go_on();
}

void Move::enter_target(const app::Moving& move) {
  if (!target_.enter(Uuid::from_bytes(*move.moving_to)))
    nothing_is_there(move.moved_to.has_value());
}

// The company there, which `partywall clean` takes away again where it is not noted here that it
// goes there. That it is there says to the next command which installation that was.
void Move::make_target() {
  target_.task.found_company();
  const auto company = Companies::find(source_.side(), "");
  target_.db.run(archive::insert_company, target_.task.tenant(), company->row,
                 Time::now().plus_seconds(base::day_seconds), company->messages_kept_until);
}

// What asks for something here that does not go along looks at moving_to under the same lock
// (app/company.h), so it comes before this or is refused.
void Move::claim() {
  const auto& tenant = source_.task.tenant();
  source_.db.transaction([&] {
    const auto locked = source_.db.one(lock_state, tenant);
    if (locked.move.moving_to) fail("somebody else moves it");
    if (locked.erase_at) fail("it will be erased, unless its admins keep it");
    if (source_.db.find(select_export, tenant, app::exported::queued, app::exported::running))
      fail("an export of it is under way: try again when that is done");
    source_.db.run(set_moving_to, tenant, std::string(target_.task.company_id().view()),
                   Time::now().plus_seconds(stopped_for_seconds));
    source_.task.audit(source_.db, {"company.move", {}, "to " + moved_.address});
  });
}

// Both sides keep what there is for another week, and nobody else is at it.
void Move::go_on() try {
  source_.hold();
  const auto until = Time::now().plus_seconds(stopped_for_seconds);
  if (source_.db.run(set_moving_until, source_.task.tenant(), until) == 0) was_given_up();
  archive::go_on(target_.db, target_.task.tenant(), stopped_for_seconds);
} catch (const archive::Refusal&) {
  was_given_up();
}

void Move::copy(Mover& mover) {
  const auto since = now();
  moved_.rows = mover.copy();
  moved_.copy_seconds = (now() - since) / 1'000'000;
}

void Move::catch_up(Mover& mover) {
  for (int round = 0; round < most_rounds; round++) {
    go_on();
    const auto since = now();
    moved_.noted += mover.catch_up();
    const auto enough = round < short_rounds ? short_round_micros : longest_round_micros;
    if (now() - since < enough) return;
  }
  fail("it is written faster than it can be copied; try it again at a quieter time");
}

void Move::take_last_step(Mover& mover) {
  for (int attempt = 0; attempt < most_last_steps; attempt++) {
    if (try_last_step(mover)) return;
    catch_up(mover);
  }
  fail("the last step took too long; the company can be written again, and nothing is lost");
}

// False: it goes on here.
bool Move::try_last_step(Mover& mover) {
  const auto& tenant = source_.task.tenant();
  closed_at_ = now();
  bool switched = false;
  try {
    source_.db.run(close_company, tenant);
    while (has_notes(source_.side()) && now() - closed_at_ < most_last_step_micros)
      moved_.noted += mover.catch_up();
    switched = switch_over();
  } catch (const base::Error& error) {
    if (error.code != base::Code::unavailable) throw;
  }
  if (!switched) source_.db.run(open_company, tenant);
  return switched;
}

// Whoever writes the company has its row locked, and nobody has while this does. The other
// connection sees what they all have written.
bool Move::switch_over() {
  bool done = false;
  auto& db = source_.task.db;
  db.transaction([&] {
    done = false;
    const auto state = db.one(lock_state, source_.task.tenant());
    if (state.move.moving_to != std::string(target_.task.company_id().view()))
      fail("somebody took it back meanwhile");
    if (!state.move.is_held()) was_given_up();
    if (state.erase_at) fail("it will be erased, unless its admins keep it");
    if (has_notes(source_.side())) return;
    if (!state.move.moved_to)
      db.run(set_moved_to, source_.task.tenant(), moved_.address,
             Time::now().plus_seconds(stopped_for_seconds));
    done = true;
  });
  return done;
}

void Move::show() {
  for (int attempt = 1;; attempt++) {
    try {
      return show_there();
    } catch (const base::Error& error) {
      if (error.code != base::Code::unavailable) throw;
      if (attempt == most_shows)
        fail("here everybody is told the address, and there it cannot be shown: " + error.cause +
             ". Type the same again, or `--back`");
    }
    std::this_thread::sleep_for(between_shows);
  }
}

void Move::show_there() {
  const auto there = target_.db.find(select_there, target_.task.tenant());
  if (!there) nothing_is_there(true);
  if (there->importing_until)
    target_.db.run(set_importing_until, target_.task.tenant(), std::nullopt);
  shown_at_ = now();
  if (closed_at_ != 0) moved_.read_only_millis = (shown_at_ - closed_at_) / 1000;
  moved_.id = target_.task.company_id().text();
}

// A request that was let in before the switch may still want to write: it is refused by the
// triggers, which therefore stay for as long as any request may run. But for the audit: what that
// has more of is taken when they are gone.
void Move::tidy_up(Mover& mover) {
  const auto until = shown_at_ + request_seconds_ * 1'000'000LL;
  if (const auto left = until - now(); left > 0)
    std::this_thread::sleep_for(std::chrono::microseconds(left));
  source_.capture.end(source_.task.company_id(), captured);
  moved_.noted += mover.catch_up();
  forget_notes(source_.side());
  source_.db.run(set_moving_to, source_.task.tenant(),
                 std::string(target_.task.company_id().view()), std::nullopt);
}

base::Config target_config(const base::Config& source, const Typed& typed) {
  if (!typed.has("--to")) throw Misuse("--to CONFIG: the installation that it moves to");
  auto target = base::read_config(typed.get("--to"));
  if (target.db_place() == source.db_place() && target.db_name == source.db_name)
    fail("that is the same database");
  return target;
}

}  // namespace

Target::Target(const base::Config& source, const Typed& typed)
    : config(target_config(source, typed)), task(config, typed), db(config) {}

}  // namespace moved

void move_company(const base::Config& config, const Typed& typed) {
  if (typed.has("--back")) return moved::take_back(config, typed);
  if (typed.has("--without-target")) throw Misuse("--without-target is a word of --back");
  moved::Move(config, typed).run();
}

}  // namespace admin
