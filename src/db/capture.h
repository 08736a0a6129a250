// db/capture.h — notes in the database itself which rows of one company are written, by whatever
// program, while it is moved to another installation (admin/move.h).
//
// Triggers do it, made for the move and taken away after it: each INSERT, UPDATE and DELETE of a
// row of the company leaves its key in `move_notes`, in the same transaction. Rows of other
// companies cost a comparison. No other way sees all of it: a statement that marks or deletes many
// rows names none of them, and what another release or a hand at the database writes goes through
// no wrapper.
//
// The triggers are also the fence of the move's last step. Each takes a share lock on the company's
// row before it notes, so whoever has that row FOR UPDATE knows that no noted write is under way.
// And while companies.read_only_since is less than ten seconds ago, or moved_to is set, each
// refuses the statement (Failure::closed): so for a moment the company takes no changes, whoever
// makes them, and where the move dies then, it takes them again by itself. When
// companies.moving_until is over, or moving_to is taken away, nothing is noted any more; so a move
// that is given up can never go on (app/moving.h), and leaves triggers that only compare, until
// `--back` takes them away.
#pragma once
#include <span>
#include <string_view>

#include "base/config.h"
#include "base/uuid.h"
#include "db/connection.h"

namespace db {

// A table whose rows are noted.
struct Captured {
  std::string_view name;
  std::string_view key;            // the second column of its primary key; "": there is none
  std::string_view more_key = {};  // the third; "": there is none
  bool closes = true;  // false: its rows may still be written while the company is read-only
};

class Capture {
 public:
  // Connects as the account that owns the schema: only that one may make triggers.
  explicit Capture(const base::Config& config);

  // Nobody else has the company to move as long as this one lives: two at once would write older
  // rows over newer ones. To be called again now and then, as a connection may be lost. Throws
  // std::runtime_error where somebody else has it.
  void hold(const base::Uuid& company_id);

  // From its return on all writes of those tables are noted: each trigger waits for the
  // transactions that have written the table before it. Triggers of the company that are there
  // stay. Throws std::runtime_error saying what the database or the account lacks, or that a
  // transaction holds a table for too long.
  void begin(const base::Uuid& company_id, std::span<const Captured> tables);
  // Takes the triggers away, however many there are. Throws std::runtime_error as above.
  void end(const base::Uuid& company_id, std::span<const Captured> tables);

 private:
  void execute(std::string_view table, const std::string& sql);

  Connection owner_;
};

}  // namespace db
