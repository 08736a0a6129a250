// pages/description.cc — see description.h.
#include "pages/description.h"

#include <algorithm>

#include "rest/openapi.h"

namespace pages {
namespace {

Value describe(const rest::Context& context) {
  rest::ValueSink sink(context.urls());
  rest::write(sink, rest::OpenApi{context.routes});
  return sink.take();
}

}  // namespace

std::string_view text_of(const Value& value, std::string_view name) {
  const auto* member = value.find(name);
  return member ? std::string_view(member->text) : "";
}

const Value& member(const Value& value, std::string_view name) {
  static const Value none;
  const auto* found = value.type == Value::Type::object ? value.find(name) : nullptr;
  return found ? *found : none;
}

Description::Description(const rest::Context& context) : document_(describe(context)) {}

const Value& Description::resolved(const Value& value) const {
  const auto reference = text_of(value, "$ref");
  if (reference.empty()) return value;
  constexpr std::string_view start = "#/components/";
  const auto slash = reference.rfind('/');
  const auto kind = reference.substr(start.size(), slash - start.size());
  return member(member(member(document_, "components"), kind), reference.substr(slash + 1));
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string_view title_of(const Value& operation) {
  auto title = text_of(operation, "summary");
  if (title.ends_with('.')) title.remove_suffix(1);
  return title;
}

bool is_required(const Value& schema, std::string_view name) {
  return std::ranges::any_of(member(schema, "required").items,
                             [&](const auto& each) { return each.text == name; });
}

}  // namespace pages
