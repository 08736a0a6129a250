// app/pages.h — an API answer as a page for a person.
#pragma once
#include "app/call.h"
#include "http/response.h"

namespace app {

// The answer's status, headers and JSON, what the visitor can do next, and what was wrong. Keeps
// the status, but for a 204, whose page could not be shown.
http::Response api_page(Call& call, http::Response answer);

}  // namespace app
