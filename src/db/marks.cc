// db/marks.cc — see marks.h. All atomics are sequentially consistent: the order is what counts.
#include "db/marks.h"

#include <bit>
#include <cstring>
#include <mutex>
#include <new>

#include "base/clock.h"
#include "base/shared_memory.h"

namespace db {

bool Marks::Bits::has(std::size_t slot) const {
  return any && (word[slot / 64] & std::uint64_t{1} << slot % 64) != 0;
}

void Marks::Bits::set(std::size_t slot) {
  any = true;
  word[slot / 64] |= std::uint64_t{1} << slot % 64;
}

Marks& Marks::make() {
  return *::new (base::map_shared(sizeof(Marks) + most_rows * sizeof(Row))) Marks;
}

void Marks::make_rows(int count) {
  for (int i = rows_; i < count; i++) {
    ::new (&row(i)) Row;
    rows_ = i + 1;
  }
}

// The last eight bytes of an id are random, but for two bits.
std::size_t Marks::slot_of(const base::Uuid& company_id) {
  std::uint64_t random = 0;
  std::memcpy(&random, company_id.bytes.data() + 8, sizeof random);
  return (random * 0x9e3779b97f4a7c15) >> 52;
}

bool Marks::is_marked(std::size_t slot) const {
  const int count = rows_;
  for (int i = 0; i < count; i++) {
    // In this order: what is left behind is set there before it is taken from here.
    if (row(i).own.has(slot) || row(i).left.has(slot)) return true;
  }
  return false;
}

std::optional<Marks::Generations> Marks::look(const base::Uuid& company_id) const {
  const auto slot = slot_of(company_id);
  if (is_marked(slot) || is_marked(everybody)) return std::nullopt;
  return Generations{generations_[slot], generations_[everybody]};
}

void Marks::note_session(int number, const SessionId& session) {
  row(number).number = 0;
  row(number).server = session.server;
  row(number).number = session.number;
}

void Marks::set(int number, std::size_t slot) { row(number).own.set(slot); }

void Marks::lift(int number) { lift(row(number).own); }

void Marks::lift(Bits& bits) {
  for (std::size_t i = 0; i < words; i++) {
    const std::uint64_t set = bits.word[i];
    for (auto rest = set; rest != 0; rest &= rest - 1)
      generations_[i * 64 + static_cast<std::size_t>(std::countr_zero(rest))]++;
    if (set != 0) bits.word[i] = 0;
  }
  bits.any = false;
}

// A process may die between any two lines: what it had left by then is then waited for for 30 s,
// and what it had not is still its own, which the master leaves for it.
void Marks::leave(int number) {
  auto& here = row(number);
  if (!here.own.any) return;
  const std::lock_guard lock(here.mutex);
  const bool is_first = !here.left.any;
  here.left_since = base::boottime_micros();
  here.left_number = 0;
  here.version++;
  here.left.any = true;
  for (std::size_t i = 0; i < words; i++)
    if (const std::uint64_t set = here.own.word[i]; set != 0) here.left.word[i] |= set;
  if (is_first) {
    here.left_server = here.server.load();
    here.left_number = here.number.load();
  }
  for (auto& word : here.own.word) word = 0;
  here.own.any = false;
}

std::vector<Marks::Left> Marks::left() const {
  std::vector<Left> all;
  for (int i = 0; i < rows_; i++) {
    const auto& each = row(i);
    if (!each.left.any) continue;
    Left left;
    left.row = i;
    left.version = each.version;
    left.session.number = each.left_number;  // written after the server, so read before it
    left.session.server = each.left_server;
    all.push_back(left);
  }
  return all;
}

void Marks::note_end(const Left& left) { row(left.row).ended = left.version; }

// A worker that stands still with the mutex is no reason for the master to do so.
void Marks::take_away_left(std::int64_t now) {
  constexpr std::int64_t longest = 30'000'000;
  for (int i = 0; i < rows_; i++) {
    auto& each = row(i);
    if (!each.left.any || (each.ended != each.version && now - each.left_since < longest)) continue;
    if (each.mutex.try_lock() == base::SharedMutex::Got::nothing) continue;
    const std::lock_guard lock(each.mutex, std::adopt_lock);
    if (each.ended == each.version || now - each.left_since >= longest) lift(each.left);
  }
}

void Marker::note_session(const SessionId& session) {
  if (marks_) marks_->note_session(row_, session);
}

void Marker::set(const base::Uuid* company_id) {
  is_set_ = true;
  if (marks_) marks_->set(row_, company_id ? Marks::slot_of(*company_id) : Marks::everybody);
}

void Marker::lift() {
  if (!is_set_) return;
  is_set_ = false;
  if (marks_) marks_->lift(row_);
  changed_at_ = base::boottime_micros();
}

void Marker::leave() {
  if (!is_set_) return;
  is_set_ = false;
  if (marks_) marks_->leave(row_);
  changed_at_ = base::boottime_micros();
}

}  // namespace db
