// rest/errors.h — an Error as an answer: its status, its JSON, its headers.
#pragma once
#include "base/error.h"
#include "http/response.h"

namespace rest {

// {"detail": ...} or, for bad fields, {"field": ["sentence", ...]}, nested along the dots.
http::Response error_response(const base::Error& error, int indent);

}  // namespace rest
