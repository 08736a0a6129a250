// server/hints.cc — see hints.h. Tests: tests/server/hints_test.cc.
#include "server/hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"

namespace server {
namespace {

using base::Code;

bool looks_like_json(std::string_view body) {
  const auto text = base::trim(body);
  return !text.empty() && (text.front() == '{' || text.front() == '[');
}

// The scheme of the Authorization header, in lower case.
std::string scheme_of(const http::Request& request) {
  const auto header = request.header("authorization").value_or("");
  std::string scheme(header.substr(0, std::min(header.find(' '), header.size())));
  for (char& c : scheme)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return scheme;
}

std::string hint_for(const base::Error& error, const http::Request& request) {
  const auto is = [&](Code code) { return error.code == code; };
  const bool misses_type = (is(Code::invalid) || is(Code::unsupported_media_type)) &&
                           request.media_type() != "application/json" &&
                           looks_like_json(request.body);
  if (misses_type)
    return "The body looks like JSON: send the header Content-Type: application/json.";
  if (is(Code::unsupported_media_type))
    return "Send JSON with the header Content-Type: application/json, or a form.";
  if (is(Code::unauthorized)) {
    const auto scheme = scheme_of(request);
    if (!scheme.empty() && scheme != "bearer" && scheme != "basic")
      return "Send a token as Authorization: Bearer, or a name and a password as Basic.";
  }
  if (is(Code::forbidden) && error.message.starts_with("CSRF Failed"))
    return "Send the value of the cookie csrftoken in the header X-CSRFToken. A token needs none.";
  if (is(Code::too_many_requests) || is(Code::unavailable))
    return fmt::format("Try again in {} s.", std::max(1, error.retry_after_seconds));
  return "";
}

}  // namespace

base::Error with_hint(base::Error error, const http::Request& request) {
  if (error.hint.empty()) error.hint = hint_for(error, request);
  return error;
}

}  // namespace server
