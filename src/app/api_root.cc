// app/api_root.cc — what the API says of itself: its collections, and its description for programs.
// Tests: tests/app/api_root_test.cc, tests/api/clients_test.py.
#include "app/noun.h"
#include "rest/openapi.h"
#include "rest/yaml.h"

namespace app {
namespace {

// A place where one can begin.
struct Collection {
  std::string name;
  SiteLink url;
  std::string summary;

  FIELDS(Collection, name, url, summary)
};

// Every path without an id, but for these documents themselves.
Answer show(Context& context) {
  std::vector<Collection> rows;
  for (const auto* route : context.routes)
    if (route->is_in(context.version) && route->path.find('{') == route->path.npos &&
        !route->describes)
      rows.push_back(
          {std::string(route->name), {context.path_of(route->path)}, std::string(route->summary)});
  return {.document = Document::of(List<Collection>{std::move(rows)})};
}

struct ApiVersion {
  std::int64_t version = 0;
  SiteLink url, openapi, docs;

  FIELDS(ApiVersion, version, url, openapi, docs)
};

Answer show_versions(Context& context) {
  std::vector<ApiVersion> rows;
  for (const auto& version : context.routes.versions) {
    const std::string prefix(version.prefix);
    rows.push_back(
        {version.number, {prefix + "/"}, {prefix + "/openapi.json"}, {prefix + "/docs/"}});
  }
  return {.document = Document::of(List<ApiVersion>{std::move(rows)})};
}

Answer show_docs(Context&) { return {.page = DocsPage()}; }

Answer show_json(Context& context) { return {.document = Document::of(OpenApi{context.routes})}; }

Answer show_yaml(Context& context) {
  YamlSink sink(context.urls());
  write(sink, OpenApi{context.routes});
  return {.text = {{std::string(context.route.media_type), sink.take()}}};
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "api-root",
     .path = "/",
     .since = 1,
     .summary = "What there is: the collections of this API.",
     .operations = {{{get, anyone, show}}},
     .shows = shown_fields<Collection>,
     .describes = true},
    {.name = "versions",
     .path = "/versions/",
     .since = 1,
     .summary = "The versions of this API.",
     .operations = {{{get, anyone, show_versions}}},
     .shows = shown_fields<ApiVersion>,
     .describes = true},
    {.name = "docs",
     .path = "/docs/",
     .since = 1,
     .summary = "This API described for people.",
     .operations = {{{get, anyone, show_docs}}},
     .describes = true,
     .media_type = "text/html"},
    {.name = "openapi-json",
     .path = "/openapi.json",
     .since = 1,
     .summary = "This API described for programs, as OpenAPI 3.1.",
     .operations = {{{get, anyone, show_json}}},
     .describes = true},
    {.name = "openapi-yaml",
     .path = "/openapi.yaml",
     .since = 1,
     .summary = "The same as YAML.",
     .operations = {{{get, anyone, show_yaml}}},
     .describes = true,
     .media_type = "application/yaml"},
};

}  // namespace

std::span<const Route> api_root() { return routes; }

}  // namespace app
