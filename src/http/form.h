// http/form.h — the body of a request as a Value, whatever its media type.
#pragma once
#include <string>
#include <string_view>

#include "http/json.h"
#include "http/request.h"

namespace http {

// A multipart/form-data body (RFC 7578); at most 1000 parts.
// Throws base::Error{invalid, "Multipart form parse error - ..."}.
Form parse_multipart(std::string_view body, std::string_view content_type);

// Whether the body is application/x-www-form-urlencoded or multipart/form-data, and there whole.
bool has_form(const Request& request);
// Reads such a body into request.form; once, for all who ask for its fields. What is malformed is
// noted there.
void read_form(Request& request);

struct Body {
  Value value;             // an empty object when there is no body
  bool from_form = false;  // then "" means "not given" for fields that are not required
  bool has_files = false;  // of a form: parts that are files, which are not read
};

// Whether a body that is not said to be JSON begins as JSON does: `curl -d '{...}'` calls it a
// form.
bool looks_like_json(const Request& request);

// Reads application/json, or the form that read_form has read.
// Of a form, "company.name" becomes a member of the object "company"; the last of equal names wins;
// names and values must be well-formed UTF-8.
// Throws base::Error: unsupported_media_type, or invalid with what does not parse.
Body read_body(const Request& request);

}  // namespace http
