// server/conditions.h — If-Match and If-None-Match (RFC 9110 section 13): nobody overwrites what
// they have not seen.
//
// Of what has a tag (View::shown) every answer of a state carries it: GET, what a PUT or PATCH
// changed, what a POST to a list made. A condition on a change is looked at inside its transaction,
// with the row locked until the end. What cannot be held still, a list, or has no tag at all, a
// login, cannot be changed under a condition: that is a 412, never a condition that is passed over.
#pragma once
#include "app/call.h"
#include "http/response.h"

namespace server {

// Whether a request has a condition that its change depends on.
bool has_condition(const http::Request& request);

// Where there is nothing to lock: throws base::Error{precondition_failed} unless the condition
// holds of whatever is here.
void check_without_lock(const app::Call& call);

// Inside the transaction of the change: locks what the path names, and throws
// base::Error{precondition_failed} unless the condition holds of it. 404 when nothing is there.
void check_locked(app::Call& call);

// Gives a JSON answer its tag, and makes 304 or 412 of one to a GET whose condition says so.
void tag(const app::Call& call, http::Response& response);

}  // namespace server
