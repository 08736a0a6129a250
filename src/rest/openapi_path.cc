// rest/openapi_path.cc — a path with its operations; see openapi.h.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "http/response.h"
#include "rest/openapi.h"

namespace rest {
namespace {

using http::Method;

void write_parameter(Sink& sink, const OpenApi& api, const FieldInfo& field) {
  sink.begin_object();
  write_text(sink, "name", field.name);
  write_text(sink, "in", "query");
  if (field.rule.help) write_text(sink, "description", field.rule.help);
  sink.key("schema");
  write_field_schema(sink, api, field, Direction::taken);
  sink.end_object();
}

void write_parameters(Sink& sink, const OpenApi& api, const Route& route,
                      const Operation& operation) {
  const bool is_get = operation.method == Method::get;
  sink.key("parameters");
  sink.begin_list();
  for (const auto* header : {"X-Company"})
    if (operation.access != auth::Access::anyone) write_reference(sink, "parameters", header);
  if (route.makes_rows(operation.method)) write_reference(sink, "parameters", "Idempotency-Key");
  if (route.shown() && is_get) write_reference(sink, "parameters", "If-None-Match");
  if (route.shown() && (is_get || route.lock)) write_reference(sink, "parameters", "If-Match");
  if (api.version.takes_format) write_reference(sink, "parameters", "format");
  if (route.has_pages() && is_get)
    for (const auto* name : {"limit", "cursor"}) write_reference(sink, "parameters", name);
  const auto& [filters, timeline] = route.list;
  if (filters && is_get)
    for (const auto& filter : filters()) write_parameter(sink, api, filter);
  if (timeline && is_get) {
    write_parameter(sink, api,
                    {.name = "order", .type = "string", .rule = {.choices = timeline->orders}});
    for (const auto bound : {timeline->since, timeline->until})
      write_parameter(sink, api, {.name = bound, .type = "datetime", .rule = {}});
  }
  sink.end_list();
}

// The parameter in the path, which all of its operations have.
void write_path_parameter(Sink& sink, const Route& route) {
  const auto open = route.path.find('{');
  if (open == route.path.npos) return;
  sink.key("parameters");
  sink.begin_list();
  sink.begin_object();
  write_text(sink, "name", route.path.substr(open + 1, route.path.find('}') - open - 1));
  write_text(sink, "in", "path");
  sink.key("required");
  sink.boolean(true);
  sink.key("schema");
  write_reference(sink, "schemas", "Id");
  sink.end_object();
  sink.end_list();
}

void write_body(Sink& sink, const OpenApi& api, const Route& route) {
  const auto fields = route.form.fields.all();
  sink.key("requestBody");
  sink.begin_object();
  sink.key("required");
  sink.boolean(true);
  sink.key("content");
  sink.begin_object();
  for (const auto* type : {"application/json", "application/x-www-form-urlencoded"}) {
    sink.key(type);
    sink.begin_object();
    sink.key("schema");
    write_schema(sink, api, fields, Direction::taken);
    if (type == std::string_view("application/json")) {
      sink.key("example");
      write_example(sink, api, fields);
    }
    sink.end_object();
  }
  sink.end_object();
  sink.end_object();
}

void write_headers(Sink& sink, const Route& route, const Operation& operation, int status) {
  std::vector<std::string_view> names;
  if (route.shown() && (status == 200 || status == 201)) names.push_back("ETag");
  if (route.has_pages() && operation.method == Method::get) names.push_back("Link");
  if (route.poll_seconds != 0) names.push_back("X-Poll-Interval");
  if (route.farewell) names.insert(names.end(), {"Deprecation", "Sunset"});
  if (names.empty()) return;
  sink.key("headers");
  sink.begin_object();
  for (const auto name : names) {
    sink.key(name);
    write_reference(sink, "headers", name);
  }
  sink.end_object();
}

void write_list_schema(Sink& sink, const OpenApi& api, const Fields& fields) {
  const auto rows = [&] {
    sink.begin_object();
    write_text(sink, "type", "array");
    sink.key("items");
    write_schema(sink, api, fields, Direction::shown);
    sink.end_object();
  };
  if (!api.version.lists_are_objects) return rows();
  sink.begin_object();
  write_text(sink, "type", "object");
  sink.key("required");
  sink.begin_list();
  for (const auto* name : {"items", "next"}) sink.string(name);
  sink.end_list();
  sink.key("properties");
  sink.begin_object();
  sink.key("items");
  rows();
  sink.key("next");
  write_reference(sink, "schemas", "Next");
  sink.end_object();
  sink.key("additionalProperties");
  sink.boolean(false);
  sink.end_object();
}

// A page for people, which has no schema.
bool is_page(const Route& route, const Operation& operation) {
  return route.guard == Guard::credential && operation.method == Method::get;
}

void write_success(Sink& sink, const OpenApi& api, const Route& route, const Operation& operation,
                   int status) {
  sink.key(std::to_string(status));
  sink.begin_object();
  write_text(sink, "description", http::status_line(status).substr(4));
  write_headers(sink, route, operation, status);
  const auto shown = route.shown_fields();
  if (route.describes && !shown) {
    sink.key("content");
    sink.begin_object();
    sink.key(route.path.ends_with("yaml")   ? "application/yaml"
             : route.path.ends_with("json") ? "application/json"
                                            : "text/html");
    sink.begin_object();
    sink.end_object();
    sink.end_object();
  } else if (is_page(route, operation)) {
    sink.key("content");
    sink.begin_object();
    sink.key("text/html");
    sink.begin_object();
    sink.end_object();
    sink.end_object();
  } else if (shown && status < 204) {
    sink.key("content");
    sink.begin_object();
    sink.key("application/json");
    sink.begin_object();
    sink.key("schema");
    if (route.is_list() && operation.method == Method::get)
      write_list_schema(sink, api, shown());
    else
      write_schema(sink, api, shown(), Direction::shown);
    sink.end_object();
    sink.end_object();
  }
  sink.end_object();
}

void write_responses(Sink& sink, const OpenApi& api, const Route& route,
                     const Operation& operation) {
  sink.key("responses");
  sink.begin_object();
  write_success(sink, api, route, operation, operation.status());
  if (route.makes_rows(operation.method)) write_success(sink, api, route, operation, 200);
  for (const int status : refusals_of(api, route, operation)) {
    sink.key(std::to_string(status));
    write_reference(sink, "responses", std::to_string(status));
  }
  sink.end_object();
}

// Any of these does; a session needs the CSRF token as well where something is changed.
void write_security(Sink& sink, const Operation& operation) {
  const bool is_safe = http::is_safe(operation.method);
  sink.key("security");
  sink.begin_list();
  const auto any = [&](std::initializer_list<const char*> schemes) {
    sink.begin_object();
    for (const auto* scheme : schemes) {
      sink.key(scheme);
      sink.begin_list();
      sink.end_list();
    }
    sink.end_object();
  };
  if (operation.access == auth::Access::anyone) any({});
  if (is_safe)
    any({"session"});
  else
    any({"session", "csrf"});
  any({"bearer"});
  any({"basic"});
  sink.end_list();
}

std::string needs(const Operation& operation) {
  std::string text = operation.access == auth::Access::anyone  ? "For anybody."
                     : operation.access == auth::Access::staff ? "For everybody in the company."
                                                               : "For admins.";
  if (operation.access != auth::Access::anyone)
    text += !operation.for_api_tokens         ? " An API token cannot do this."
            : http::is_safe(operation.method) ? " An API token may do this."
                                              : " An API token to write may do this.";
  return text;
}

void write_operation(Sink& sink, const OpenApi& api, const Route& route,
                     const Operation& operation) {
  auto method = std::string(http::name_of(operation.method));
  std::ranges::transform(method, method.begin(),
                         [](char c) { return static_cast<char>(c | 0x20); });
  sink.key(method);
  sink.begin_object();
  write_text(sink, "operationId", std::string(route.name) + "-" + method);
  write_text(sink, "summary", route.summary);
  write_text(sink, "description", needs(operation));
  sink.key("tags");
  sink.begin_list();
  sink.string(tag_of(route));
  sink.end_list();
  if (route.farewell) {
    sink.key("deprecated");
    sink.boolean(true);
  }
  write_security(sink, operation);
  write_parameters(sink, api, route, operation);
  const bool has_body = operation.method != Method::get && operation.method != Method::delete_;
  if (has_body && route.form.fields.all) write_body(sink, api, route);
  write_responses(sink, api, route, operation);
  sink.end_object();
}

}  // namespace

std::string tag_of(const Route& route) {
  if (route.describes) return "api";
  auto path = std::string(route.path.substr(1));
  path = path.substr(0, path.find("/{"));
  while (path.ends_with('/')) path.pop_back();
  const auto first = path.find('/');
  const auto second = first == path.npos ? first : path.find('/', first + 1);
  if (path.starts_with("user-messages")) return "user-messages";
  return path.substr(0, second);
}

std::vector<int> refusals_of(const OpenApi& api, const Route& route, const Operation& operation) {
  const bool is_get = operation.method == Method::get;
  const bool makes_rows = route.makes_rows(operation.method);
  std::vector<int> statuses;
  if (is_get && route.shown()) statuses.push_back(304);
  statuses.insert(statuses.end(), {400, 401, 403});
  // Of ?format= an unknown one is a 404, too.
  if (route.path.find('{') != route.path.npos || api.version.takes_format) statuses.push_back(404);
  if (route.guard == Guard::standard) statuses.push_back(406);
  statuses.push_back(409);
  if (makes_rows) statuses.push_back(410);
  statuses.insert(statuses.end(), {412, 413});
  if (!is_get) statuses.push_back(415);
  if (makes_rows) statuses.push_back(422);
  statuses.insert(statuses.end(), {429, 500, 503});
  return statuses;
}

void write_path(Sink& sink, const OpenApi& api, const Route& route) {
  sink.key(route.path);
  sink.begin_object();
  write_path_parameter(sink, route);
  for (const auto& operation : route.operations)
    if (operation.handle) write_operation(sink, api, route, operation);
  sink.end_object();
}

}  // namespace rest
