// rest/openapi_schema.cc — schemas and examples of fields; see openapi.h.
#include "rest/decode.h"
#include "rest/openapi.h"

namespace rest {
namespace {

std::string_view first_word(std::string_view words) { return words.substr(0, words.find(' ')); }

// `required` says so; and where a struct shares the rule, it need not be so.
std::string_view without_required(std::string_view help) {
  constexpr std::string_view said = "Required. ";
  return help.starts_with(said) ? help.substr(said.size()) : help;
}

bool is_person(const Version& version, const FieldInfo& field) {
  return version.people_are_objects && field.link == people_path.view();
}

void write_type(Sink& sink, std::string_view type, bool may_be_null) {
  sink.key("type");
  if (!may_be_null) return sink.string(type);
  sink.begin_list();
  sink.string(type);
  sink.string("null");
  sink.end_list();
}

void write_choices(Sink& sink, std::string_view choices) {
  sink.list("enum",
            [&] { for_each_word(choices, [&](std::string_view word) { sink.string(word); }); });
}

std::string_view format_of(const FieldInfo& field, Direction direction) {
  const std::string_view type = field.rule.type ? field.rule.type : field.type;
  if (type == "email" || type == "uuid") return type;
  if (type == "datetime") return "date-time";
  const bool is_url = type == "url" || !field.link.empty();
  return is_url && direction == Direction::shown ? "uri-reference" : "";
}

// What is neither an object nor a list.
void write_plain(Sink& sink, const FieldInfo& field, Direction direction) {
  const auto& rule = field.rule;
  const bool is_number = field.type == "integer";
  sink.object([&] {
    write_type(sink,
               is_number                 ? "integer"
               : field.type == "boolean" ? "boolean"
                                         : "string",
               field.may_be_null);
    if (const auto format = format_of(field, direction); !format.empty())
      sink.text("format", format);
    if (rule.help) sink.text("description", without_required(rule.help));
    if (rule.choices) write_choices(sink, rule.choices);
    if (field.type == "choice" && !rule.choices) write_choices(sink, auth::role_words);
    if (direction == Direction::taken && rule.max_length != 0) {
      sink.number("maxLength", static_cast<std::int64_t>(rule.max_length));
    }
    if (is_number && rule.most != 0) {
      sink.number("minimum", rule.least);
      sink.number("maximum", rule.most);
    }
  });
}

// What names a thing: its id, or its URL.
void write_thing_named(Sink& sink, const FieldInfo& field) {
  sink.object([&] {
    sink.text("$ref", "#/components/schemas/IdOrUrl");
    if (field.rule.help) sink.text("description", without_required(field.rule.help));
  });
}

}  // namespace

void write_field_example(Sink& sink, const FieldInfo& field) {
  const auto& rule = field.rule;
  const std::string_view type = rule.type ? rule.type : field.type;
  if (!field.children.empty()) return write_example(sink, field.children);
  if (rule.example) return sink.string(rule.example);
  if (rule.secret) return sink.string("Mild-7731-Kite!");
  if (rule.choices || field.type == "choice")
    return sink.string(first_word(rule.choices ? rule.choices : "staff"));
  if (!field.link.empty())
    return sink.string(std::string(sink.version().prefix) + std::string(field.link) +
                       std::string(example_id));
  if (type == "integer") return sink.integer(rule.least);
  if (type == "uuid") return sink.string(example_id);
  if (type == "email") return sink.string("kim@example.com");
  if (type == "datetime") return sink.string("2026-11-27T10:00:00Z");
  sink.string(label_of(field));
}

void write_field_schema(Sink& sink, const FieldInfo& field, Direction direction) {
  if (direction == Direction::taken && sink.version().takes_ids &&
      (field.or_url || !field.link.empty()))
    return write_thing_named(sink, field);
  if (direction == Direction::shown && is_person(sink.version(), field))
    return write_reference(sink, "schemas", field.may_be_null ? "PersonOrNull" : "Person");
  if (direction == Direction::shown && field.is_list) {
    sink.object([&] {
      sink.text("type", "array");
      write_reference(sink, "items", "schemas", field.shape_of);
    });
  } else if (direction == Direction::shown && !field.shape.empty() && field.may_be_null) {
    sink.object([&] {
      sink.key("anyOf");
      sink.begin_list();
      write_reference(sink, "schemas", field.shape_of);
      sink.object([&] { sink.text("type", "null"); });
      sink.end_list();
    });
  } else if (direction == Direction::shown && !field.shape.empty()) {
    write_reference(sink, "schemas", field.shape_of);
  } else if (!field.children.empty()) {
    write_schema(sink, field.children, direction);
  } else {
    write_plain(sink, field, direction);
  }
}

void write_schema(Sink& sink, const FieldList& fields, Direction direction) {
  const bool is_shown = direction == Direction::shown;
  sink.object([&] {
    sink.text("type", "object");
    const auto is_there = [&](const FieldInfo& field) { return is_shown || !field.read_only; };
    const auto is_required = [&](const FieldInfo& field) {
      return is_there(field) && (is_shown ? !field.may_be_absent : field.rule.required);
    };
    if (std::any_of(fields.begin(), fields.end(), is_required)) {
      sink.list("required", [&] {
        for (const auto& field : fields)
          if (is_required(field)) sink.string(field.name);
      });
    }
    sink.object("properties", [&] {
      for (const auto& field : fields) {
        if (!is_there(field)) continue;
        sink.key(field.name);
        write_field_schema(sink, field, direction);
      }
    });
    // What is answered may get more.
    if (!is_shown && sink.version().refuses_unknown) {
      sink.flag("additionalProperties", false);
    }
  });
}

void write_example(Sink& sink, const FieldList& fields) {
  sink.object([&] {
    for (const auto& field : fields) {
      if (field.read_only) continue;
      sink.key(field.name);
      write_field_example(sink, field);
    }
  });
}

}  // namespace rest
