// server/override.h — forms of pages as the requests that they stand for.
//
// Without JavaScript a browser can only GET and POST. So a POST whose body is a form may hold
//
//   _method        POST, PUT, PATCH, DELETE or OPTIONS: what the request is
//   _content       the body that it has, of the media type _content_type (application/json)
//   _confirm       "ask": a page asks whether this is meant, before anything is done
//
// beside csrfmiddlewaretoken, x_company and idempotency_key, which then count as the headers
// X-CSRFToken, X-Company and Idempotency-Key. The token is asked for whoever sends it, session or
// not: else a form of another site could send JSON in a visitor's name.
#pragma once
#include <optional>

#include "http/request.h"

namespace server {

// The request that a form stands for; nullopt when the request is no such form. A _method that is
// none of these is no method we know: 405 follows.
std::optional<http::Request> overridden(const http::Request& request);

}  // namespace server
