// admin/mover.cc — see mover.h. Tests: tests/api/move_test.py.
#include "admin/mover.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <vector>

#include "admin/moved_tables.h"
#include "base/crypto.h"
#include "db/global_rows.h"

namespace admin::moved {
namespace {

// The batches in which rows are read: of the longest texts that any release took, 1 MiB, some 64
// MiB (with what the connector keeps of each). A transaction of the copy takes some of them.
constexpr std::int64_t rows_at_a_time = 32;
constexpr int batches_at_a_time = 16;
// Notes are short, and the more of them the more are of the same rows, which are taken one by one.
constexpr std::int64_t notes_at_a_time = 1000;

struct Note {
  std::int64_t number = 0;
  std::string row_key;

  FIELDS(Note, number, row_key)
};

constexpr db::Scoped<Note, std::string, std::int64_t, std::int64_t> select_notes{R"(
    SELECT number, row_key FROM move_notes WHERE company_id = ? AND table_name = ? AND number > ?
     ORDER BY number LIMIT ?)"};
// Each by its key: between them others may be there by now that nobody has read.
constexpr db::Scoped<void, std::string, std::int64_t> delete_note{
    "DELETE FROM move_notes WHERE company_id = ? AND table_name = ? AND number = ?"};
constexpr db::Scoped<db::Number, std::string> select_any_note{
    "SELECT number AS value FROM move_notes WHERE company_id = ? AND table_name <> ? LIMIT 1"};
constexpr db::Scoped<void, std::int64_t> delete_some_notes{
    "DELETE FROM move_notes WHERE company_id = ? LIMIT ?"};

// Whether the row could be written, or deleted: false where another row stands in its way.
template <class Work>
bool fits(Work work) {
  constexpr int is_referred_to = 1451;  // ER_ROW_IS_REFERENCED_2
  try {
    work();
    return true;
  } catch (const db::DuplicateKey&) {
    return false;
  } catch (const db::Refused& refused) {
    if (refused.number == is_referred_to) return false;
    throw;
  } catch (const base::Error& error) {
    if (error.code == base::Code::invalid) return false;  // it refers to none
    throw;
  }
}

template <class T>
bool same(const T& a, const T& b) {
  if constexpr (base::HasFields<T>) {
    bool all = true;
    base::for_each_field<T>(
        [&](const auto& field) { all = all && same(a.*field.member, b.*field.member); });
    return all;
  } else {
    return a == b;
  }
}
// Who did it is called as they are called now, which may be another name by the time of a copy.
bool same(const archive::AuditRow& a, const archive::AuditRow& b) {
  return a.id == b.id && a.date == b.date && a.event == b.event && a.actor_id == b.actor_id;
}

template <class Table>
std::string named(const std::string& place) {
  std::string name(Table::captured.name);
  for (std::size_t at = 0; at + 16 <= place.size(); at += 16)
    name += " " + Uuid::from_bytes(place.substr(at, 16)).text();
  return name;
}

}  // namespace

bool has_notes(const Side& side) {
  return side.db.find(select_any_note, side.tenant, std::string(Audit::captured.name)).has_value();
}

void forget_notes(const Side& side) {
  while (side.db.run(delete_some_notes, side.tenant, notes_at_a_time) == notes_at_a_time) continue;
}

std::int64_t Mover::copy() {
  std::int64_t rows = 0;
  for_each_table([&]<class Table>(const Table&) { copy_table<Table>(rows); });
  return rows;
}

template <class Table>
void Mover::copy_table(std::int64_t& count) {
  auto place = Table::last(to_);
  for (bool more = true; more;) {
    std::int64_t copied = 0;
    auto reached = place;
    to_.db.transaction([&] {
      copied = 0;
      reached = place;
      more = true;
      for (int batch = 0; more && batch < batches_at_a_time; batch++) {
        const auto rows = Table::after(from_, reached, rows_at_a_time);
        more = !rows.empty();
        for (const auto& row : rows) fits([&] { Table::add(to_, row); });
        if (more) reached = Table::place(rows.back());
        copied += static_cast<std::int64_t>(rows.size());
      }
    });
    count += copied;
    place = reached;
  }
}

std::int64_t Mover::catch_up() {
  std::int64_t notes = 0;
  for_each_table([&]<class Table>(const Table&) { catch_up_table<Table>(notes); });
  return notes;
}

// What a row is now is read after its notes were, so whatever is written later has a note of its
// own.
template <class Table>
void Mover::catch_up_table(std::int64_t& count) {
  struct Noted {
    std::vector<std::int64_t> notes;
    bool is_done = false;
  };
  const std::string table(Table::captured.name);
  for (std::int64_t last = 0;;) {
    const auto notes = from_.db.all(select_notes, from_.tenant, table, last, notes_at_a_time);
    if (notes.empty()) return;
    const bool is_last = std::ssize(notes) < notes_at_a_time;
    last = notes.back().number;
    std::map<std::string, Noted> noted;
    for (const auto& note : notes) noted[note.row_key].notes.push_back(note.number);
    to_.db.transaction([&] {
      for (auto& [place, each] : noted)
        each.is_done = fits([&] {
          const auto row = Table::find(from_, place);
          if (!row) return Table::erase(to_, place);
          if constexpr (requires { Table::bring_along(from_, to_, *row); })
            Table::bring_along(from_, to_, *row);
          Table::put(to_, *row);
        });
    });
    std::vector<std::int64_t> done;
    for (const auto& [place, each] : noted)
      if (each.is_done) done.insert(done.end(), each.notes.begin(), each.notes.end());
    from_.db.transaction([&] {
      for (const auto number : done) from_.db.run(delete_note, from_.tenant, table, number);
    });
    count += static_cast<std::int64_t>(done.size());
    if (is_last) return;
  }
}

std::string Mover::difference() {
  std::string found;
  for_each_table([&]<class Table>(const Table&) {
    if (!found.empty()) return;
    if constexpr (Table::compared == Compared::whole)
      found = difference_of<Table>();
    else if constexpr (Table::compared == Compared::since_then)
      found = first_of_target_alone<Table>();
  });
  return found;
}

template <class Table>
std::string Mover::difference_of() {
  for (std::string place;;) {
    const auto here = Table::after(from_, place, rows_at_a_time);
    const auto there = Table::after(to_, place, rows_at_a_time);
    for (std::size_t i = 0; i < std::max(here.size(), there.size()); i++) {
      if (i >= here.size()) return named<Table>(Table::place(there[i]));
      if (i >= there.size() || !same(here[i], there[i])) return named<Table>(Table::place(here[i]));
    }
    if (here.empty()) return "";
    place = Table::place(here.back());
  }
}

template <class Table>
std::string Mover::first_of_target_alone() {
  const auto oldest = Table::after(from_, "", 1);
  for (std::string place;;) {
    const auto there = Table::after(to_, place, rows_at_a_time);
    for (const auto& row : there) {
      if (!oldest.empty() && Table::place(row) < Table::place(oldest.front())) continue;
      const auto here = Table::find(from_, Table::place(row));
      if (!here || !same(*here, row)) return named<Table>(Table::place(row));
    }
    if (there.empty()) return "";
    place = Table::place(there.back());
  }
}

// What is older than all that is there was deleted there, as it would have been here.
std::string Mover::missing_audit(Time until) {
  const auto oldest = Audit::after(to_, "", 1);
  auto place = oldest.empty() ? "" : Audit::place(oldest.front());
  for (;;) {
    const auto here = Audit::after(from_, place, rows_at_a_time);
    for (const auto& row : here)
      if (row.date <= until && !Audit::find(to_, Audit::place(row)))
        return named<Audit>(Audit::place(row));
    if (here.empty()) return "";
    place = Audit::place(here.back());
  }
}

}  // namespace admin::moved
