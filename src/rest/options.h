// rest/options.h — the answer to OPTIONS.
#pragma once
#include "http/response.h"
#include "rest/context.h"

namespace rest {

// What the resource is and, where the caller may write, its fields.
http::Response options(Context& context);

}  // namespace rest
