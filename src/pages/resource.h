// pages/resource.h — an API answer as a page for a person.
#pragma once
#include "http/response.h"
#include "rest/context.h"

namespace pages {

// The answer's status, headers and JSON, what the visitor can do next, and what was wrong. Keeps
// the status, but for a 204, whose page could not be shown.
http::Response api_page(rest::Context& context, http::Response answer);

}  // namespace pages
