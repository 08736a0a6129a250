// app/routes.h — the table of all URLs.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/view.h"
#include "base/uuid.h"

namespace app {

// Every view, in the order of the contents page (routes.cc).
const std::vector<const View*>& all_views();

struct Match {
  const View* view = nullptr;
  base::Uuid id;          // what {parameter} stands for; all zero in a path without one
  std::size_t place = 0;  // of the view in its table
};

// The view of a raw path. Ids must be strict; no slash is forgiven.
std::optional<Match> resolve(std::string_view path);
// The same over another table, so that a test can add a route of its own.
std::optional<Match> resolve(std::span<const View* const> views, std::string_view path);

// "GET, POST, HEAD, OPTIONS".
std::string allowed_methods(const View& view);

// One line a method: "GET     /api/v1/accounts/users/       staff". What `partywall routes` prints.
std::string print_routes();

}  // namespace app
