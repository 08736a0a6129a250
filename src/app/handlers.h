// app/handlers.h — the handlers that say nothing but their statement.
//
//   {Method::get, Access::staff, show_row<select_one>}
#pragma once
#include <exception>

#include "app/call.h"

namespace app {

// What list_rows does with each kind of statement. A view with a timeline has BothOrders.
template <class Row>
http::Response list_page(Call& call, const db::Scoped<Row, Page>& select_page) {
  if (call.view.timeline) std::terminate();
  const auto page = call.read_page();
  return call.list(call.db.all(select_page, call.who().tenant, page), page);
}
template <class Row, class Filters>
http::Response list_page(Call& call, const BothOrders<Row, Filters, Page>& select_page) {
  base::Problems problems;
  const auto filters = call.read_filters<Filters>(problems);
  const auto page = call.read_page(problems);
  return call.list(call.db.all(select_page.of(page), call.who().tenant, filters, page), page);
}

template <class Row, class Filters>
http::Response list_page(Call& call,
                         const BothOrders<Sized<Row>, TextCut, Filters, Page>& select_page) {
  base::Problems problems;
  const auto filters = call.read_filters<Filters>(problems);
  auto page = call.read_page(problems);
  const auto read = [&](TextCut cut) {
    return call.db.all(select_page.of(page), call.who().tenant, cut, filters, page);
  };
  const auto read_whole = [&](const auto& rows) {
    page.rows = static_cast<std::int64_t>(rows.size());
    return read(no_cut);
  };
  auto [rows, more] = fit(read({}), page, read_whole);
  return call.list(std::move(rows), more);
}

// A page of the company's rows: of all, or of those that the filters leave, in either order.
template <const auto& select_page>
http::Response list_rows(Call& call) {
  return list_page(call, select_page);
}

// The row that the path names; 404 when the company has none.
template <const auto& select_one>
http::Response show_row(Call& call) {
  return call.ok(call.db.one(select_one, call.who().tenant, call.id));
}

// What update_row does with each kind of statement.
template <class In>
void run_update(Call& call, const db::Scoped<void, In, base::Uuid>& update_one) {
  call.db.run(update_one, call.who().tenant, call.read<In>(), call.id);
}
template <class In>
void run_update(Call& call, const db::Scoped<void, In, base::Time, base::Uuid>& update_one) {
  call.db.run(update_one, call.who().tenant, call.read<In>(), base::Time::now(), call.id);
}

// Changes the row that the path names as the body says, and shows it. The statement takes what is
// read from the body and the id; between them, where a row keeps it, the time of the change.
template <const auto& select_one, const auto& update_one>
http::Response update_row(Call& call) {
  call.db.one(select_one, call.who().tenant, call.id);
  run_update(call, update_one);
  return show_row<select_one>(call);
}

// Runs a delete; 404 when nothing was there. Notes it in the audit where `event` has a name.
template <class... Args>
http::Response delete_noted(Call& call, std::string_view event,
                            const db::Scoped<void, base::Uuid, Args...>& delete_one,
                            const Args&... args) {
  const auto work = [&] {
    if (call.db.run(delete_one, call.who().tenant, call.id, args...) == 0) base::not_found();
    if (!event.empty()) call.audit(event, {}, call.id.text());
  };
  if (event.empty())
    work();
  else
    call.db.transaction(work);
  return http::no_content();
}

// Deletes the row, for whoever the route lets in.
template <const auto& delete_one, base::Literal event = "">
http::Response delete_row(Call& call) {
  return delete_noted(call, event.text, delete_one);
}

// The same, for admins. Others get 403 for a row that they can see, and 404 for one that is not
// there.
template <const auto& select_one, const auto& delete_one>
http::Response delete_by_admin(Call& call) {
  call.db.one(select_one, call.who().tenant, call.id);
  if (!call.is_admin()) base::forbidden();
  return delete_row<delete_one>(call);
}

// What a page asks for that one (Operation::permitted).
inline bool caller_is_admin(Call& call) { return call.is_admin(); }

// The same, where only the caller's own rows are there: the statement's last argument is the user.
template <const auto& delete_one, base::Literal event = "">
http::Response delete_own_row(Call& call) {
  return delete_noted(call, event.text, delete_one, call.who().user_id);
}

// For If-Match: locks the row, if it is there.
template <const auto& select_for_update>
void lock_row(Call& call) {
  call.db.find(select_for_update, call.who().tenant, call.id);
}

}  // namespace app
