// rest/crud.h — the handlers that say nothing but their statement.
//
//   {Method::get, Access::staff, show_row<select_one>}
#pragma once
#include <cstdint>
#include <optional>
#include <type_traits>

#include "rest/context.h"
#include "rest/list_statement.h"
#include "rest/schema.h"

namespace rest {

// The id of a row that was locked.
struct RowId {
  base::Uuid id;
  FIELDS(RowId, id)
};

// A page of the company's rows.
template <const auto& select_page>
Answer list_rows(Context& context) {
  const auto page = context.read_page();
  return context.list(select_page.all(context.db, context.who().tenant, page), page);
}

// A page of rows with long texts. `place` is where the page was ended early, if it was; `args` are
// what narrows the list, in the statement's order.
template <class Row, class... Args>
Answer list_fitting(Context& context, Page page, const std::optional<Position>& place,
                    const BothOrders<Sized<Row>, TextCut, Args...>& select_page,
                    const std::type_identity_t<Args>&... args) {
  const auto read = [&](TextCut cut) {
    return select_page.all(context.db, context.who().tenant, page, cut, args...);
  };
  const auto read_whole = [&](const auto& rows) {
    page.rows = static_cast<std::int64_t>(rows.size());
    return read(no_cut);
  };
  auto [rows, more] = fit(read({}), page, read_whole);
  return context.list(std::move(rows), more, place);
}

// The same of a list that filters may narrow; what is searched for (`q`) comes newest first.
template <const auto& list>
Answer filtered_rows(Context& context) {
  base::Problems problems;
  const auto filters = context.read_filters<decltype(list.filters())>(problems);
  auto page = context.read_page(problems, filters.q.is_given);
  if (filters.key()) return list_fitting(context, page, {}, list.of_key, *filters.key(), filters);
  if (!filters.narrow()) return list_fitting(context, page, {}, list.all);
  const auto place = list.places.limit(context.db, context.who().tenant, page);
  return list_fitting(context, page, place, list.fitting, filters);
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

// For If-Match: locks the row, if it is there.
template <const auto& select_for_update>
void lock_row(Context& context) {
  context.db.find(select_for_update, context.who().tenant, context.id);
}

}  // namespace rest
