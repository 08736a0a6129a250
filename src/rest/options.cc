// rest/options.cc — see options.h.
#include "rest/options.h"

#include <initializer_list>
#include <string_view>

#include "rest/openapi.h"
#include "rest/paging.h"
#include "rest/schema.h"

namespace rest {
namespace {

struct Options {
  const Route& route;
  const Version& version;
  std::size_t body_bytes;
  std::optional<Fields> fields = {};  // of the form, where the caller may send it
};

void write_texts(Sink& sink, std::string_view key, std::initializer_list<std::string_view> list) {
  sink.key(key);
  sink.begin_list();
  for (const auto text : list) sink.string(text);
  sink.end_list();
}

std::string_view name_of(auth::Access access) {
  return access == auth::Access::anyone
             ? "anyone"
             : to_text(access == auth::Access::admin ? auth::Role::admin : auth::Role::staff);
}

// What each method needs: the least role, and what an API token must be for it.
void write_methods(Sink& sink, const Route& route) {
  sink.key("methods");
  sink.begin_object();
  for (const auto& operation : route.operations) {
    if (!operation.handle) continue;
    sink.key(http::name_of(operation.method));
    sink.begin_object();
    write_text(sink, "summary", summary_of(route, operation));
    write_text(sink, "role", name_of(operation.needs()));
    write_text(sink, "api_token",
               !operation.takes_api_tokens()     ? "none"
               : http::is_safe(operation.method) ? "read"
                                                 : "write");
    if (operation.for_sessions)
      write_texts(sink, "credentials", {"session"});
    else if (route.guard == Guard::standard)
      write_texts(sink, "credentials", {"session", "bearer", "basic"});
    sink.key("answers");
    sink.integer(operation.status());
    sink.end_object();
  }
  sink.end_object();
}

void write_limits(Sink& sink, std::size_t body_bytes) {
  sink.key("limits");
  sink.begin_object();
  for (const auto& [name, number] : {std::pair{"body_bytes", static_cast<std::int64_t>(body_bytes)},
                                     {"text_bytes", std::int64_t{most_text_bytes}},
                                     {"rows_by_default", default_rows},
                                     {"rows_at_most", most_rows}}) {
    sink.key(name);
    sink.integer(number);
  }
  sink.end_object();
}

void write(Sink& sink, const Options& options) {
  const auto& route = options.route;
  sink.begin_object();
  write_text(sink, "name", route.name);
  write_text(sink, "description", options.version.describes_itself ? route.summary : "");
  write_texts(sink, "renders", {"application/json", "text/html"});
  write_texts(sink, "parses",
              {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"});
  if (options.fields) {
    sink.key("actions");
    sink.begin_object();
    sink.key(http::name_of(route.form.method));
    write_fields(sink, *options.fields);
    sink.end_object();
  }
  if (!options.version.describes_itself) write_text(sink, "summary", route.summary);
  write_methods(sink, route);
  sink.key("parameters");
  write_fields(sink, parameters_of(route, options.version));
  write_limits(sink, options.body_bytes);
  sink.end_object();
}

}  // namespace

Answer options(Context& context) {
  const auto& form = context.route.form;
  Options options{context.route, context.version, context.config.max_body_bytes};
  if (form.fields.all && context.may(form.method))
    options.fields = form.fields.all(context.version);
  return {.document = Document::of(std::move(options))};
}

}  // namespace rest
