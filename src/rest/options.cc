// rest/options.cc — see options.h.
#include "rest/options.h"

#include <string_view>
#include <utility>
#include <vector>

#include "rest/openapi.h"
#include "rest/paging.h"
#include "rest/schema.h"

namespace rest {
namespace {

struct Options {
  const Route& route;
  const Version& version;
  std::size_t body_bytes;
  // What the form takes, and what operations take that have a body of their own; where the caller
  // may send it.
  std::vector<std::pair<http::Method, Fields>> bodies = {};
};

// What each method needs: the least role, and what an API token must be for it.
void write_methods(Sink& sink, const Route& route) {
  sink.object("methods", [&] {
    for (const auto& operation : route.operations) {
      if (!operation.handle) continue;
      sink.object(http::name_of(operation.method), [&] {
        sink.text("summary", summary_of(route, operation));
        sink.text("role", to_text(operation.needs()));
        sink.text("api_token", !operation.takes_api_tokens()     ? "none"
                               : http::is_safe(operation.method) ? "read"
                                                                 : "write");
        if (operation.by == By::session)
          sink.texts("credentials", {"session"});
        else if (route.guard == Guard::standard)
          sink.texts("credentials", {"session", "bearer", "basic"});
        sink.number("answers", operation.status());
      });
    }
  });
}

void write_limits(Sink& sink, std::size_t body_bytes) {
  sink.object("limits", [&] {
    for (const auto& [name, number] :
         {std::pair{"body_bytes", static_cast<std::int64_t>(body_bytes)},
          {"text_bytes", std::int64_t{most_text_bytes}},
          {"rows_by_default", default_rows},
          {"rows_at_most", most_rows}}) {
      sink.number(name, number);
    }
  });
}

void write(Sink& sink, const Options& options) {
  const auto& route = options.route;
  sink.object([&] {
    sink.text("name", route.name);
    sink.text("description", options.version.describes_itself ? route.summary : "");
    if (route.is_document())
      sink.texts("renders", {route.media_type});
    else
      sink.texts("renders", {"application/json", "text/html"});
    sink.texts("parses",
               {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"});
    if (!options.bodies.empty()) {
      sink.object("actions", [&] {
        for (const auto& [method, fields] : options.bodies) {
          sink.key(http::name_of(method));
          write_fields(sink, fields);
        }
      });
    }
    if (!options.version.describes_itself) sink.text("summary", route.summary);
    write_methods(sink, route);
    sink.key("parameters");
    write_fields(sink, parameters_of(route, options.version, http::Method::get));
    write_limits(sink, options.body_bytes);
  });
}

}  // namespace

Answer options(Context& context) {
  const auto& form = context.route.form;
  Options options{context.route, context.version, context.config.max_body_bytes};
  if (form.fields.all && context.may(form.method))
    options.bodies.emplace_back(form.method, form.fields.all(context.version));
  for (const auto& operation : context.route.operations)
    if (operation.takes && context.may(operation.method))
      options.bodies.emplace_back(operation.method, operation.takes(context.version));
  return {.document = Document::of(std::move(options))};
}

}  // namespace rest
