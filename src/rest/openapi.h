// rest/openapi.h — a version of the API described for programs: OpenAPI 3.1, from the route table
// and the structs' fields (https://spec.openapis.org/oas/v3.1.0).
#pragma once
#include <fmt/format.h>

#include <string>

#include "rest/route.h"
#include "rest/schema.h"
#include "rest/sink.h"

namespace rest {

// The API as the sink's version has it, at the sink's URLs. Lent.
struct OpenApi {
  const Routes& routes;
};

// Writes the document.
void write(Sink& sink, const OpenApi& api);

// Its pieces. In rest/openapi_schema.cc: a schema of fields that are shown or taken, an example
// of a body, and what all operations share.
enum class Direction { shown, taken };
void write_schema(Sink& sink, const FieldList& fields, Direction direction);
void write_field_schema(Sink& sink, const FieldInfo& field, Direction direction);
void write_example(Sink& sink, const FieldList& fields);
void write_field_example(Sink& sink, const FieldInfo& field);
void write_components(Sink& sink, const Routes& routes);

// An id for examples, of nobody.
inline constexpr std::string_view example_id = "01890a5d-ac96-774b-bcce-b302099a8057";

// The member of `paths` for a route (rest/openapi_path.cc), and the name under which it is listed:
// "customers" of "/customers/{customer_id}", "accounts/users" of what is below a folder.
void write_path(Sink& sink, const Route& route);
std::string tag_of(const Route& route);
// The statuses of refusals that an operation may answer with, beside its own.
std::vector<int> refusals_of(const Version& version, const Route& route,
                             const Operation& operation);

// {"$ref": "#/components/…"}, and such a member of an object.
inline void write_reference(Sink& sink, std::string_view kind, std::string_view name) {
  sink.object([&] { sink.text("$ref", fmt::format("#/components/{}/{}", kind, name)); });
}
inline void write_reference(Sink& sink, std::string_view member, std::string_view kind,
                            std::string_view name) {
  sink.key(member);
  write_reference(sink, kind, name);
}

}  // namespace rest
