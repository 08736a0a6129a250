// app/routes.h — the table of all URLs.
#pragma once
#include <string>

#include "rest/route.h"

namespace app {

// Every route, in the order of the contents page (routes.cc).
const rest::Routes& all_routes();

// One line a method: "GET     /api/v1/accounts/users/       staff". What `partywall routes` prints.
std::string print_routes();

// A version's description for programs (rest/openapi.h). Throws std::runtime_error for none of
// ours.
std::string print_openapi(int version);

}  // namespace app
