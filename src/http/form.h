// http/form.h — the body of a request as a Value, whatever its media type.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "http/json.h"
#include "http/request.h"

namespace http {

// The pairs of a multipart/form-data body (RFC 7578). Files are ignored; at most 1000 parts.
// Throws base::Error{invalid, "Multipart form parse error - ..."}.
Pairs parse_multipart(std::string_view body, std::string_view content_type);

struct Body {
  Value value;             // an empty object when there is no body
  bool from_form = false;  // then "" means "not given" for fields that are not required
};

// Reads application/json, application/x-www-form-urlencoded and multipart/form-data.
// Of a form, "company.name" becomes a member of the object "company"; the last of equal names wins;
// names and values must be well-formed UTF-8.
// Throws base::Error: unsupported_media_type, or invalid with what does not parse.
Body read_body(const Request& request);

// The fields of a form body, for whoever looks for several: a multipart body is parsed once.
class FormFields {
 public:
  // The request is lent for the lifetime.
  explicit FormFields(const Request& request);
  // The last field of that name; nullopt when there is none, or the body is no form or malformed.
  std::optional<std::string> find(std::string_view name) const;

 private:
  std::string_view urlencoded_;
  Pairs parts_;
};

// One field of a form body, for the CSRF check; nullopt for other bodies or when absent or
// malformed. Never throws.
std::optional<std::string> form_field(const Request& request, std::string_view name);

}  // namespace http
