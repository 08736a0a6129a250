// db/rows.h — the rows of an answer, and how structs are read from them.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/clock.h"
#include "base/error.h"
#include "base/fields.h"
#include "base/uuid.h"

namespace db {

// The rows of one answer, read from first to last. Columns count from 1.
class Rows {
 public:
  struct Impl;
  explicit Rows(std::unique_ptr<Impl> impl);
  ~Rows();
  Rows(Rows&&) noexcept;

  bool next();
  bool is_null(unsigned column) const;
  std::string_view text(unsigned column) const;  // until the next call
  std::int64_t integer(unsigned column) const;

 private:
  std::unique_ptr<Impl> impl_;
};

void get(const Rows& rows, unsigned column, base::Uuid& value);
void get(const Rows& rows, unsigned column, std::string& value);
void get(const Rows& rows, unsigned column, std::int64_t& value);
void get(const Rows& rows, unsigned column, base::Time& value);
template <base::Literal Path>
void get(const Rows& rows, unsigned column, base::Link<Path>& value) {
  get(rows, column, value.id);
}
template <class E>
requires std::is_enum_v<E>
void get(const Rows& rows, unsigned column, E& value) {
  if (!from_text(rows.text(column), value))
    throw base::Error(base::Code::internal, "A stored value is not known.");
}
template <class T>
void get(const Rows& rows, unsigned column, std::optional<T>& value) {
  if (!rows.is_null(column)) get(rows, column, value.emplace());
}

// Fills a struct field by field; a field that is a struct itself takes as many columns as it has.
template <base::HasFields Row>
void get_fields(const Rows& rows, unsigned& column, Row& row) {
  base::for_each_field<Row>([&](const auto& field) {
    if constexpr (base::is_stored<decltype(field)>) {
      auto& member = row.*field.member;
      if constexpr (base::HasFields<std::remove_cvref_t<decltype(member)>>)
        get_fields(rows, column, member);
      else
        get(rows, ++column, member);
    }
  });
}

template <base::HasFields Row>
Row read_row(const Rows& rows) {
  Row row{};
  unsigned column = 0;
  get_fields(rows, column, row);
  return row;
}

}  // namespace db
