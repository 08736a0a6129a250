// admin/mover.h — copies a company from one database to another while it is written, and compares
// the two. admin/move.h says when what of it is done.
//
// The copy takes a batch of rows after the other as they are just then, and no snapshot: what is
// written meanwhile is noted (db/capture.h) and taken afterwards. So a row that refers to one which
// is not there yet, or has a key that another row gave up meanwhile, can be passed over: the row
// that it waits for was written after the notes began, and so was it.
//
// A note is deleted once its row was copied as it is now, or deleted. The order in which notes are
// taken does not matter: one that comes too early, as that of a message before its sender's, stays
// for the next round. Each batch is a transaction, and all of it may be done twice; so whatever
// stops it, it goes on where it was.
#pragma once
#include <cstdint>
#include <string>

#include "admin/moved_rows.h"

namespace admin::moved {

// Whether anything is noted of a company but of its audit, which goes on in the last step, too; and
// takes all notes away.
bool has_notes(const Side& side);
void forget_notes(const Side& side);

class Mover {
 public:
  // Memory: one batch of rows.
  Mover(const Side& from, const Side& to) : from_(from), to_(to) {}

  // Copies all rows that come after those which are there. Answers how many.
  std::int64_t copy();

  // Takes what was noted before it came to it, of each table; where that goes on, until less than a
  // batch is left. Answers how many notes it took.
  std::int64_t catch_up();
  // Compares all that was copied, row by row. Answers the first difference, as "user_messages
  // 0198…", or "". Of the audit what is there alone, as more may come here; keys of requests are
  // not compared.
  std::string difference();
  // The same of the audit from the other side: the first row of before `until` that is not there.
  std::string missing_audit(base::Time until);

 private:
  template <class Table>
  void copy_table(std::int64_t& rows);
  template <class Table>
  void catch_up_table(std::int64_t& count);
  template <class Table>
  std::string difference_of();
  template <class Table>
  std::string first_of_target_alone();

  const Side from_, to_;
};

}  // namespace admin::moved
