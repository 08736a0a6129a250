// rest/options.h — the answer to OPTIONS.
#pragma once
#include "rest/answer.h"
#include "rest/context.h"

namespace rest {

// What the resource is and, where the caller may write, its fields.
Answer options(Context& context);

}  // namespace rest
