// http/response.h — what is answered to one request.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

// The headers of an answer, in the order in which they are set; a name may come more than once.
class Headers {
 public:
  void set(std::string_view name, std::string_view value) {
    list_.emplace_back(std::string(name), std::string(value));
  }
  // The last value of a header; nullptr: it is not there.
  const std::string* find(std::string_view name) const;

  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> list_;
};

struct Response {
  int status = 200;
  Headers headers = {};
  std::string content_type = {};  // empty when there is no body
  std::string body = {};

  void set(std::string_view name, std::string_view value) { headers.set(name, value); }
};

// "404 Not Found", as a FastCGI Status header and a page say it.
std::string status_line(int status);

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
void set_cookie(Headers& headers, const Cookie& cookie, bool https);

// The name under which a cookie goes over the wire: "__Host-sessionid" on https.
std::string cookie_name(std::string_view name, bool https);

}  // namespace http
