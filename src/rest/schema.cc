// rest/schema.cc — see schema.h.
#include "rest/schema.h"

#include <algorithm>

#include "rest/decode.h"
#include "rest/paging.h"

namespace rest {
namespace {

void write_choices(Sink& sink, std::string_view choices) {
  sink.begin_list();
  for_each_word(choices, [&](std::string_view word) {
    sink.begin_object();
    sink.key("value");
    sink.string(word);
    sink.key("display_name");
    sink.string(label_of(word));
    sink.end_object();
  });
  sink.end_list();
}

void write_field(Sink& sink, const FieldInfo& field) {
  const auto& rule = field.rule;
  sink.begin_object();
  sink.key("type");
  sink.string(rule.type ? rule.type : rule.choices ? "choice" : field.type);
  sink.key("required");
  sink.boolean(!field.read_only && rule.required);
  sink.key("read_only");
  sink.boolean(field.read_only);
  sink.key("label");
  sink.string(label_of(field));
  if (rule.help) {
    sink.key("help_text");
    sink.string(rule.help);
  }
  if (rule.max_length != 0) {
    sink.key("max_length");
    sink.integer(static_cast<std::int64_t>(rule.max_length));
  }
  if (rule.most != 0) {
    sink.key("min_value");
    sink.integer(rule.least);
    sink.key("max_value");
    sink.integer(rule.most);
  }
  if (rule.choices && !field.read_only) {
    sink.key("choices");
    write_choices(sink, rule.choices);
  }
  if (!field.children.empty()) {
    sink.key("children");
    write_fields(sink, field.children);
  }
  sink.end_object();
}

}  // namespace

void add_shown(Fields& fields, std::string_view name, std::string_view type, const Rule& rule) {
  fields.push_back({.name = name, .type = type, .rule = rule, .read_only = true});
}

FieldInfo& add_taken(Fields& fields, std::string_view name, std::string_view type, const Rule& rule,
                     std::string_view link) {
  auto place = std::find_if(fields.begin(), fields.end(),
                            [&](const auto& field) { return field.name == name; });
  if (place == fields.end()) place = fields.emplace(place);
  *place = {.name = name, .type = type, .rule = rule, .link = link};
  return *place;
}

std::string label_of(std::string_view name) {
  std::string label(name);
  for (char& c : label)
    if (c == '_') c = ' ';
  if (label.front() >= 'a' && label.front() <= 'z')
    label.front() = static_cast<char>(label.front() - 'a' + 'A');
  return label;
}

Fields narrowing_of(const Route& route, const Version& version) {
  auto fields = route.list.filters ? route.list.filters(version) : Fields();
  if (const auto* timeline = route.list.timeline) {
    constexpr auto time = FieldType<base::Time>::name;
    add_taken(fields, timeline->since, time, {.help = "From this moment on."});
    add_taken(fields, timeline->until, time, {.help = "Before this moment."});
    add_taken(fields, "order", "string",
              {.choices = timeline->orders, .help = "With a minus, the newest first."});
  }
  for (auto& field : fields) field.rule.required = false;
  return fields;
}

Fields parameters_of(const Route& route, const Version& version, http::Method method) {
  const bool reads = method == http::Method::get || method == http::Method::head;
  Fields fields;
  if (reads || route.guard == Guard::credential) fields = narrowing_of(route, version);
  if (reads && route.has_pages()) {
    add_taken(fields, "limit", "integer",
              {.required = false,
               .least = 1,
               .most = most_rows,
               .help = "How many rows a page has; 50 where nothing is said."});
    add_taken(fields, "cursor", "string",
              {.required = false,
               .help = "Where the page begins. The URL of the next page has it.",
               .example = "AAZHSEYgQAABiQpdrJZ3S7zOswIJmoBX"});
  }
  if (version.takes_format)
    add_taken(fields, "format", "string",
              {.required = false,
               .choices = "json api",
               .help = "JSON or a page, whatever Accept says."});
  return fields;
}

void write_fields(Sink& sink, const FieldList& fields) {
  sink.begin_object();
  for (const auto& field : fields) {
    sink.key(field.name);
    write_field(sink, field);
  }
  sink.end_object();
}

}  // namespace rest
