// app/handlers.h — the handlers that say nothing but their statement.
//
//   {Method::get, Access::staff, show_row<select_one>}
#pragma once
#include "app/call.h"

namespace app {

// A page of the company's rows.
template <const auto& select_page>
http::Response list_rows(Call& call) {
  const auto page = call.read_page();
  return call.list(call.rows(select_page, page), page);
}

// The row that the path names; 404 when the company has none.
template <const auto& select_one>
http::Response show_row(Call& call) {
  return call.ok(call.db.one(select_one, call.who().tenant, call.id));
}

// Deletes it, for whoever the route lets in.
template <const auto& delete_one>
http::Response delete_row(Call& call) {
  if (call.db.run(delete_one, call.who().tenant, call.id) == 0) base::not_found();
  return http::no_content();
}

// The same, for admins. Others get 403 for a row that they can see, and 404 for one that is not
// there.
template <const auto& select_one, const auto& delete_one>
http::Response delete_row_as_admin(Call& call) {
  call.db.one(select_one, call.who().tenant, call.id);
  if (!call.is_admin()) base::forbidden();
  return delete_row<delete_one>(call);
}

// What a page asks for that one (Operation::permitted).
inline bool caller_is_admin(Call& call) { return call.is_admin(); }

// The same, where only the caller's own rows are there: the statement's last argument is the user.
template <const auto& delete_one>
http::Response delete_own_row(Call& call) {
  if (call.db.run(delete_one, call.who().tenant, call.id, call.who().user_id) == 0)
    base::not_found();
  return http::no_content();
}

// For If-Match: locks the row, if it is there.
template <const auto& select_for_update>
void lock_row(Call& call) {
  call.db.find(select_for_update, call.who().tenant, call.id);
}

}  // namespace app
