// rest/schema.cc — see schema.h.
#include "rest/schema.h"

#include "rest/decode.h"

namespace rest {
namespace {

void write_choices(http::JsonWriter& json, std::string_view choices) {
  json.begin_list();
  for_each_word(choices, [&](std::string_view word) {
    json.begin_object();
    json.key("value");
    json.string(word);
    json.key("display_name");
    json.string(label_of(word));
    json.end_object();
  });
  json.end_list();
}

void write_field(http::JsonWriter& json, const FieldInfo& field) {
  const auto& rule = field.rule;
  json.begin_object();
  json.key("type");
  json.string(rule.type ? rule.type : rule.choices ? "choice" : field.type);
  json.key("required");
  json.boolean(!field.read_only && rule.required);
  json.key("read_only");
  json.boolean(field.read_only);
  json.key("label");
  json.string(label_of(field));
  if (rule.help) {
    json.key("help_text");
    json.string(rule.help);
  }
  if (rule.max_length != 0) {
    json.key("max_length");
    json.integer(static_cast<std::int64_t>(rule.max_length));
  }
  if (rule.most != 0) {
    json.key("min_value");
    json.integer(rule.least);
    json.key("max_value");
    json.integer(rule.most);
  }
  if (rule.choices && !field.read_only) {
    json.key("choices");
    write_choices(json, rule.choices);
  }
  if (!field.children.empty()) {
    json.key("children");
    write_fields(json, field.children);
  }
  json.end_object();
}

}  // namespace

std::string label_of(std::string_view name) {
  std::string label(name);
  for (char& c : label)
    if (c == '_') c = ' ';
  if (label.front() >= 'a' && label.front() <= 'z')
    label.front() = static_cast<char>(label.front() - 'a' + 'A');
  return label;
}

void write_fields(http::JsonWriter& json, const Fields& fields) {
  json.begin_object();
  for (const auto& field : fields) {
    json.key(field.name);
    write_field(json, field);
  }
  json.end_object();
}

}  // namespace rest
