// server/hints.cc — see hints.h. Tests: tests/server/hints_test.cc.
#include "server/hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "http/form.h"

namespace server {
namespace {

using base::Code;

// The scheme of the Authorization header, in lower case.
std::string scheme_of(const http::Request& request) {
  const auto header = request.header("authorization").value_or("");
  return base::ascii_lower(header.substr(0, header.find(' ')));
}

std::string hint_for(const base::Error& error, const http::Request& request) {
  const auto is = [&](Code code) { return error.code == code; };
  const bool misses_type =
      (is(Code::invalid) || is(Code::unsupported_media_type)) && http::looks_like_json(request);
  if (misses_type)
    return "The body looks like JSON: send the header Content-Type: application/json.";
  if (is(Code::unsupported_media_type))
    return "Send JSON with the header Content-Type: application/json, or a form.";
  if (is(Code::unauthorized)) {
    const auto scheme = scheme_of(request);
    if (!scheme.empty() && scheme != "bearer" && scheme != "basic")
      return "Send a token as Authorization: Bearer, or a name and a password as Basic.";
    if (error.reason == "token_not_valid" || error.reason == "user_not_found")
      return "The token has ended, or is none for this. POST auth/token/ gives an access token.";
  }
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
