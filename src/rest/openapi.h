// rest/openapi.h — a version of the API described for programs: OpenAPI 3.1, from the route table
// and the structs' fields (https://spec.openapis.org/oas/v3.1.0).
#pragma once
#include <string>

#include "rest/route.h"
#include "rest/schema.h"
#include "rest/sink.h"

namespace rest {

// Everything is lent.
struct OpenApi {
  const Routes& routes;
  const Version& version;
  std::string base;  // "https://host": of the configured public URL; "" where none is known
};

// Writes the document.
void write(Sink& sink, const OpenApi& api);

// Its pieces. In rest/openapi_schema.cc: a schema of fields that are shown or taken, an example
// of a body, and what all operations share.
enum class Direction { shown, taken };
void write_schema(Sink& sink, const OpenApi& api, const FieldList& fields, Direction direction);
void write_field_schema(Sink& sink, const OpenApi& api, const FieldInfo& field,
                        Direction direction);
void write_example(Sink& sink, const OpenApi& api, const FieldList& fields);
void write_components(Sink& sink, const OpenApi& api);

// The member of `paths` for a route (rest/openapi_path.cc), and the name under which it is listed:
// "customers" of "/customers/{customer_id}", "accounts/users" of what is below a folder.
void write_path(Sink& sink, const OpenApi& api, const Route& route);
std::string tag_of(const Route& route);
// The statuses of refusals that an operation may answer with, beside its own.
std::vector<int> refusals_of(const OpenApi& api, const Route& route, const Operation& operation);

// A sink's calls in one line each.
inline void write_text(Sink& sink, std::string_view key, std::string_view text) {
  sink.key(key);
  sink.string(text);
}
// {"$ref": "#/components/…"}
inline void write_reference(Sink& sink, std::string_view kind, std::string_view name) {
  sink.begin_object();
  write_text(sink, "$ref", "#/components/" + std::string(kind) + "/" + std::string(name));
  sink.end_object();
}

}  // namespace rest
