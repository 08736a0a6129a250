// server/override.h — forms of pages as the requests that they stand for.
//
// Without JavaScript a browser can only GET and POST. So a POST whose body is a form may hold
//
//   _method        POST, PUT, PATCH, DELETE or OPTIONS: what the request is
//   _content       the body that it has, of the media type _content_type (application/json)
//   _confirm       "ask": a page asks whether this is meant, before anything is done, where the
//   answer is a page
//
// beside csrfmiddlewaretoken, x_company and idempotency_key, which then count as the headers
// X-CSRFToken, X-Company and Idempotency-Key. The token is asked for whoever sends it, session or
// not: else a form of another site could send JSON in a visitor's name.
#pragma once
#include <optional>

#include "http/request.h"

namespace server {

struct Override {
  bool asks_first = false;  // the page wants to be asked whether this is meant
};

// Makes of a request whose form was read (http::read_form) the one that the form stands for.
// nullopt: it is no such form, and stays as it is. A _method that is none of these is no method we
// know: 405 follows.
std::optional<Override> override_request(http::Request& request);

}  // namespace server
