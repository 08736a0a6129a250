// server/respond.cc — see respond.h.
#include "server/respond.h"

#include "auth/sessions.h"
#include "base/log.h"
#include "http/negotiate.h"
#include "pages/frame.h"
#include "pages/resource.h"
#include "rest/preconditions.h"
#include "server/checks.h"

namespace server {
namespace {

using base::Code;
using base::Error;
using http::Format;
using http::Method;
using http::Response;

// What every answer of a known URL has.
void add_common(const rest::Context& context, http::Headers& headers) {
  headers.set("Allow", rest::allowed_methods(context.route));
  headers.set("Vary", "Accept, Cookie, Authorization");
  if (context.caller.dead_session) auth::clear_session_cookie(headers, context.config.https());
}

// The answer as JSON.
Response json_response(const rest::Context& context, const rest::Answer& answer) {
  auto response = rest::conditional_response(context, answer);
  add_common(context, response.headers);
  return response;
}

// The answer as a page. What was done was done: it is told as JSON where no page can be drawn.
Response page_response(rest::Context& context, const rest::Answer& answer) {
  try {
    auto headers = answer.headers;
    add_common(context, headers);
    return pages::page(context, answer, std::move(headers));
  } catch (const Error& error) {
    if (http::is_safe(context.request.method)) throw;
    base::log_cause(error);
    return json_response(context, answer);
  }
}

}  // namespace

Response respond(rest::Context& context, const rest::Answer& answer) {
  const bool is_html = context.format == Format::html;
  const bool silent = answer.status == 204 && context.from_page;
  if (answer.has_page() || (is_html && (answer.document || silent)))
    return page_response(context, answer);
  return json_response(context, answer);
}

Response unknown_url(rest::Routes routes, const http::Request& request) {
  if (rest::resolve(routes, request.path + "/")) {
    const bool safe = request.method == Method::get || request.method == Method::head;
    const bool keeps = !request.query.empty() && request.query.size() <= http::most_repeated_bytes;
    return rest::as_response(
        rest::redirect(safe ? 301 : 308, request.path + "/" + (keeps ? "?" + request.query : "")),
        {}, 0);
  }
  if (http::prefers_html(accept_of(request)))
    return pages::plain_page(404, {"Not Found", "There is nothing at this address."});
  return error_response(Error(Code::not_found, "Not found."));
}

Response error_response(const Error& error) {
  return rest::as_response(rest::error_answer(error), {}, 0);
}

}  // namespace server
