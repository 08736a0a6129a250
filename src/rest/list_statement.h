// rest/list_statement.h — the statements of a list: from its beginning on, or between two places,
// in one order or in both.
//
//   constexpr OldestFirst<Note> select_page{"SELECT … WHERE company_id = ?", "created_at"};
//
// A first page asks for no place: the server then reads a key from its end. Every list goes by a
// time and the id, and has a key that ends with the two; so what is read is what is answered. Where
// the server could take another key, the statement says FORCE INDEX.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "base/literal.h"
#include "db/connection.h"
#include "db/sql.h"
#include "rest/paging.h"
#include "rest/route.h"

namespace rest {

// What fills the last placeholder of a statement that reads a list from its beginning on.
struct FromStart {
  std::int64_t rows = 0;

  static constexpr auto placeholders() { return std::tuple{&FromStart::rows}; }
};

// How a statement ends: without places and with them.
template <std::size_t N, std::size_t M>
struct Ending {
  base::Literal<N> from_start;
  base::Literal<M> between;
};

// What a statement asks for last: so many rows, or the place of one, so many rows further on.
inline constexpr base::Literal so_many_rows = " LIMIT ?";
inline constexpr base::Literal one_further_on = " LIMIT 1 OFFSET ?";

// `column` is that of the time by which the list goes.
template <std::size_t N, std::size_t M>
constexpr auto oldest_first(const char (&column)[N], const base::Literal<M>& limit) {
  const base::Literal t = column;
  const auto order = " ORDER BY " + t + ", id" + limit;
  return Ending{order, " AND (" + t + " > ? OR (" + t + " = ? AND id > ?)) AND (" + t +
                           " < ? OR (" + t + " = ? AND id <= ?))" + order};
}
// `id_column` is that of the id of a row.
template <std::size_t N, std::size_t M, std::size_t L = 3>
constexpr auto newest_first(const char (&column)[N], const base::Literal<M>& limit,
                            const char (&id_column)[L] = "id") {
  const base::Literal t = column, id = id_column;
  const auto order = " ORDER BY " + t + " DESC, " + id + " DESC" + limit;
  return Ending{order, " AND (" + t + " < ? OR (" + t + " = ? AND " + id + " < ?)) AND (" + t +
                           " > ? OR (" + t + " = ? AND " + id + " >= ?))" + order};
}

// The two statements of a list in one order. Statement<Bounds> is a db::Scoped whose arguments hold
// Bounds, which is FromStart or Page.
template <template <class> class Statement>
struct InOrder {
  const Statement<FromStart> from_start;
  const Statement<Page> between;

  template <std::size_t N, std::size_t M>
  consteval InOrder(const base::Literal<N>& from_start, const base::Literal<M>& between)
      : from_start(from_start), between(between) {}
  template <std::size_t N, std::size_t A, std::size_t B>
  consteval InOrder(const base::Literal<N>& text, const Ending<A, B>& ending)
      : InOrder(text + ending.from_start, text + ending.between) {}

  // Calls run(statement, bounds) with the one of the two that this page needs; answers what it
  // does.
  template <class Run>
  auto with(const Page& page, Run run) const {
    return page.is_bounded ? run(between, page) : run(from_start, FromStart{page.rows});
  }
};

// A list's statements where the bounds are the last argument; Args are those before.
template <class Row, class... Args>
struct ListOf {
  template <class Bounds>
  using Statement = db::Scoped<Row, Args..., Bounds>;
};

// A list in one order.
template <class Row, class... Args>
struct OneOrder : InOrder<ListOf<Row, Args...>::template Statement> {
  using Base = InOrder<ListOf<Row, Args...>::template Statement>;

  template <std::size_t N, std::size_t A, std::size_t B>
  consteval OneOrder(const base::Literal<N>& text, const Ending<A, B>& ending)
      : Base(text, ending) {}

