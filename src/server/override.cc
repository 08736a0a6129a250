// server/override.cc — see override.h.
#include "server/override.h"

#include <algorithm>
#include <string>

#include "auth/csrf.h"
#include "http/form.h"

namespace server {
namespace {

using http::Method;

bool is_allowed(Method method) {
  for (const auto each :
       {Method::post, Method::put, Method::patch, Method::delete_, Method::options})
    if (method == each) return true;
  return false;
}

// A field counts as a header, where the header did not come.
void to_header(http::Request& request, const http::FormFields& form, std::string_view header,
               std::string_view field) {
  if (request.header(header)) return;
  if (auto value = form.find(field); value && !value->empty())
    request.headers.emplace_back(std::string(header), *std::move(value));
}

// Browsers send every line break of a text area as CR LF (HTML, "form-data set"): a text must not
// grow by being looked at and sent back.
void use_plain_line_breaks(http::Request& request) {
  if (request.media_type() != "application/x-www-form-urlencoded") return;
  constexpr std::string_view crlf = "%0D%0A", cr = "%0D";
  const std::string_view sent = request.body;
  std::string plain;
  plain.reserve(sent.size());
  for (std::size_t from = 0; from < sent.size();) {
    const auto at = std::min(sent.find(crlf, from), sent.size());
    plain.append(sent.substr(from, at - from));
    from = at + cr.size();
  }
  request.body = std::move(plain);
}

}  // namespace

std::optional<http::Request> overridden(const http::Request& request) {
  if (request.method != Method::post || request.body_is_short || request.body_is_too_large)
    return std::nullopt;
  const http::FormFields form(request);
  const auto method = form.find("_method");
  const auto content = form.find("_content");
  if (!method && !content) return std::nullopt;

  auto meant = request;
  meant.from_page = true;
  if (method) {
    const auto known = http::method_of(*method);
    meant.method = is_allowed(known) ? known : Method::other;
    meant.method_name = is_allowed(known) ? *method : "?";
  }
  meant.asks_first = form.find("_confirm") == "ask";
  to_header(meant, form, "x-csrftoken", auth::csrf_field);
  to_header(meant, form, "x-company", "x_company");
  to_header(meant, form, "idempotency-key", "idempotency_key");
  use_plain_line_breaks(meant);
  if (content) {
    meant.content_type = form.find("_content_type").value_or("application/json");
    meant.body = *content;
  }
  return meant;
}

}  // namespace server
