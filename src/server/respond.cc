// server/respond.cc — see respond.h.
#include "server/respond.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "auth/sessions.h"
#include "base/log.h"
#include "base/text.h"
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

// That a route will go, and what one uses instead (RFC 9745, RFC 8594, RFC 5829).
void add_farewell(const rest::Context& context, http::Headers& headers) {
  const auto& farewell = *context.route.farewell;
  headers.set("Deprecation", fmt::format("@{}", farewell.deprecated));
  if (farewell.sunset != 0)
    headers.set("Sunset",
                fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(farewell.sunset)));
  headers.set("Link", fmt::format("<{}{}>; rel=\"successor-version\"",
                                  context.routes.versions.back().prefix, farewell.successor));
}

// What every answer of a known URL has.
void add_common(const rest::Context& context, http::Headers& headers) {
  if (context.route.farewell) add_farewell(context, headers);
  headers.set("Allow", rest::allowed_methods(context.route));
  if (context.route.poll_seconds != 0)
    headers.set("X-Poll-Interval", std::to_string(context.route.poll_seconds));
  if (const auto ignored = context.ignored(); !ignored.empty() && !context.version.refuses_unknown)
    headers.set("X-Ignored", ignored.header());
  headers.set("Vary", "Accept, Cookie, Authorization");
  if (context.caller.dead_session) auth::clear_session_cookie(headers, context.config.https());
}

// What there is to say of a path below no version of ours: " There are …"; else "".
std::string missing(const rest::Routes& routes, std::string_view path) {
  if (!path.starts_with("/api/v") || rest::take_version(routes, path)) return "";
  std::string sentence = " The versions of this API are";
  for (const auto& version : routes.versions)
    sentence +=
        (&version == &routes.versions.front() ? " " : " and ") + std::string(version.prefix);
  return sentence + ".";
}

// Only a route whose row says so leads nginx anywhere, and nothing else of an answer does.
void refuse_to_lead(const rest::Context& context, const rest::Answer& answer) {
  const bool leads = std::ranges::any_of(answer.headers, [](const auto& header) {
    return base::ascii_iequals(header.first.substr(0, 8), "x-accel-");
  });
  if (leads || (!answer.ticket.empty() && !context.route.is_stream()))
    throw Error(Code::internal, "Internal server error.");
}

// The answer as JSON.
Response json_response(const rest::Context& context, const rest::Answer& answer) {
  auto response = rest::conditional_response(context, answer);
  add_common(context, response.headers);
  if (!answer.ticket.empty()) {
    response.set("X-Accel-Redirect", context.route.hands_over_to);
    response.set("X-Partywall-Ticket", answer.ticket);
  }
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
  refuse_to_lead(context, answer);
  const bool is_html = context.format == Format::html;
  const bool silent = answer.status == 204 && context.from_page;
  if (answer.has_page() || (is_html && (answer.document || silent)))
    return page_response(context, answer);
  return json_response(context, answer);
}

Response unknown_url(const rest::Routes& routes, const http::Request& request) {
  if (rest::resolve(routes, request.path + "/")) {
    const bool safe = request.method == Method::get || request.method == Method::head;
    const bool keeps = !request.query.empty() && request.query.size() <= http::most_repeated_bytes;
    return rest::as_response(
        rest::redirect(safe ? 301 : 308, request.path + "/" + (keeps ? "?" + request.query : "")),
        {}, 0);
  }
  const auto sentence = missing(routes, request.path);
  if (http::prefers_html(accept_of(request)))
    return pages::plain_page(404, {"Not Found", "There is nothing at this address." + sentence});
  return error_response(routes, request, Error(Code::not_found, "Not found." + sentence));
}

Response error_response(const rest::Routes& routes, const http::Request& request,
                        const Error& error) {
  std::string_view path = request.path;
  const auto* version = rest::take_version(routes, path);
  const rest::Urls urls{.version = version ? version : &rest::version_1};
  return rest::as_response(rest::error_answer(error, request.id), urls, 0);
}

}  // namespace server
