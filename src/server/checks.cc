// server/checks.cc — see checks.h.
#include "server/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "auth/csrf.h"
#include "auth/sessions.h"
#include "base/error.h"
#include "base/text.h"
#include "rest/unknown.h"

namespace server {
namespace {

using base::Code;
using base::Error;
using http::Format;

// nginx hands a header that came twice over twice, and since 1.23 as one: cookies joined by "; ",
// the rest by ", " (RFC 9110 section 5.3). Neither a key nor a company's id has a comma in it; of
// cookies it is the name that comes twice then. A second Authorization nginx refuses itself.
void check_single(const http::Request& request, bool https) {
  const auto refuse = [](std::string_view what, std::string_view name) {
    throw Error(Code::invalid, fmt::format("The {} {} may come only once.", what, name));
  };
  for (const auto name : {"cookie", "authorization", "idempotency-key", "x-company"})
    if (request.count(name) > 1) refuse("header", name);
  for (const auto name : {"idempotency-key", "x-company"})
    if (request.header(name).value_or("").find(',') != std::string_view::npos)
      refuse("header", name);
  for (const auto each : {auth::session_cookie, auth::csrf_cookie}) {
    const auto name = http::cookie_name(each, https);
    if (request.count_cookie(name) > 1) refuse("cookie", name);
  }
}

}  // namespace

std::string_view accept_of(const http::Request& request) {
  return request.header("accept").value_or("");
}

void check_transport(const http::Request& request, bool https) {
  if (request.body_is_short) throw Error(Code::invalid, "The request body is incomplete.");
  if (request.body_is_too_large) throw Error(Code::too_large, "Request body is too large.");
  check_single(request, https);
}

Format choose_format(const http::Request& request, const rest::Version& version) {
  std::optional<Format> only;
  if (const auto name = request.parameter("format"); name && version.takes_format) {
    if (*name != "json" && *name != "api") base::not_found();
    only = *name == "json" ? Format::json : Format::html;
  }
  const auto format = http::negotiate(accept_of(request), only, version.errors_are_problems);
  if (!format) throw Error(Code::not_acceptable, "Could not satisfy the request Accept header.");
  return *format;
}

void check_company(const rest::Context& context) {
  const auto header = context.request.header("x-company");
  const auto said = header ? *header : context.request.form_field("x_company").value_or("");
  if (said.empty() && !header) return;
  const auto company = base::Uuid::parse_any_case(said);
  if (!company) base::invalid("X-Company", "Must be a valid UUID.");
  if (*company != context.who().company_id)
    throw Error(Code::conflict, "You are working in another company now.");
}

void check_key(const rest::Context& context) {
  if (context.request.header("idempotency-key") &&
      !context.route.makes_rows(context.request.method))
    base::invalid("Idempotency-Key", "This request takes no key.");
}

void check_no_body(const rest::Context& context) {
  const auto& request = context.request;
  if (context.route.takes_body(request.method) || context.from_page ||
      !context.version.refuses_unknown)
    return;
  const bool has_page_fields = request.form && !request.form->has_files &&
                               std::ranges::all_of(request.form->fields, [](const auto& field) {
                                 return rest::is_of_page(field.first);
                               });
  const auto body = base::trim(request.body);
  if (!body.empty() && body != "{}" && !has_page_fields)
    throw Error(Code::invalid, "This request takes no body.");
}

}  // namespace server
