// http/form.cc — see form.h.
#include "http/form.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/text.h"

namespace http {
namespace {

// The reference's limit, and no form of ours has more than ten fields.
constexpr std::size_t most_fields = 1000;
// A member of an object takes many times its size in the body, so there are no more of them than
// fields of a form. No field takes a list, so its items are only counted as what they are: not
// wanted.
constexpr JsonLimits json_limits{.items = 1000, .keys = most_fields};

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

bool is_form(MediaType type) {
  return type == MediaType::urlencoded || type == MediaType::multipart;
}

Form fields_of(const Request& request) {
  if (media_type_of(request) == MediaType::multipart)
    return parse_multipart(request.body, request.content_type);
  const auto separators = std::count(request.body.begin(), request.body.end(), '&');
  if (separators >= static_cast<std::ptrdiff_t>(most_fields))
    refuse("The form has too many fields.");
  return {.fields = parse_urlencoded(request.body)};
}

// Puts the texts of a form where their names say.
class Nest {
 public:
  void add(std::string_view name, const std::string& text) {
    const auto dot = name.find('.');
    if (dot == name.npos || dot == 0 || dot + 1 == name.size()) {
      auto& value = member(form_, name, name);
      // An object wins over a text of the same name, wherever it comes.
      if (value.type != Value::Type::object) value = Value::string(text);
      return;
    }
    auto& object = member(form_, name.substr(0, dot), name.substr(0, dot));
    if (object.type != Value::Type::object) object = Value::object();
    member(object, name, name.substr(dot + 1)) = Value::string(text);
  }
  Value take() { return std::move(form_); }

 private:
  // The member of that name, made when there is none. `path` is its name from the form on.
  Value& member(Value& object, std::string_view path, std::string_view name) {
    const auto [place, is_new] = places_.emplace(path, object.members.size());
    if (is_new) object.members.emplace_back(std::string(name), Value{});
    return object.members[place->second].second;
  }

  Value form_ = Value::object();
  std::map<std::string_view, std::size_t> places_;  // of each path among its object's members
};

Value nest(const Pairs& pairs) {
  Nest nest;
  for (const auto& [name, text] : pairs) nest.add(name, text);
  return nest.take();
}

Value value_of(const Form& form) {
  if (form.problem) throw *form.problem;
  for (const auto& [name, text] : form.fields)
    if (!base::valid_utf8(name) || !base::valid_utf8(text))
      refuse("The form holds text that is not well-formed UTF-8.");
  return nest(form.fields);
}

[[noreturn]] void refuse_media_type(const std::string& type) {
  // What is echoed must be text, or the answer is none; and it is no longer than a type may be
  // (RFC 6838 section 4.2: 127 characters for each half).
  constexpr std::size_t longest = 255;
  const bool is_shown = type.size() <= longest && base::valid_utf8(type);
  throw base::Error(base::Code::unsupported_media_type,
                    "Unsupported media type \"" + (is_shown ? type : "?") + "\" in request.");
}

}  // namespace

bool has_form(const Request& request) {
  return !request.body.empty() && !request.body_is_short && !request.body_is_too_large &&
         is_form(media_type_of(request));
}

bool looks_like_json(const Request& request) {
  const auto body = base::trim(request.body);
  return request.media_type() != "application/json" &&
         (body.starts_with('{') || body.starts_with('['));
}

void read_form(Request& request) {
  auto& form = request.form.emplace();
  try {
    form = fields_of(request);
  } catch (const base::Error& error) {
    form.problem = error;
  }
}

Body read_body(const Request& request) {
  if (request.form) return {value_of(*request.form), true, request.form->has_files};
  const auto type = media_type_of(request);
  if (request.body.empty()) return {Value::object(), is_form(type)};
  if (type == MediaType::json) return {parse_json(request.body, json_limits), false};
  refuse_media_type(request.content_type);
}

}  // namespace http
