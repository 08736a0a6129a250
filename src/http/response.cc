// http/response.cc — see response.h.
#include "http/response.h"

#include <fmt/format.h>

#include "base/clock.h"

namespace http {
namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    default: return "Internal Server Error";
  }
}

}  // namespace

const std::string* Headers::find(std::string_view name) const {
  const std::string* found = nullptr;
  for (const auto& [key, value] : list_)
    if (key == name) found = &value;
  return found;
}

std::string status_line(int status) { return fmt::format("{} {}", status, reason(status)); }

std::string cookie_name(std::string_view name, bool https) {
  return https ? fmt::format("__Host-{}", name) : std::string(name);
}

void set_cookie(Headers& headers, const Cookie& cookie, bool https) {
  const auto expires = cookie.max_age_seconds == 0
                           ? base::Time{0}
                           : base::Time::now().plus_seconds(cookie.max_age_seconds);
  headers.set(
      "Set-Cookie",
      fmt::format("{}={}; Path=/; Max-Age={}; Expires={}; SameSite=Lax{}{}",
                  cookie_name(cookie.name, https), cookie.value, cookie.max_age_seconds,
                  expires.http(), cookie.http_only ? "; HttpOnly" : "", https ? "; Secure" : ""));
}

}  // namespace http
