// rest/route.cc — see route.h.
#include "rest/route.h"

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

std::optional<Match> resolve(Routes routes, std::string_view path) {
  Match match;
  for (; match.place < routes.size(); match.place++) {
    match.route = routes[match.place];
    if (matches(match.route->path, path, match.id)) return match;
  }
  return std::nullopt;
}

std::string allowed_methods(const Route& route) {
  std::string allow;
  for (const auto& operation : route.operations)
    if (operation.handle) allow += std::string(http::name_of(operation.method)) + ", ";
  if (route.operation(http::Method::get)) allow += "HEAD, ";
  return allow + "OPTIONS";
}

}  // namespace rest
