// rest/crud.h — the handlers that say nothing but their statement.
//
//   {Method::get, Access::staff, show_row<select_one>}
#pragma once
#include <cstddef>
#include <tuple>

#include "rest/context.h"
#include "rest/schema.h"

namespace rest {

// What list_rows does with each kind of statement.
template <class Row>
Answer list_page(Context& context, const db::Scoped<Row, Page>& select_page) {
  const auto page = context.read_page();
  return context.list(context.db.all(select_page, context.who().tenant, page), page);
}
template <class Row, class Filters>
Answer list_page(Context& context, const BothOrders<Row, Filters, Page>& select_page) {
  base::Problems problems;
  const auto filters = context.read_filters<Filters>(problems);
  const auto page = context.read_page(problems, &select_page.timeline);
  return context.list(context.db.all(select_page.of(page), context.who().tenant, filters, page),
                      page);
}

template <class Row, class Filters>
Answer list_page(Context& context,
                 const BothOrders<Sized<Row>, TextCut, Filters, Page>& select_page) {
  base::Problems problems;
  const auto filters = context.read_filters<Filters>(problems);
  auto page = context.read_page(problems, &select_page.timeline);
  const auto read = [&](TextCut cut) {
    return context.db.all(select_page.of(page), context.who().tenant, cut, filters, page);
  };
  const auto read_whole = [&](const auto& rows) {
    page.rows = static_cast<std::int64_t>(rows.size());
    return read(no_cut);
  };
  auto [rows, more] = fit(read({}), page, read_whole);
  return context.list(std::move(rows), more);
}

// A page of the company's rows: of all, or of those that the filters leave, in either order.
template <const auto& select_page>
Answer list_rows(Context& context) {
  return list_page(context, select_page);
}

// The query parameters that list_rows reads (Route::list): the filters are the last argument but
// one.
template <class Row, class... Args>
consteval Listing listing_of(const BothOrders<Row, Args...>& select_page) {
  using Filters = std::tuple_element_t<sizeof...(Args) - 2, std::tuple<Args...>>;
  return {describe_filters<Filters>, &select_page.timeline};
}

// The row that the path names; 404 when the company has none.
template <const auto& select_one>
Answer show_row(Context& context) {
  return context.ok(context.db.one(select_one, context.who().tenant, context.id));
}

// What update_row does with each kind of statement.
template <class In>
void run_update(Context& context, const db::Scoped<void, In, base::Uuid>& update_one) {
  context.db.run(update_one, context.who().tenant, context.read<In>(), context.id);
}
template <class In>
void run_update(Context& context, const db::Scoped<void, In, base::Time, base::Uuid>& update_one) {
  context.db.run(update_one, context.who().tenant, context.read<In>(), base::Time::now(),
                 context.id);
}

// Changes the row that the path names as the body says, and shows it. The statement takes what is
// read from the body and the id; between them, where a row keeps it, the time of the change.
template <const auto& select_one, const auto& update_one>
Answer update_row(Context& context) {
  context.db.one(select_one, context.who().tenant, context.id);
  run_update(context, update_one);
  return show_row<select_one>(context);
}

// Runs a delete; 404 when nothing was there. Notes it in the audit where `event` has a name.
template <class... Args>
Answer delete_noted(Context& context, std::string_view event,
                    const db::Scoped<void, base::Uuid, Args...>& delete_one, const Args&... args) {
  const auto work = [&] {
    if (context.db.run(delete_one, context.who().tenant, context.id, args...) == 0)
      base::not_found();
    if (!event.empty()) context.audit(event, {}, context.id.text());
  };
  if (event.empty())
    work();
  else
    context.db.transaction(work);
  return no_content();
}

// Deletes the row, for whoever the route lets in.
template <const auto& delete_one, base::Literal event = "">
Answer delete_row(Context& context) {
  return delete_noted(context, event.text, delete_one);
}

// The same, for admins. Others get 403 for a row that they can see, and 404 for one that is not
// there.
template <const auto& select_one, const auto& delete_one>
Answer delete_by_admin(Context& context) {
  context.db.one(select_one, context.who().tenant, context.id);
  if (!context.is_admin()) base::forbidden();
  return delete_row<delete_one>(context);
}

// The same, where only the caller's own rows are there: the statement's last argument is the user.
template <const auto& delete_one, base::Literal event = "">
Answer delete_own_row(Context& context) {
  return delete_noted(context, event.text, delete_one, context.who().user_id);
}

// What a page asks for delete_by_admin (Operation::permitted).
inline bool caller_is_admin(Context& context) { return context.is_admin(); }

// For If-Match: locks the row, if it is there.
template <const auto& select_for_update>
void lock_row(Context& context) {
  context.db.find(select_for_update, context.who().tenant, context.id);
}

}  // namespace rest
