// http/request.h — one HTTP request as nginx hands it over, complete with its body.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace http {

enum class Method { get, head, options, post, put, patch, delete_, other };

Method method_of(std::string_view name);  // methods are case-sensitive (RFC 9110 section 9.1)
std::string_view name_of(Method method);  // "GET", ...; "?" for other
constexpr bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

// Decoded names and values in the order in which they came; a name may come more than once.
using Pairs = std::vector<std::pair<std::string, std::string>>;

// The fields of a form, or why it cannot be read; then it has none.
struct Form {
  Pairs fields;
  bool has_files = false;  // parts that are files, which are not read
  std::optional<base::Error> problem = {};
};

struct Request {
  Method method = Method::get;
  std::string method_name = "GET";
  std::string path;   // raw, as the client wrote it: routing never sees a decoded path
  std::string query;  // raw, without '?'
  Pairs headers;      // lower-case names
  std::string content_type;
  std::string body;
  bool body_is_short = false;      // fewer bytes came than were declared: nothing may be executed
  bool body_is_too_large = false;  // then the body was not read
  std::string scheme = "http";
  std::string remote_address;
  std::int64_t sent_at_millis = 0;  // when nginx passed it on, since 1970; 0: not known
  std::string id;                   // nginx's $request_id
  std::optional<Form> form;         // of a body that is one, once it was read (http/form.h)
  std::string files_of;             // the host whose files nginx can hand out; "": none

  // The first value of a header (name in lower case); nullopt when it did not come.
  std::optional<std::string_view> header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // The value of a cookie; the first one wins.
  std::optional<std::string_view> cookie(std::string_view name) const;
  std::size_t count_cookie(std::string_view name) const;
  // A field of the form, the last of its name; nullopt when it did not come.
  std::optional<std::string_view> form_field(std::string_view name) const;
  // "application/json" for "Application/JSON; charset=utf-8"; "" without a Content-Type.
  std::string media_type() const;
  // The value of a query parameter, decoded; the last one wins, as in the reference. It is
  // well-formed UTF-8, since it may be echoed: other bytes become U+FFFD.
  std::optional<std::string> parameter(std::string_view name) const;
};

// "a%20b+c" → "a b c". Malformed escapes stay as they are.
std::string decode_percent(std::string_view text, bool plus_is_blank);
// Everything but RFC 3986's unreserved characters becomes %XX.
std::string encode_percent(std::string_view text);
// "a=1&b=2" → pairs. Also the body of application/x-www-form-urlencoded.
Pairs parse_urlencoded(std::string_view text);
// Pairs → "a=1&b=2".
std::string write_urlencoded(const Pairs& pairs);
// The last value of a name in such a text, decoded; what has other names is passed over unread.
std::optional<std::string> find_urlencoded(std::string_view text, std::string_view name);

}  // namespace http
