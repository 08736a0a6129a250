// rest/openapi_components.cc — what all operations share: how one logs in, headers, parameters,
// errors; see openapi.h.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>

#include "http/response.h"
#include "rest/encode.h"
#include "rest/openapi.h"

namespace rest {
namespace {

// A piece of JSON that is the same for all.
struct Constant {
  const char* name;
  const char* json;
};

void write_constants(Sink& sink, std::initializer_list<Constant> constants) {
  for (const auto& [name, json] : constants) {
    sink.key(name);
    write_value(sink, http::parse_json(json));
  }
}

void write_security_schemes(Sink& sink) {
  sink.object("securitySchemes", [&] {
    write_constants(
        sink,
        {{"session", R"({"type":"apiKey","in":"cookie","name":"sessionid","description":)"
                     R"("The cookie of POST auth/login/; __Host-sessionid over https."})"},
         {"csrf", R"({"type":"apiKey","in":"header","name":"X-CSRFToken","description":)"
                  R"("With a session, where something is changed: the cookie csrftoken."})"},
         {"bearer", R"({"type":"http","scheme":"bearer","description":)"
                    R"("A JSON web token of auth/token/, or an API token of auth/api-tokens/."})"},
         {"basic", R"({"type":"http","scheme":"basic","description":"Username and password."})"}});
  });
}

// Those that no operation has are left out.
void write_headers(Sink& sink, const Routes& routes) {
  const auto farewell = std::ranges::any_of(
      routes, [&](const auto* route) { return route->is_in(sink.version()) && route->farewell; });
  sink.object("headers", [&] {
    write_constants(
        sink,
        {{"ETag",
          R"({"description":"The tag for If-Match and If-None-Match.","schema":{"type":"string"}})"},
         {"Link",
          R"({"description":"The next page, where there is one, as rel=next.","schema":{"type":"string"}})"},
         {"Retry-After",
          R"({"description":"How many seconds to wait.","schema":{"type":"integer"}})"},
         {"X-Poll-Interval",
          R"({"description":"How many seconds to wait before asking for news again.","schema":{"type":"integer"}})"},
         {"Location",
          R"({"description":"The URL of what was made.","schema":{"type":"string","format":"uri-reference"}})"},
         {"WWW-Authenticate",
          R"({"description":"How one may log in.","schema":{"type":"string"}})"}});
    if (!sink.version().refuses_unknown)
      write_constants(
          sink,
          {{"X-Ignored",
            R"({"description":"How many parameters and keys nothing reads, and the first of them.","schema":{"type":"string"}})"}});
    if (farewell)
      write_constants(
          sink,
          {{"Deprecation",
            R"({"description":"Since when nobody should begin to use this (RFC 9745).","schema":{"type":"string"}})"},
           {"Sunset",
            R"({"description":"When this goes (RFC 8594).","schema":{"type":"string"}})"}});
  });
}

void write_parameters(Sink& sink) {
  sink.object("parameters", [&] {
    write_constants(
        sink,
        {{"X-Company",
          R"({"name":"X-Company","in":"header","description":"The company that the request is meant for; 409 in another.","schema":{"$ref":"#/components/schemas/Id"},"example":"01890a5d-ac96-774b-bcce-b302099a8057"})"},
         {"Idempotency-Key",
          R"({"name":"Idempotency-Key","in":"header","description":"The id for what is made: the same request again finds it.","schema":{"$ref":"#/components/schemas/Id"},"example":"01890a5d-ac96-774b-bcce-b302099a8057"})"},
         {"If-Match",
          R"({"name":"If-Match","in":"header","description":"An ETag: 412 when the thing was changed meanwhile.","schema":{"type":"string"},"example":"*"})"},
         {"If-None-Match",
          R"({"name":"If-None-Match","in":"header","description":"An ETag: 304 while the answer is the same.","schema":{"type":"string"},"example":"\"0badcafe\""})"}});
  });
}

// What is answered somewhere, by the names of the structs: fields, and the fields of these.
using Schemas = std::map<std::string_view, FieldList>;
void add_shapes(const FieldList& fields, Schemas& schemas) {
  for (const auto& field : fields)
    if (!field.shape.empty() && schemas.try_emplace(field.shape_of, field.shape).second)
      add_shapes(field.shape, schemas);
}
Schemas schemas_of(const Routes& routes, const Version& version) {
  Schemas schemas;
  for (const auto* route : routes) {
    const bool is_shown = std::ranges::any_of(
        route->operations, [](const auto& each) { return each.handle && each.status() < 204; });
    if (!route->is_in(version) || !route->shown_fields() || !is_shown) continue;
    const auto fields = route->shown_fields()(version);
    if (schemas.try_emplace(fields.of, fields).second) add_shapes(fields, schemas);
  }
  return schemas;
}

void write_schemas(Sink& sink, const Routes& routes) {
  sink.object("schemas", [&] {
    for (const auto& [name, fields] : schemas_of(routes, sink.version())) {
      sink.key(name);
      write_schema(sink, fields, Direction::shown);
    }
    write_constants(sink, {{"Id", R"({"type":"string","format":"uuid"})"}});
    if (sink.version().takes_ids)
      write_constants(
          sink,
          {{"IdOrUrl",
            R"({"type":"string","format":"uri-reference","description":"An id, or a URL of either version."})"}});
    if (sink.version().lists_are_objects)
      write_constants(
          sink,
          {{"Next",
            R"({"type":["string","null"],"format":"uri-reference","description":"The URL of the next page."})"}});
    if (sink.version().people_are_objects) {
      sink.key("Person");
      write_schema(sink, shown_fields<Person>(sink.version()), Direction::shown);
      write_constants(
          sink,
          {{"PersonOrNull",
            R"({"description":"A person; null where there is none.","anyOf":[{"$ref":"#/components/schemas/Person"},{"type":"null"}]})"}});
    }
    if (sink.version().errors_are_problems)
      write_constants(
          sink,
          {{"Problem",
            R"({"type":"object","required":["type","title","status","detail","code","request_id"],)"
            R"("properties":{"type":{"type":"string","format":"uri-reference"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},)"
            R"("code":{"type":"string","description":"A word for programs, which stays."},"errors":{"type":"array","items":{"type":"object","required":["field","detail"],)"
            R"("properties":{"field":{"type":"string"},"detail":{"type":"string"}}}},"hint":{"type":"string"},"moved_to":{"type":"string","format":"uri"},"request_id":{"type":"string"}}})"}});
    else
      write_constants(
          sink,
          {{"Problem",
            R"({"type":"object","description":"A sentence as detail, with a code where programs need it; or for each field that is wrong a list of sentences, nested as the fields are.","properties":{"detail":{"type":["string","array"]},"code":{"type":["string","array"]},"hint":{"type":"string"},"moved_to":{"type":"string","format":"uri"}},"additionalProperties":true})"}});
  });
}

void write_responses(Sink& sink, const Routes& routes) {
  std::set<int> statuses = {302};
  for (const auto* route : routes)
    for (const auto& operation : route->operations)
      if (operation.handle && route->is_in(sink.version()))
        for (const int status : refusals_of(sink.version(), *route, operation))
          statuses.insert(status);
  sink.object("responses", [&] {
    for (const int status : statuses) {
      sink.object(std::to_string(status), [&] {
        sink.text("description", status == 302 ? "To a form: where its browser goes on."
                                               : http::status_line(status).substr(4));
        const auto* header = status == 302   ? "Location"
                             : status == 304 ? "ETag"
                             : status == 401 ? "WWW-Authenticate"
                                             : "Retry-After";
        if (status < 400 || status == 401 || status == 429 || status == 503) {
          sink.object("headers", [&] { write_reference(sink, header, "headers", header); });
        }
        if (status >= 400) {
          sink.object("content", [&] {
            sink.object(sink.version().errors_are_problems ? "application/problem+json"
                                                           : "application/json",
                        [&] { write_reference(sink, "schema", "schemas", "Problem"); });
          });
        }
      });
    }
  });
}

}  // namespace

void write_components(Sink& sink, const Routes& routes) {
  sink.object("components", [&] {
    write_security_schemes(sink);
    write_headers(sink, routes);
    write_parameters(sink);
    write_schemas(sink, routes);
    write_responses(sink, routes);
  });
}

}  // namespace rest
