// app/options.h — the answer to OPTIONS.
#pragma once
#include "app/call.h"
#include "http/response.h"

namespace app {

// What the resource is and, where the caller may write, its fields.
http::Response options(Call& call);

}  // namespace app
