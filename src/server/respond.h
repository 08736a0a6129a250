// server/respond.h — an answer as bytes: a page for a browser, else JSON.
#pragma once
#include "base/error.h"
#include "http/request.h"
#include "http/response.h"
#include "rest/answer.h"
#include "rest/context.h"

namespace server {

// Of a known URL. Throws base::Error where the page of what was only read cannot be drawn, because
// the database has gone since; what was done is then told as JSON.
http::Response respond(rest::Context& context, const rest::Answer& answer);

// Nobody's URL: the final slash may be missing, otherwise there is nothing. Of an unknown version
// of the API, which there are.
http::Response unknown_url(const rest::Routes& routes, const http::Request& request);

// An error where no more is known of what was asked for than its path, in the form of the version.
http::Response error_response(const rest::Routes& routes, const http::Request& request,
                              const base::Error& error);

}  // namespace server
