// app/describe.cc — see describe.h.
#include "app/describe.h"

#include "app/input.h"

namespace app {
namespace {

// "to_user" → "To user".
std::string label_of(std::string_view name) {
  std::string label(name);
  for (char& c : label)
    if (c == '_') c = ' ';
  label.front() = static_cast<char>(label.front() - 'a' + 'A');
  return label;
}

}  // namespace

void describe_field(http::JsonWriter& json, std::string_view name, std::string_view type,
                    const base::Rule& rule, bool read_only) {
  json.key("type");
  json.string(rule.type ? rule.type : rule.choices ? "choice" : type);
  json.key("required");
  json.boolean(!read_only && rule.required);
  json.key("read_only");
  json.boolean(read_only);
  json.key("label");
  json.string(rule.label ? rule.label : label_of(name));
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
  if (rule.choices && !read_only) {
    json.key("choices");
    json.begin_list();
    for_each_word(rule.choices, [&](std::string_view word) {
      json.begin_object();
      json.key("value");
      json.string(word);
      json.key("display_name");
      json.string(label_of(word));
      json.end_object();
    });
    json.end_list();
  }
}

}  // namespace app
