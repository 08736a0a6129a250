// pages/description.h — the description of the API (rest/openapi.h) as the reference for people
// reads it.
#pragma once
#include <string>
#include <string_view>

#include "http/json.h"
#include "rest/context.h"

namespace pages {

using http::Value;

// A member's text, and the member; "", and null, where there is none.
std::string_view text_of(const Value& value, std::string_view name);
const Value& member(const Value& value, std::string_view name);

class Description {
 public:
  // Of the request's version.
  explicit Description(const rest::Context& context);

  const Value& document() const { return document_; }
  // Follows "$ref": "#/components/KIND/NAME".
  const Value& resolved(const Value& value) const;

  // Calls visit(path, method, what all methods of the path have, operation) for those of a tag.
  template <class Visit>
  void for_each_operation(std::string_view tag, Visit visit) const {
    for (const auto& [path, operations] : member(document_, "paths").members)
      for (const auto& [method, operation] : operations.members)
        if (const auto& tags = member(operation, "tags").items;
            !tags.empty() && tags[0].text == tag)
          visit(path, method, operations, operation);
  }

 private:
  const Value document_;
};

// "GET" of "get".
std::string upper(std::string text);
// What an operation does, as a heading: a sentence without its full stop.
std::string_view title_of(const Value& operation);
// Whether the schema of an object asks for a member.
bool is_required(const Value& schema, std::string_view name);

}  // namespace pages
