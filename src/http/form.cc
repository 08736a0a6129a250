// http/form.cc — see form.h.
#include "http/form.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace http {
namespace {

// Each name is looked for among those before it, so there is a limit (the reference's).
constexpr std::size_t most_fields = 1000;
// No field takes a list, so its items are only counted as what they are: not wanted. A body full of
// them would take 57 times its size.
constexpr std::size_t most_items = 1000;

enum class MediaType { json, urlencoded, multipart, other };

MediaType media_type_of(const Request& request) {
  const auto type = request.media_type();
  if (type == "application/json") return MediaType::json;
  if (type == "application/x-www-form-urlencoded") return MediaType::urlencoded;
  if (type == "multipart/form-data") return MediaType::multipart;
  return MediaType::other;
}

[[noreturn]] void refuse(std::string_view sentence) {
  throw base::Error(base::Code::invalid, std::string(sentence));
}

Pairs read_pairs(const Request& request) {
  if (media_type_of(request) == MediaType::multipart)
    return parse_multipart(request.body, request.content_type);
  const auto separators = std::count(request.body.begin(), request.body.end(), '&');
  if (separators >= static_cast<std::ptrdiff_t>(most_fields))
    refuse("The form has too many fields.");
  return parse_urlencoded(request.body);
}

// The member of that name, made when there is none.
Value& member(Value& object, std::string_view name) {
  for (auto& [key, value] : object.members)
    if (key == name) return value;
  return object.members.emplace_back(std::string(name), Value{}).second;
}

Value nest(const Pairs& pairs) {
  auto form = Value::object();
  for (const auto& [name, text] : pairs) {
    const auto dot = name.find('.');
    if (dot == name.npos || dot == 0 || dot + 1 == name.size()) {
      auto& value = member(form, name);
      // An object wins over a text of the same name, wherever it comes.
      if (value.type != Value::Type::object) value = Value::string(text);
      continue;
    }
    auto& object = member(form, std::string_view(name).substr(0, dot));
    if (object.type != Value::Type::object) object = Value::object();
    member(object, std::string_view(name).substr(dot + 1)) = Value::string(text);
  }
  return form;
}

Value read_form(const Request& request) {
  const auto pairs = read_pairs(request);
  for (const auto& [name, text] : pairs)
    if (!base::valid_utf8(name) || !base::valid_utf8(text))
      refuse("The form holds text that is not well-formed UTF-8.");
  return nest(pairs);
}

[[noreturn]] void refuse_media_type(const std::string& type) {
  // What is echoed must be text, or the answer is none.
  throw base::Error(
      base::Code::unsupported_media_type,
      "Unsupported media type \"" + (base::valid_utf8(type) ? type : "?") + "\" in request.");
}

}  // namespace

Body read_body(const Request& request) {
  const auto type = media_type_of(request);
  const bool is_form = type == MediaType::urlencoded || type == MediaType::multipart;
  if (request.body.empty()) return {Value::object(), is_form};
  if (type == MediaType::json) return {parse_json(request.body, most_items), false};
  if (is_form) return {read_form(request), true};
  refuse_media_type(request.content_type);
}

std::optional<std::string> form_field(const Request& request, std::string_view name) {
  const auto type = media_type_of(request);
  if (type != MediaType::urlencoded && type != MediaType::multipart) return std::nullopt;
  std::optional<std::string> found;
  try {
    for (auto& [key, text] : read_pairs(request))
      if (key == name) found = std::move(text);
  } catch (const base::Error&) {
    return std::nullopt;
  }
  return found;
}

}  // namespace http
