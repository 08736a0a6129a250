// server/hints.h — what to do about an error, where its sentence does not say it: scripts are met
// halfway.
#pragma once
#include "base/error.h"
#include "http/request.h"

namespace server {

// The error with a hint, where there is one for it.
base::Error with_hint(base::Error error, const http::Request& request);

}  // namespace server
