// rest/openapi.cc — the document; see openapi.h. Tests: tests/api/clients_test.py.
#include "rest/openapi.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/version.h"

namespace rest {
namespace {

void write_info(Sink& sink, const OpenApi& api) {
  sink.key("info");
  sink.begin_object();
  write_text(sink, "title", "Partywall");
  write_text(sink, "version", fmt::format("{} ({})", api.version.number, base::version));
  write_text(sink, "summary", "Company messaging: many companies, and a wall between them.");
  write_text(
      sink, "description",
      "How to log in, lists, retries, conditions, limits and errors: " + api.base + "/docs/");
  sink.key("license");
  sink.begin_object();
  write_text(sink, "name", "Apache 2.0");
  write_text(sink, "identifier", "Apache-2.0");
  sink.end_object();
  sink.end_object();
  sink.key("servers");
  sink.begin_list();
  sink.begin_object();
  write_text(sink, "url", api.base + std::string(api.version.prefix));
  sink.end_object();
  sink.end_list();
}

}  // namespace

void write(Sink& sink, const OpenApi& api) {
  sink.begin_object();
  write_text(sink, "openapi", "3.1.0");
  write_info(sink, api);
  std::vector<std::string> tags;  // in the order of the routes
  for (const auto* route : api.routes)
    if (const auto tag = tag_of(*route);
        route->is_in(api.version) && std::ranges::find(tags, tag) == tags.end())
      tags.push_back(tag);
  sink.key("tags");
  sink.begin_list();
  for (const auto& name : tags) {
    const auto first =
        std::ranges::find_if(api.routes, [&](const auto* route) { return tag_of(*route) == name; });
    sink.begin_object();
    write_text(sink, "name", name);
    write_text(sink, "description", (*first)->summary);
    sink.end_object();
  }
  sink.end_list();
  sink.key("paths");
  sink.begin_object();
  for (const auto* route : api.routes)
    if (route->is_in(api.version)) write_path(sink, api, *route);
  sink.end_object();
  write_components(sink, api);
  sink.end_object();
}

}  // namespace rest
