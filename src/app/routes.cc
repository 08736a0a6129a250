// app/routes.cc — the contents page: every noun's views.
#include "app/routes.h"

#include <fmt/format.h>

// One word a noun: the function at the foot of its file that answers its views. The order is that
// of `partywall routes`.
// clang-format off
#define NOUNS \
  NOUN(accounts) \
  NOUN(users) \
  NOUN(company) \
  NOUN(user_messages) \
  NOUN(customers) \
  NOUN(login) \
  NOUN(me) \
  NOUN(memberships) \
  NOUN(invitations) \
  NOUN(joining) \
  NOUN(sessions) \
  NOUN(api_tokens) \
  NOUN(web_tokens)
// clang-format on

namespace app {

#define NOUN(name) std::span<const View> name();
NOUNS
#undef NOUN

namespace {

std::vector<const View*> collect() {
  std::vector<const View*> views;
#define NOUN(name) \
  for (const auto& view : name()) views.push_back(&view);
  NOUNS
#undef NOUN
  return views;
}

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

std::string_view name_of(auth::Access access) {
  switch (access) {
    case auth::Access::anyone: return "anyone";
    case auth::Access::staff: return "staff";
    case auth::Access::admin: return "admin";
  }
  return "?";
}

}  // namespace

const std::vector<const View*>& all_views() {
  static const auto views = collect();
  return views;
}

std::optional<Match> resolve(std::span<const View* const> views, std::string_view path) {
  Match match;
  for (; match.place < views.size(); match.place++) {
    match.view = views[match.place];
    if (matches(match.view->path, path, match.id)) return match;
  }
  return std::nullopt;
}

std::optional<Match> resolve(std::string_view path) { return resolve(all_views(), path); }

std::string allowed_methods(const View& view) {
  std::string allow;
  for (const auto& operation : view.operations)
    if (operation.handle) allow += std::string(http::name_of(operation.method)) + ", ";
  if (view.operation(http::Method::get)) allow += "HEAD, ";
  return allow + "OPTIONS";
}

std::string print_routes() {
  std::string text;
  for (const auto* view : all_views())
    for (const auto& operation : view->operations)
      if (operation.handle)
        text += fmt::format("{:7} {:45} {}\n", http::name_of(operation.method), view->path,
                            name_of(operation.access));
  return text;
}

}  // namespace app
