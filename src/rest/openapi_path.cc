// rest/openapi_path.cc — a path with its operations; see openapi.h.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "base/text.h"
#include "http/response.h"
#include "rest/openapi.h"

namespace rest {
namespace {

using http::Method;

void write_parameter(Sink& sink, FieldInfo field) {
  sink.object([&] {
    sink.text("name", field.name);
    sink.text("in", "query");
    if (const auto* help = std::exchange(field.rule.help, nullptr)) sink.text("description", help);
    sink.key("schema");
    write_field_schema(sink, field, Direction::taken);
    sink.key("example");
    write_field_example(sink, field);
  });
}

void write_parameters(Sink& sink, const Route& route, const Operation& operation) {
  const bool is_get = operation.method == Method::get;
  sink.list("parameters", [&] {
    if (operation.access != auth::Access::anyone) write_reference(sink, "parameters", "X-Company");
    if (route.makes_rows(operation.method)) write_reference(sink, "parameters", "Idempotency-Key");
    if (route.shown() && is_get) write_reference(sink, "parameters", "If-None-Match");
    if (!is_get && route.lock) write_reference(sink, "parameters", "If-Match");
    for (const auto& field : parameters_of(route, sink.version(), operation.method))
      write_parameter(sink, field);
  });
}

// The parameter in the path, which all of its operations have.
void write_path_parameter(Sink& sink, const Route& route) {
  const auto open = route.path.find('{');
  if (open == route.path.npos) return;
  sink.list("parameters", [&] {
    sink.object([&] {
      sink.text("name", route.path.substr(open + 1, route.path.find('}') - open - 1));
      sink.text("in", "path");
      sink.flag("required", true);
      write_reference(sink, "schema", "schemas", "Id");
      sink.text("example", example_id);
    });
  });
}

// A PATCH asks for nothing, and shows one field.
Fields fields_of(const Version& version, const Route& route, const Operation& operation) {
  auto fields = route.taken_fields(operation)(version);
  if (operation.method == Method::patch)
    for (auto& field : fields) field.rule.required = false;
  return fields;
}
Fields example_of(Fields fields, const Operation& operation) {
  std::erase_if(fields, [](const auto& field) { return field.read_only; });
  if (operation.method != Method::patch) return fields;
  return {{*std::find_if(fields.begin(), fields.end(),
                         [](const auto& field) { return !field.rule.secret; })}};
}

void write_body(Sink& sink, const Route& route, const Operation& operation) {
  const auto fields = fields_of(sink.version(), route, operation);
  sink.object("requestBody", [&] {
    sink.flag("required", true);
    sink.object("content", [&] {
      for (const auto* type : {"application/json", "application/x-www-form-urlencoded"}) {
        sink.object(type, [&] {
          sink.key("schema");
          write_schema(sink, fields, Direction::taken);
          if (type == std::string_view("application/json")) {
            sink.key("example");
            write_example(sink, example_of(fields, operation));
          }
        });
      }
    });
  });
}

void write_headers(Sink& sink, const Route& route, const Operation& operation, int status) {
  std::vector<std::string_view> names;
  if (route.shown() && (status == 200 || status == 201)) names.push_back("ETag");
  if (route.has_pages() && operation.method == Method::get) names.push_back("Link");
  if (route.makes_rows(operation.method) && status == 201) names.push_back("Location");
  if (route.poll_seconds != 0) names.push_back("X-Poll-Interval");
  if (!sink.version().refuses_unknown) names.push_back("X-Ignored");
  if (route.farewell) names.push_back("Deprecation");
  if (route.farewell && route.farewell->sunset != 0) names.push_back("Sunset");
  if (names.empty()) return;
  sink.object("headers", [&] {
    for (const auto name : names) {
      write_reference(sink, name, "headers", name);
    }
  });
}

void write_list_schema(Sink& sink, const std::string& schema) {
  const auto rows = [&] {
    sink.object([&] {
      sink.text("type", "array");
      write_reference(sink, "items", "schemas", schema);
    });
  };
  if (!sink.version().lists_are_objects) return rows();
  sink.object([&] {
    sink.text("type", "object");
    sink.list("required", [&] {
      for (const auto* name : {"items", "next"}) sink.string(name);
    });
    sink.object("properties", [&] {
      sink.key("items");
      rows();
      write_reference(sink, "next", "schemas", "Next");
    });
  });
}

void write_success(Sink& sink, const Route& route, const Operation& operation, int status) {
  const bool is_get = operation.method == Method::get;
  sink.object(std::to_string(status), [&] {
    sink.text("description", route.makes_rows(operation.method) && status == 200
                                 ? "The same request was sent before, with this Idempotency-Key"
                                 : http::status_line(status).substr(4));
    write_headers(sink, route, operation, status);
    const bool has_schema = route.shown_fields() && (!is_get || !route.is_page());
    if (status < 204 && (has_schema || is_get)) {
      sink.object("content", [&] {
        sink.object(is_get ? route.media_type : "application/json", [&] {
          if (has_schema) {
            sink.key("schema");
            const std::string name(route.shown_fields()(sink.version()).of);
            if (route.is_list() && is_get)
              write_list_schema(sink, name);
            else
              write_reference(sink, "schemas", name);
          }
        });
      });
    }
  });
}

void write_responses(Sink& sink, const Route& route, const Operation& operation) {
  sink.object("responses", [&] {
    write_success(sink, route, operation, operation.status());
    if (route.makes_rows(operation.method)) write_success(sink, route, operation, 200);
    if (operation.method == Method::post && route.is_page()) {
      write_reference(sink, "302", "responses", "302");
    }
    for (const int status : refusals_of(sink.version(), route, operation)) {
      write_reference(sink, std::to_string(status), "responses", std::to_string(status));
    }
  });
}

// Any of these does; a session needs the CSRF token as well where something is changed.
void write_security(Sink& sink, const Route& route, const Operation& operation) {
  sink.list("security", [&] {
    const auto any = [&](std::initializer_list<const char*> schemes) {
      sink.object([&] {
        for (const auto* scheme : schemes) {
          sink.list(scheme, [&] {});
        }
      });
    };
    const bool takes_any = route.guard == Guard::standard && !route.describes;
    if (takes_any && operation.access == auth::Access::anyone) any({});
    if (takes_any && http::is_safe(operation.method))
      any({"session"});
    else if (takes_any)
      any({"session", "csrf"});
    if (takes_any && operation.by != By::session) {
      any({"bearer"});
      any({"basic"});
    }
  });
}

// Who may do it, and with what.
std::string needs(const Operation& operation) {
  const auto* who = operation.access == auth::Access::anyone   ? "For anybody."
                    : operation.needs() == auth::Access::staff ? "For everybody in the company."
                                                               : "For admins.";
  const auto* with = operation.by == By::session     ? " Only a session does this, no token."
                     : !operation.takes_api_tokens() ? " An API token cannot do this."
                     : operation.access == auth::Access::anyone ? ""
                     : http::is_safe(operation.method)          ? " An API token may do this."
                                                       : " An API token to write may do this.";
  return std::string(who) + with;
}

void write_operation(Sink& sink, const Route& route, const Operation& operation) {
  const auto method = base::ascii_lower(http::name_of(operation.method));
  sink.object(method, [&] {
    sink.text("operationId", std::string(route.name) + "-" + method);
    sink.text("summary", summary_of(route, operation));
    sink.text("description", needs(operation));
    sink.list("tags", [&] { sink.string(tag_of(route)); });
    if (route.farewell) {
      sink.flag("deprecated", true);
    }
    write_security(sink, route, operation);
    write_parameters(sink, route, operation);
    if (route.takes_body(operation.method)) write_body(sink, route, operation);
    write_responses(sink, route, operation);
  });
}

}  // namespace

// Two words below a folder, else one.
std::string tag_of(const Route& route) {
  if (route.describes) return "api";
  auto path = route.path.substr(1, route.path.find("/{") - 1);
  if (path.ends_with('/')) path.remove_suffix(1);
  const bool is_below = path.starts_with("accounts/") || path.starts_with("auth/");
  const auto folder = is_below ? path.find('/') + 1 : 0;
  return std::string(path.substr(0, path.find('/', folder)));
}

std::vector<int> refusals_of(const Version& version, const Route& route,
                             const Operation& operation) {
  const bool is_get = operation.method == Method::get;
  const bool makes_rows = route.makes_rows(operation.method);
  std::vector<int> statuses;
  if (is_get && route.shown()) statuses.push_back(304);
  statuses.insert(statuses.end(), {400, 401, 403});
  // Of ?format= an unknown one is a 404, too.
  if (route.path.find('{') != route.path.npos || version.takes_format) statuses.push_back(404);
  if (route.guard == Guard::standard) statuses.push_back(406);
  if (route.guard == Guard::standard) statuses.push_back(409);
  // 410: of a company that has moved; and of a key whose row was deleted.
  statuses.insert(statuses.end(), {410, 412, 413});
  if (!is_get) statuses.push_back(415);
  if (makes_rows) statuses.push_back(422);
  statuses.insert(statuses.end(), {429, 500, 503});
  return statuses;
}

void write_path(Sink& sink, const Route& route) {
  sink.object(route.path, [&] {
    write_path_parameter(sink, route);
    for (const auto& operation : route.operations)
      if (operation.handle) write_operation(sink, route, operation);
  });
}

}  // namespace rest
