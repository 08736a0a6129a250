// admin/move_sides.h — the two installations of a move (admin/move.h), as its commands have them.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>

#include "admin/move_state.h"
#include "admin/moved_rows.h"
#include "admin/task.h"
#include "db/capture.h"
#include "db/connection.h"

namespace admin::moved {

[[noreturn]] inline void fail(std::string why) { throw std::runtime_error(std::move(why)); }

// Where the company is.
struct Source {
  // Throws std::runtime_error where another command has the company to move.
  Source(const base::Config& config, const Typed& typed)
      : task(config, typed), db(config), capture(config) {
    hold();
  }

  void hold() { capture.hold(task.company_id()); }
  State state() { return db.one(select_state, task.tenant()); }
  Side side() { return {db, task.tenant()}; }

  Task task;
  db::Connection db;  // says nothing to streams of events, which only the switch ends
  db::Capture capture;
};

// Which of the two it is, only who types the command can know.
[[noreturn]] inline void nothing_is_there(bool has_moved) {
  fail(std::string("nothing of it is there: it goes to another installation; or ") +
       (has_moved ? "it is lost there, and `--back --without-target` returns it"
                  : "it is lost there, and `--back` without --to ends the move"));
}

// Where it goes to.
struct Target {
  // Throws Misuse without --to.
  Target(const base::Config& source, const Typed& typed);

  // Enters the company there that a move has begun. False: there is none (nothing_is_there).
  bool enter(const base::Uuid& id) {
    task.take_unseen_company(id);
    return db.find(select_there, task.tenant()).has_value();
  }
  Side side() { return {db, task.tenant()}; }

  const base::Config config;
  Task task;
  db::Connection db;
};

}  // namespace admin::moved
