// pages/docs.h — the reference of a version of the API, for people: drawn from the same document
// that programs read (rest/openapi.h), and readable without scripts.
#pragma once
#include "http/response.h"
#include "rest/context.h"

namespace pages {

http::Response docs_page(rest::Context& context, http::Headers& headers);

}  // namespace pages
