// rest/reference.h — what a body names by its id, or by its URL as a hyperlink does.
#pragma once
#include <optional>
#include <string>

#include "db/param.h"
#include "rest/decode.h"
#include "rest/schema.h"

namespace rest {

// To a row under Path.
template <base::Literal Path>
struct Reference {
  base::Uuid id;
};

template <base::Literal Path>
void read(const http::Value& value, const Place& place, std::optional<Reference<Path>>& out) {
  std::optional<base::Uuid> id;
  if (value.type == http::Value::Type::string) id = base::Uuid::parse_any_case(value.text);
  if (!id) read_link(value, place, Path.text, id);
  if (id) out = Reference<Path>{*id};
}

// Of a query: version 1 takes ids alone.
template <base::Literal Path>
void read_filter(const http::Value& value, const Place& place,
                 std::optional<Reference<Path>>& out) {
  if (place.version.takes_ids) return read(value, place, out);
  std::optional<base::Uuid> id;
  read(value, place, id);
  if (id) out = Reference<Path>{*id};
}

template <base::Literal Path>
db::Param param(const Reference<Path>& reference) {
  return db::param(reference.id);
}

template <base::Literal Path>
inline constexpr bool takes_url<std::optional<Reference<Path>>> = true;

template <base::Literal Path>
struct FieldType<Reference<Path>> {
  static constexpr std::string_view name = "uuid";
};

}  // namespace rest
