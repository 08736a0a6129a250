// http/response.h — what is answered to one request.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string content_type = {};  // empty when there is no body
  std::string body = {};
  std::string state =
      {};  // the thing that is shown, always in one form (http/etag.h); "" for lists

  void set(std::string_view name, std::string_view value) {
    headers.emplace_back(std::string(name), std::string(value));
  }
};

// "404 Not Found", as a FastCGI Status header and a page say it.
std::string status_line(int status);

inline Response no_content() { return {.status = 204}; }
Response redirect(int status, std::string_view location);
// What a Location repeats of a request has at most so many bytes; more is left out. A header must
// not grow with the request: nginx takes 16 KiB of them, and answers 502 beyond.
inline constexpr std::size_t most_repeated_bytes = 2048;

// A Set-Cookie header (RFC 6265bis): Path=/, SameSite=Lax, Secure and the __Host- prefix on https.
struct Cookie {
  std::string_view name;
  std::string value;
  int max_age_seconds;  // 0 deletes the cookie
  bool http_only;
};
void set_cookie(Response& response, const Cookie& cookie, bool https);

// The name under which a cookie goes over the wire: "__Host-sessionid" on https.
std::string cookie_name(std::string_view name, bool https);

}  // namespace http
