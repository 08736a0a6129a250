// rest/preconditions.cc — see preconditions.h. Tests: tests/rest/preconditions_test.cc.
#include "rest/preconditions.h"

#include <optional>
#include <string>

#include "http/etag.h"

namespace rest {
namespace {

using http::Method;

// A header that may come more than once, as one list (RFC 9110 section 5.3).
std::optional<std::string> list_of(const http::Request& request, std::string_view name) {
  std::optional<std::string> list;
  for (const auto& [key, value] : request.headers)
    if (key == name) list = list ? *list + "," + value : value;
  return list;
}

base::Error refusal(std::string message) {
  return base::Error(base::Code::precondition_failed, std::move(message));
}

// What is no tag names none (RFC 9110 section 8.8.3): who left its quotes away is told.
base::Error changed(std::string_view match) {
  auto error = refusal("The resource was changed meanwhile.");
  if (match.find('"') == match.npos && !http::names_any(match))
    error.hint = "Send the tag with its quotes: If-Match: \"...\".";
  return error;
}

// If-Unmodified-Since counts only without If-Match (section 13.1.4).
void check_dates(const http::Request& request) {
  if (request.header("if-unmodified-since") && !request.header("if-match"))
    throw refusal("No dates of changes are kept: use If-Match.");
}

bool is_read(Method method) { return method == Method::get || method == Method::head; }

// Whether an answer shows what is at its address, or what was made there.
bool is_tagged(const Context& context, const Answer& answer) {
  if ((!answer.document && !answer.text) || !context.route.shown()) return false;
  if (is_read(context.request.method)) return answer.status == 200;
  return (answer.status == 200 || answer.status == 201) && answer.document.has_state();
}

// A list is not the same where it goes on to another place.
std::string etag_of(const Answer& answer, const Urls& urls, std::string_view json) {
  const auto state = answer.document.state(urls);
  const auto* link = answer.headers.find("Link");
  return http::etag(state, link ? std::string(json) + *link : json);
}

}  // namespace

bool has_condition(const http::Request& request) {
  return request.header("if-match") || request.header("if-none-match") ||
         request.header("if-unmodified-since");
}

void check_without_lock(const Context& context) {
  check_dates(context.request);
  const auto match = list_of(context.request, "if-match");
  const auto none_match = list_of(context.request, "if-none-match");
  if (!context.route.shown()) {
    if (match) throw refusal("Nothing here has a tag that If-Match could name.");
    return;  // whatever If-None-Match names is not here
  }
  // That it is there can be said of a list, and no more.
  if (none_match || (match && !http::names_any(*match)))
    throw refusal("A list cannot be kept from changing: leave the condition out.");
}

void check_locked(Context& context) {
  check_dates(context.request);
  context.route.lock(context);
  const auto shown = context.route.shown()(context);
  const auto match = list_of(context.request, "if-match");
  const auto state = shown.document.state(context.urls());  // all that If-Match asks for
  if (match && !http::if_match_names(*match, http::etag(state, ""))) throw changed(*match);
  const auto none_match = list_of(context.request, "if-none-match");
  if (!none_match) return;
  const auto urls = context.urls_of(shown.document);
  const auto now = etag_of(shown, urls, shown.document.json(urls, context.indent()));
  if (http::if_none_match_names(*none_match, now)) throw refusal("The resource is there already.");
}

http::Response conditional_response(const Context& context, const Answer& answer) {
  const auto urls = context.urls_of(answer.document);
  auto response = as_response(answer, urls, context.indent());
  if (!is_tagged(context, answer)) return response;
  const auto etag = etag_of(answer, urls, response.body);
  if (is_read(context.request.method)) {
    const auto match = list_of(context.request, "if-match");
    if (match && !http::if_match_names(*match, etag))
      return as_response(error_answer(changed(*match), context.request.id), urls, context.indent());
    const auto none_match = list_of(context.request, "if-none-match");
    if (none_match && http::if_none_match_names(*none_match, etag)) {
      response.status = 304;
      response.content_type = response.body = "";
    }
  }
  response.set("ETag", etag);
  return response;
}

}  // namespace rest
