// server/checks.h — what is wrong with a request before its handler sees it. Each throws
// base::Error.
#pragma once
#include <string_view>

#include "http/negotiate.h"
#include "http/request.h"
#include "rest/context.h"

namespace server {

std::string_view accept_of(const http::Request& request);

// What nginx cannot know to be wrong, and what no handler should have to think of: 400, 413.
void check_transport(const http::Request& request, bool https);

// The representation that Accept asks for, and `?format=` where the version takes it: 404, 406.
http::Format choose_format(const http::Request& request, const rest::Version& version);

// A request may say for which company it is meant: it can only be refused for that (409), so a tab
// that was switched to another company behind its back never writes into the wrong one.
void check_company(const rest::Context& context);

// A key that means nothing here is refused (400): who sends one counts on it.
void check_key(const rest::Context& context);

// A body where none is taken is refused (400) by a version that refuses what it does not know; not
// an empty object, which many clients send for nothing, nor the fields that the form of a page has
// (rest::is_of_page).
void check_no_body(const rest::Context& context);

}  // namespace server
