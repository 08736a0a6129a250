// rest/preconditions.h — If-Match and If-None-Match (RFC 9110 section 13): nobody overwrites what
// they have not seen.
//
// Of what has a tag (Route::shown) every answer of a state carries it: GET, what a PUT or PATCH
// changed, what a POST to a list made. A condition on a change is looked at inside its transaction,
// with the row locked until the end. What cannot be held still, a list, or has no tag at all, a
// login, cannot be changed under a condition: that is a 412, never a condition that is passed over.
#pragma once
#include "http/response.h"
#include "rest/answer.h"
#include "rest/context.h"

namespace rest {

// Whether a request has a condition that its change depends on.
bool has_condition(const http::Request& request);

// Where there is nothing to lock: throws base::Error{precondition_failed} unless the condition
// holds of whatever is here.
void check_without_lock(const Context& context);

// Inside the transaction of the change: locks what the path names, and throws
// base::Error{precondition_failed} unless the condition holds of it. 404 when nothing is there.
void check_locked(Context& context);

// The answer as JSON with its tag, or the 304 or 412 that the condition of a GET makes of it.
http::Response conditional_response(const Context& context, const Answer& answer);

}  // namespace rest
