// pages/resource.h — an answer as a page for a person.
#pragma once
#include "http/response.h"
#include "rest/answer.h"
#include "rest/context.h"

namespace pages {

// Where the answer has a page of its own, that; else its status, headers and document, what one can
// do next, and what was wrong. Keeps the status, but for a 204, whose page could not be shown.
http::Response page(rest::Context& context, rest::Answer answer);

}  // namespace pages