  std::vector<Row> all(db::Connection& db, const db::Tenant& tenant, const Page& page,
                       const std::type_identity_t<Args>&... args) const {
    return this->with(page, [&](const auto& statement, const auto& bounds) {
      return db.all(statement, tenant, args..., bounds);
    });
  }
};
template <class Row, class... Args>
struct OldestFirst : OneOrder<Row, Args...> {
  template <std::size_t N, std::size_t M>
  consteval OldestFirst(const base::Literal<N>& text, const char (&column)[M])
      : OneOrder<Row, Args...>(text, oldest_first(column, so_many_rows)) {}
};
template <class Row, class... Args>
struct NewestFirst : OneOrder<Row, Args...> {
  template <std::size_t N, std::size_t M, std::size_t L>
  consteval NewestFirst(const base::Literal<N>& text, const char (&column)[M],
                        const char (&id_column)[L])
      : OneOrder<Row, Args...>(text, newest_first(column, so_many_rows, id_column)) {}
};

// A list's statements in the order that is asked for (Listing::timeline).
template <template <class> class Statement>
struct InBothOrders {
  const InOrder<Statement> oldest, newest;

  // text(ending) makes a statement of one of its endings.
  template <class Text, std::size_t M, std::size_t L>
  consteval InBothOrders(Text text, const char (&column)[M], const base::Literal<L>& limit)
      : InBothOrders(text, oldest_first(column, limit), newest_first(column, limit)) {}

  template <class Run>
  auto with(const Page& page, Run run) const {
    return (page.newest_first ? newest : oldest).with(page, run);
  }

 private:
  consteval InBothOrders(auto text, const auto& oldest, const auto& newest)
      : oldest(text(oldest.from_start), text(oldest.between)),
        newest(text(newest.from_start), text(newest.between)) {}
};
template <class Row, class... Args>
struct BothOrders : InBothOrders<ListOf<Row, Args...>::template Statement> {
  using Base = InBothOrders<ListOf<Row, Args...>::template Statement>;

  template <std::size_t N, std::size_t M, std::size_t L = sizeof so_many_rows>
  consteval BothOrders(const base::Literal<N>& text, const char (&column)[M],
                       const base::Literal<L>& limit = so_many_rows)
      : Base([&](const auto& ending) { return text + ending; }, column, limit) {}

  std::vector<Row> all(db::Connection& db, const db::Tenant& tenant, const Page& page,
                       const std::type_identity_t<Args>&... args) const {
    return this->with(page, [&](const auto& statement, const auto& bounds) {
      return db.all(statement, tenant, args..., bounds);
    });
  }
};

// Where a page ends that is narrowed by what its key does not have. The server passes over rows
// that are not answered, so a page ends, with its Link, at a place so many rows on, whether it is
// full or not. A third of the 1,000 rows that may be read are read to find the place, and a third
// once more where texts came cut.
inline constexpr std::int64_t most_rows_passed = 330;

template <class... Args>
struct Places : BothOrders<Position, Args...> {
  template <std::size_t N, std::size_t M>
  consteval Places(const base::Literal<N>& text, const char (&column)[M])
      : BothOrders<Position, Args...>(text, column, one_further_on) {}

  // Lets the page end there at the latest. Answers the place; nullopt: the list ends before it.
  std::optional<Position> limit(db::Connection& db, const db::Tenant& tenant, Page& page,
                                const std::type_identity_t<Args>&... args) const {
    auto passing = page;
    passing.rows = most_rows_passed - 1;
    const auto places = this->all(db, tenant, passing, args...);
    if (places.empty()) return std::nullopt;
    page.end_at(places.front());
    return places.front();
  }
};

// A list of rows with long texts: all of it, what one key has, and what filters without a key leave
// of it. Filters says what is given: key(), the key's text if it is; narrow(), whether any of the
// others is; and `q`, what is searched for.
template <class Row, class Filters>
struct FilteredList {
  const BothOrders<Sized<Row>, TextCut> all;
  const BothOrders<Sized<Row>, TextCut, Filters> fitting;
  const BothOrders<Sized<Row>, TextCut, std::string, Filters> of_key;
  const Places<> places;

  // `columns` begins the statement; the table and the company follow in `from`, with the key in
  // `of_key`; `filters` is what narrows it. `column` is that of the time by which the list goes.
  template <std::size_t A, std::size_t B, std::size_t C, std::size_t D, std::size_t E>
  consteval FilteredList(const char (&columns)[A], const char (&from)[B], const char (&of_key)[C],
                         const char (&filters)[D], const char (&column)[E])
      : all(columns + base::Literal(from), column),
        fitting(columns + base::Literal(from) + filters, column),
        of_key(columns + base::Literal(of_key) + filters, column),
        places("SELECT " + base::Literal(column) + " AS time, id" + from, column) {}

  static Filters filters();  // for its type
};

}  // namespace rest
