// rest/paging.h — lists by keyset: rows that are added meanwhile shift nothing.
#pragma once
#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "rest/encode.h"
#include "rest/json.h"

namespace rest {

// A place in a list.
struct Position {
  base::Time time;
  base::Uuid id;

  FIELDS(Position, time, id)
  auto operator<=>(const Position&) const = default;
  static constexpr auto placeholders() {
    return std::tuple{&Position::time, &Position::time, &Position::id};
  }
};

// Lists go by the time of creation; a row that has another time overloads this.
template <class Row>
Position position_of(const Row& row) {
  return {row.created_at, row.id};
}

// How many rows a page has: where nothing is said, and at most.
inline constexpr std::int64_t default_rows = 50, most_rows = 100;

// Which part of a list is asked for. Which of two places comes first depends on the order.
struct Page {
  bool newest_first = false;
  bool is_bounded = false;  // false: from the list's beginning to its end, whatever the places say
  Position after;           // what follows this place in the list
  Position last;            // up to this place, which is included
  std::int64_t rows = 0;    // at most; one more than are shown tells whether there is a next page

  static constexpr auto placeholders() {
    return std::tuple{&Page::after, &Page::last, &Page::rows};
  }

  bool is_before(const Position& a, const Position& b) const {
    return newest_first ? a > b : a < b;
  }
  // Narrow the page to what follows a place, and to what comes no later than one.
  void start_after(const Position& place) {
    if (is_before(after, place)) after = place;
    is_bounded = true;
  }
  void end_at(const Position& place) {
    if (is_before(place, last)) last = place;
    is_bounded = true;
  }
};

// The bytes of all texts of a row.
template <class T>
std::size_t bytes_of_texts(const T&) {
  return 0;
}
inline std::size_t bytes_of_texts(const std::string& text) { return text.size(); }
template <class T>
std::size_t bytes_of_texts(const std::optional<T>& value) {
  return value ? bytes_of_texts(*value) : 0;
}
template <base::HasFields Row>
std::size_t bytes_of_texts(const Row& row) {
  std::size_t bytes = 0;
  base::for_each_field<Row>([&](const auto& field) { bytes += bytes_of_texts(row.*field.member); });
  return bytes;
}

// Removes the row that was asked for only to see whether the list goes on, and tells so.
template <class Row>
bool take_next(std::vector<Row>& rows, const Page& page) {
  const bool more = static_cast<std::int64_t>(rows.size()) == page.rows;
  if (more) rows.pop_back();
  return more;
}

// What the rows of one answer may have as JSON, and their long texts as they are stored: 1 MiB. A
// list ends there, but not before it has a row.
inline constexpr std::size_t most_page_bytes = 1 << 20;

// A row of a list with a long text, which its statement asks for as SUBSTR(text, 1, ?), and last of
// all its LENGTH(text). Connector/C++ keeps what comes in memory, whole: so the first time a text
// comes cut, and only where one was longer are the rows asked for again, as many as an answer has.
template <class Row>
struct Sized {
  Row row;
  std::int64_t bytes = 0;

  FIELDS(Sized, row, bytes)
  static constexpr std::size_t most_statement_bytes = 880;  // a UNION ALL of two
};
// What fills the placeholder, in characters.
struct TextCut {
  std::int64_t characters = 2048;  // of a hundred messages hardly one has more

  static constexpr auto placeholders() { return std::tuple{&TextCut::characters}; }
};
inline constexpr TextCut no_cut{std::numeric_limits<std::int32_t>::max()};

// How many rows fit into one answer; at least one, where there is one. Few come near the limit:
// only where the texts alone are an eighth of it (JSON writes a character of a byte in up to six)
// are the rows measured, each as the sink that make_sink() answers writes it.
template <class Row, class MakeSink>
std::size_t count_fitting(const std::vector<Row>& rows, MakeSink make_sink) {
  std::size_t texts = 0;
  for (const auto& row : rows) texts += bytes_of_texts(row);
  if (texts <= most_page_bytes / 8) return rows.size();
  JsonSink sink = make_sink();
  std::size_t count = 0;
  sink.begin_list();
  for (const auto& row : rows) {
    write(sink, row);
    if (count > 0 && sink.size() > most_page_bytes) break;
    count++;
  }
  return count;
}

// The same for rows that say how many bytes of text they have.
template <class Row>
std::size_t count_fitting(const std::vector<Sized<Row>>& rows) {
  std::size_t count = 0, bytes = 0;
  for (const auto& each : rows) {
    bytes += static_cast<std::size_t>(each.bytes);
    if (count > 0 && bytes > most_page_bytes) break;
    count++;
  }
  return count;
}
template <class Row>
bool has_cut_texts(const std::vector<Sized<Row>>& rows) {
  return std::any_of(rows.begin(), rows.end(),
                     [](const auto& each) { return each.bytes > TextCut().characters; });
}
template <class Row>
std::vector<Row> rows_of(std::vector<Sized<Row>> sized) {
  std::vector<Row> rows;
  for (auto& each : sized) rows.push_back(std::move(each.row));
  return rows;
}

// The rows that fit into one answer, and whether the list goes on after them.
template <class Row>
struct Fitting {
  std::vector<Row> rows;
  bool more = false;
};

// What a page shows of the rows that came for it; read_whole(rows) asks for these again, with their
// texts as they are.
template <class Row, class ReadWhole>
Fitting<Row> fit(std::vector<Sized<Row>> rows, const Page& page, ReadWhole read_whole) {
  bool more = take_next(rows, page);
  const auto fitting = count_fitting(rows);
  more = more || fitting < rows.size();
  rows.resize(fitting);
  if (has_cut_texts(rows)) rows = read_whole(rows);
  return {rows_of(std::move(rows)), more};
}

}  // namespace rest
