// pages/resource.h — an answer as a page for a person.
#pragma once
#include "http/response.h"
#include "rest/answer.h"
#include "rest/context.h"

namespace pages {

// Where the answer has a page of its own, that; else its status, headers and document, what one can
// do next, and what was wrong. Keeps the status, but for a 204, whose page could not be shown.
// `headers` are the answer's and what the service adds; a cookie for the forms is added to them.
http::Response page(rest::Context& context, const rest::Answer& answer, http::Headers headers);

}  // namespace pages
