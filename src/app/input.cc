// app/input.cc — see input.h.
#include "app/input.h"

#include <fmt/format.h>

#include "app/routes.h"
#include "base/text.h"

namespace app {
namespace {

using http::Value;

bool is_text(const Value& value) {
  return value.type == Value::Type::string || value.type == Value::Type::integer ||
         value.type == Value::Type::real;  // numbers become text
}

// What Python's str() makes of a value, for sentences that quote it.
std::string python_str(const Value& value) {
  switch (value.type) {
    case Value::Type::boolean: return value.boolean ? "True" : "False";
    case Value::Type::list: return "[...]";
    case Value::Type::object: return "{...}";
    default: return value.text;
  }
}

}  // namespace

bool is_object(const Value& value, const std::string& prefix, base::Problems& problems) {
  if (value.type == Value::Type::object) return true;
  const auto field = prefix + "non_field_errors";
  if (value.type == Value::Type::null)
    problems.add(field, "No data provided");
  else
    problems.add(field, fmt::format("Invalid data. Expected a dictionary, but got {}.",
                                    value.type_name()));
  return false;
}

bool is_given(const Value* value, const base::Rule& rule, InputMode mode, const std::string& field,
              base::Problems& problems) {
  const bool empty_in_form = mode.from_form && !rule.required && !rule.blank && value &&
                             value->type == Value::Type::string && value->text.empty();
  if (!value || empty_in_form) {
    if (rule.required && !mode.partial) problems.add(field, "This field is required.");
    return false;
  }
  if (value->type == Value::Type::null) problems.add(field, "This field may not be null.");
  return value->type != Value::Type::null;
}

void read(const Value& value, const base::Rule& rule, const std::string& field,
          base::Problems& problems, std::optional<std::string>& out) {
  if (!is_text(value)) return problems.add(field, "Not a valid string.");
  std::string text(rule.trim ? base::trim(value.text) : value.text);
  if (text.empty() && !rule.blank) return problems.add(field, "This field may not be blank.");
  if (rule.check && !text.empty()) rule.check(text, field, problems);
  if (rule.max_length != 0 && base::code_points(text) > rule.max_length)
    problems.add(field, fmt::format("Ensure this field has no more than {} characters.",
                                    rule.max_length));
  if (text.find('\0') != text.npos) problems.add(field, "Null characters are not allowed.");
  if (!problems.has(field)) out = std::move(text);
}

void read(const Value& value, const base::Rule&, const std::string& field,
          base::Problems& problems, std::optional<auth::Role>& out) {
  const auto word = python_str(value);
  if (auth::Role role{}; from_text(word, role)) {
    out = role;
  } else {
    problems.add(field, fmt::format("\"{}\" is not a valid choice.", word));
  }
}

void read_link(const Value& value, std::string_view path, const std::string& field,
               base::Problems& problems, std::optional<base::Uuid>& out) {
  if (value.type != Value::Type::string)
    return problems.add(field, fmt::format("Incorrect type. Expected URL string, received {}.",
                                           value.type_name()));
  std::string_view given = value.text;
  if (given.empty()) return problems.add(field, "This field may not be null.");
  if (given.starts_with("http:") || given.starts_with("https:")) {
    given.remove_prefix(given.find(':') + 1);
    if (given.starts_with("//")) {
      given.remove_prefix(2);
      given.remove_prefix(std::min(given.find_first_of("/?#"), given.size()));
    }
    given = given.substr(0, given.find_first_of("?#;"));
  }
  const auto match = resolve(given);
  if (!match) return problems.add(field, "Invalid hyperlink - No URL match.");
  if (given != std::string(path) + match->id.text())
    return problems.add(field, "Invalid hyperlink - Incorrect URL match.");
  out = match->id;
}

}  // namespace app
