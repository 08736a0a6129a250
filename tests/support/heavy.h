// tests/support/heavy.h — requests of a size that is asked for, each of a kind that took longer
// than its size somewhere, here or in another program.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "rest/route.h"

namespace support {

// What a kind puts into a request; empty members leave it as it is.
struct Load {
  std::string content_type = {};
  std::string body = {};
  std::string query = {};
  http::Pairs headers = {};
};

// The names under which a route's form takes something ("company.name"), and those that handlers
// read without a form.
std::vector<std::string> field_names(const rest::Route& route);

struct Heavy {
  std::string_view name;
  // About so many bytes in all; `fields` are those that the route looks at.
  Load (*make)(std::size_t bytes, const std::vector<std::string>& fields);
};
std::span<const Heavy> heavy_kinds();

}  // namespace support
