// db/slots.h — where a statement binds the company.
#pragma once
#include <array>
#include <cstddef>
#include <initializer_list>

#include "db/sql_tokens.h"

namespace db {

// The placeholders that bind the company, counted from 1 as JDBC does, in text order: one, or one
// for each branch of a UNION ALL.
class Slots {
 public:
  constexpr Slots(std::initializer_list<std::size_t> ordinals) {
    for (auto ordinal : ordinals) add(ordinal);
  }
  constexpr void add(std::size_t ordinal) {
    if (size_ == ordinals_.size()) refuse("a UNION ALL has at most four branches");
    ordinals_[size_++] = ordinal;
  }
  constexpr std::size_t size() const { return size_; }
  constexpr std::size_t operator[](std::size_t i) const { return ordinals_[i]; }
  constexpr bool contains(std::size_t ordinal) const {
    for (std::size_t i = 0; i < size_; i++)
      if (ordinals_[i] == ordinal) return true;
    return false;
  }
  friend constexpr bool operator==(const Slots&, const Slots&) = default;

 private:
  std::array<std::size_t, 4> ordinals_{};
  std::size_t size_ = 0;
};

}  // namespace db
