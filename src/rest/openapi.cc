// rest/openapi.cc — the document; see openapi.h. Tests: tests/api/clients_test.py.
#include "rest/openapi.h"

#include <fmt/format.h>

#include <set>
#include <string>

#include "base/version.h"

namespace rest {
namespace {

void write_info(Sink& sink) {
  sink.object("info", [&] {
    sink.text("title", "Partywall");
    sink.text("version", fmt::format("{} ({})", sink.version().number, base::version));
    sink.text("summary", "Company messaging: many companies, and a wall between them.");
    sink.text("description", "How to log in, lists, retries, conditions, limits and errors: " +
                                 sink.urls().base + "/docs/");
    sink.object("license", [&] {
      sink.text("name", "Apache 2.0");
      sink.text("identifier", "Apache-2.0");
    });
  });
  sink.list("servers", [&] {
    sink.object([&] { sink.text("url", sink.urls().base + std::string(sink.version().prefix)); });
  });
}

}  // namespace

void write(Sink& sink, const OpenApi& api) {
  sink.object([&] {
    sink.text("openapi", "3.1.0");
    write_info(sink);
    sink.list("tags", [&] {
      std::set<std::string> tags;
      for (const auto* route : api.routes) {
        const auto tag = tag_of(*route);
        if (!route->is_in(sink.version()) || !tags.insert(tag).second) continue;
        sink.object([&] {
          sink.text("name", tag);
          sink.text("description", route->summary);
        });
      }
    });
    sink.object("paths", [&] {
      for (const auto* route : api.routes)
        if (route->is_in(sink.version())) write_path(sink, *route);
    });
    write_components(sink, api.routes);
  });
}

}  // namespace rest
