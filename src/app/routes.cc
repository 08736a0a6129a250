// app/routes.cc — the contents page: every noun's routes.
#include "app/routes.h"

#include <fmt/format.h>

#include <span>
#include <stdexcept>
#include <vector>

#include "app/users/users.h"
#include "rest/json.h"
#include "rest/openapi.h"

// One word a noun: the function at the foot of its file that answers its routes. The order is that
// of `partywall routes`.
// clang-format off
#define NOUNS \
  NOUN(api_root) \
  NOUN(accounts) \
  NOUN(users) \
  NOUN(password_links) \
  NOUN(mailed_links) \
  NOUN(email) \
  NOUN(company) \
  NOUN(user_messages) \
  NOUN(conversation_list) \
  NOUN(events) \
  NOUN(customers) \
  NOUN(login) \
  NOUN(second_factor) \
  NOUN(factor_changes) \
  NOUN(me) \
  NOUN(memberships) \
  NOUN(erasure) \
  NOUN(invitations) \
  NOUN(joining) \
  NOUN(audit) \
  NOUN(sessions) \
  NOUN(api_tokens) \
  NOUN(exports) \
  NOUN(export_files) \
  NOUN(web_tokens)
// clang-format on

namespace app {

#define NOUN(name) std::span<const rest::Route> name();
NOUNS
#undef NOUN

namespace {

std::vector<const rest::Route*> collect() {
  std::vector<const rest::Route*> routes;
#define NOUN(name) \
  for (const auto& route : name()) routes.push_back(&route);
  NOUNS
#undef NOUN
  return routes;
}

}  // namespace

const rest::Routes& all_routes() {
  static const auto table = collect();
  static const rest::Routes routes{table, find_people};
  return routes;
}

std::string print_routes() {
  std::string text;
  const auto& routes = all_routes();
  for (const auto& version : routes.versions)
    for (const auto* route : routes)
      for (const auto& operation : route->operations)
        if (operation.handle && route->is_in(version))
          text += fmt::format("{:7} {:45} {}\n", http::name_of(operation.method),
                              std::string(version.prefix) + std::string(route->path),
                              to_text(operation.access));
  return text;
}

std::string print_openapi(int version) {
  const auto& routes = all_routes();
  for (const auto& each : routes.versions) {
    if (each.number != version) continue;
    rest::JsonSink sink({.version = &each}, 2);
    rest::write(sink, rest::OpenApi{routes});
    return sink.take();
  }
  throw std::runtime_error(fmt::format("there is no version {} of the API", version));
}

}  // namespace app
