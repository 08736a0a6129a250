// rest/route.cc — see route.h.
#include "rest/route.h"

#include <algorithm>

namespace rest {
namespace {

// Whether `path` has the form of `pattern`, and the id in it.
bool matches(std::string_view pattern, std::string_view path, base::Uuid& id) {
  const auto open = pattern.find('{');
  if (open == pattern.npos) return path == pattern;
  constexpr std::size_t id_length = 36;
  const auto rest = pattern.substr(pattern.find('}') + 1);
  if (path.size() != open + id_length + rest.size() || !path.starts_with(pattern.substr(0, open)) ||
      !path.ends_with(rest))
    return false;
  const auto parsed = base::Uuid::parse(path.substr(open, id_length));
  if (parsed) id = *parsed;
  return parsed.has_value();
}

}  // namespace

std::vector<std::string> names_of(const Routes& routes) {
  std::vector<std::string> names;
  for (const auto& version : routes.versions)
    for (const auto* route : routes)
      if (route->is_in(version))
        names.push_back(std::string(version.prefix) + std::string(route->path));
  return names;
}

const Version* take_version(const Routes& routes, std::string_view& path) {
  for (const auto& version : routes.versions) {
    const auto length = version.prefix.size();
    if (!path.starts_with(version.prefix) || path.size() == length || path[length] != '/') continue;
    path.remove_prefix(length);
    return &version;
  }
  return nullptr;
}

std::optional<Match> resolve(const Routes& routes, std::string_view path) {
  Match match;
  match.version = take_version(routes, path);
  if (!match.version) {
    match.version = &routes.versions.back();
    if (path == "/api/")
      path = "/versions/";
    else if (path != "/docs/")
      return std::nullopt;
  }
  for (const auto& version : routes.versions)
    for (const auto* route : routes) {
      if (!route->is_in(version)) continue;
      if (&version == match.version && matches(route->path, path, match.id)) {
        match.route = route;
        return match;
      }
      match.place++;
    }
  return std::nullopt;
}

std::string_view summary_of(const Route& route, const Operation& operation) {
  using enum http::Method;
  if (!operation.summary.empty()) return operation.summary;
  const auto count = std::ranges::count_if(route.operations,
                                           [](const auto& each) { return each.handle != nullptr; });
  if (count == 1) return route.summary;
  switch (operation.method) {
    case post: return "Add one.";
    case put: return "Change it: what is required has to be given.";
    case patch: return "Change some of it.";
    case delete_: return "Delete it.";
    default: return route.summary;
  }
}

std::string allowed_methods(const Route& route) {
  std::string allow;
  for (const auto& operation : route.operations)
    if (operation.handle) allow += std::string(http::name_of(operation.method)) + ", ";
  if (route.operation(http::Method::get)) allow += "HEAD, ";
  return allow + "OPTIONS";
}

}  // namespace rest
