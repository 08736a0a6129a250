// server/override.cc — see override.h.
#include "server/override.h"

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

// A field counts as a header, where that did not come or is empty.
void to_header(http::Request& request, std::string_view header, std::string_view field) {
  if (!request.header(header).value_or("").empty()) return;
  if (const auto value = request.form_field(field); value && !value->empty())
    request.headers.emplace_back(std::string(header), std::string(*value));
}

// Browsers send every line break of a text area as CR LF (HTML, "form-data set"): a text must not
// grow by being looked at and sent back.
void use_plain_line_breaks(std::string& text) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size(); i++)
    if (text.compare(i, 2, "\r\n") != 0) text[length++] = text[i];
  text.resize(length);
}

}  // namespace

std::optional<Override> override_request(http::Request& request) {
  if (request.method != Method::post) return std::nullopt;
  const auto method = request.form_field("_method");
  if (!method && !request.form_field("_content")) return std::nullopt;

  if (method) {
    const auto known = http::method_of(*method);
    request.method = is_allowed(known) ? known : Method::other;
    request.method_name = is_allowed(known) ? *method : "?";
  }
  const Override meant{.asks_first = request.form_field("_confirm") == "ask"};
  to_header(request, "x-csrftoken", auth::csrf_field);
  to_header(request, "x-company", "x_company");
  to_header(request, "idempotency-key", "idempotency_key");
  if (request.media_type() == "application/x-www-form-urlencoded")
    for (auto& [name, text] : request.form->fields) use_plain_line_breaks(text);
  if (const auto content = request.form_field("_content")) {
    request.body = *content;
    request.content_type = request.form_field("_content_type").value_or("application/json");
    request.form.reset();
    if (http::has_form(request)) http::read_form(request);
  }
  return meant;
}

}  // namespace server
