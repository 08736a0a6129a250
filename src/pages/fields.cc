// pages/fields.cc — see fields.h.
#include "pages/fields.h"

namespace pages {
namespace {

constexpr std::size_t longest_in_one_line = 300;

// Whether it may be sent empty.
bool is_optional(const rest::Rule& rule) { return !rule.required || rule.blank; }

bool is_time(const FieldInfo& field) { return field.type == FieldType<base::Time>::name; }

}  // namespace

void FormFields::write(const FieldList& fields, const http::Value& values,
                       const std::vector<base::Problem>& problems, const std::string& prefix) {
  for (const auto& field : fields) {
    if (field.read_only) continue;
    const auto name = prefix + std::string(field.name);
    const auto* value = values.find(field.name);
    if (!field.children.empty()) {
      write_group(field, value, problems, name);
      continue;
    }
    Box box{field, name, "", value && value->type != http::Value::Type::null};
    if (box.filled && !field.rule.secret) box.value = value->text;
    for (const auto& problem : problems)
      if (problem.field == name) box.problems.push_back(problem.message);
    write_box(box);
  }
}

void FormFields::write_group(const FieldInfo& field, const http::Value* values,
                             const std::vector<base::Problem>& problems, const std::string& name) {
  const http::Value nothing;
  page_.raw("<fieldset><legend>").text(rest::label_of(field)).raw("</legend>\n");
  write(field.children, values ? *values : nothing, problems, name + ".");
  page_.raw("</fieldset>\n");
}

void FormFields::write_box(const Box& box) {
  const auto& rule = box.field.rule;
  page_.raw("<div class=\"field\"><label").attribute("for", id_of("field", box)).raw(">");
  page_.text(rest::label_of(box.field));
  if (is_time(box.field)) page_.raw(" (UTC)");
  if (is_optional(rule) && !in_query_) page_.raw(" <span class=\"optional\">(optional)</span>");
  page_.raw("</label>\n");
  write_control(box);
  if (rule.help)
    page_.raw("<p class=\"help\"")
        .attribute("id", id_of("help", box))
        .raw(">")
        .text(rule.help)
        .raw("</p>\n");
  if (!box.problems.empty()) {
    page_.raw("<div").attribute("id", id_of("problem", box)).raw(">");
    for (const auto sentence : box.problems)
      page_.raw("<p class=\"problem\">").text(sentence).raw("</p>");
    page_.raw("</div>\n");
  }
  page_.raw("</div>\n");
}

void FormFields::write_control(const Box& box) {
  if (const auto options = options_for(box)) return write_select(box, *options);
  const auto& rule = box.field.rule;
  const bool is_text = !rule.secret && !rule.type && box.field.type == "string";
  if (!is_text || in_query_ || (rule.max_length != 0 && rule.max_length <= longest_in_one_line))
    return write_input(box);
  page_.raw("<textarea rows=\"4\"");
  write_common(box);
  // The first line break after the tag is not part of the text.
  page_.raw(">\n").text(box.value).raw("</textarea>\n");
}

void FormFields::write_input(const Box& box) {
  const auto& rule = box.field.rule;
  page_.raw("<input");
  if (rule.secret)
    page_.raw(" type=\"password\"")
        .attribute("autocomplete",
                   box.field.name == "current_password" ? "current-password" : "new-password");
  else if (rule.type && std::string_view(rule.type) == "email")
    page_.raw(" type=\"email\" autocomplete=\"off\"").attribute("value", box.value);
  else if (box.field.type == "integer")
    page_.raw(" type=\"number\" autocomplete=\"off\"")
        .attribute("min", std::to_string(rule.least))
        .attribute("max", std::to_string(rule.most))
        .attribute("value", box.value);
  else if (const auto time = base::Time::parse_iso(box.value);
           is_time(box.field) && (time || box.value.empty()))
    page_.raw(" type=\"datetime-local\" step=\"1\"")
        .attribute("value", time ? time->iso().substr(0, 19) : "");
  else
    page_.raw(" type=\"text\" autocomplete=\"off\"").attribute("value", box.value);
  write_common(box);
  page_.raw(">\n");
}

void FormFields::write_select(const Box& box, const std::vector<Option>& options) {
  page_.raw("<select");
  write_common(box);
  page_.raw("><option value=\"\">").text(options.empty() ? "Nobody else is here yet" : "–");
  page_.raw("</option>");
  for (const auto& option : options) {
    page_.raw("<option").attribute("value", option.value);
    if (option.selected || (box.filled && option.value == box.value)) page_.raw(" selected");
    page_.raw(">").text(option.label).raw("</option>");
  }
  page_.raw("</select>\n");
}

void FormFields::write_common(const Box& box) {
  const auto& rule = box.field.rule;
  page_.attribute("id", id_of("field", box)).attribute("name", box.name);
  if (rule.max_length != 0) page_.attribute("maxlength", std::to_string(rule.max_length));
  if (!is_optional(rule) && !in_query_) page_.raw(" required");
  std::string about = rule.help ? id_of("help", box) : "";
  if (!box.problems.empty()) {
    page_.raw(" aria-invalid=\"true\"");
    about = id_of("problem", box) + (about.empty() ? "" : " " + about);
  }
  if (!about.empty()) page_.attribute("aria-describedby", about);
}

std::string FormFields::id_of(std::string_view part, const Box& box) const {
  return (in_query_ ? "filter-" : "") + std::string(part) + "-" + box.name;
}

std::optional<std::vector<FormFields::Option>> FormFields::options_for(const Box& box) {
  const auto& rule = box.field.rule;
  const std::string_view offers = rule.offers ? rule.offers : "";
  std::vector<Option> options;
  if (rule.choices) {
    rest::for_each_word(rule.choices, [&](std::string_view word) {
      options.push_back({std::string(word), in_query_ ? std::string(word) : rest::label_of(word)});
    });
    return options;
  }
  if (!frame_.who) return std::nullopt;
  if (offers == "people" || box.field.link == app::UserUrl::path) return people_for(box);
  if (offers != "memberships") return std::nullopt;
  for (const auto& company : frame_.companies)
    options.push_back(
        {company.company_id.text(), company.name, !box.filled && company.is_default != 0});
  return options;
}

std::optional<std::vector<FormFields::Option>> FormFields::people_for(const Box& box) {
  const auto& people = frame_.people(context_);
  if (people.size() > most_people) return std::nullopt;
  const bool by_url = box.field.link == app::UserUrl::path;
  const auto urls = context_.urls();
  std::vector<Option> options;
  if (!by_url) options.push_back({frame_.who->user_id.text(), "you"});
  const bool by_both_names = context_.version.people_are_objects;
  for (const auto& user : people)
    options.push_back({by_url ? urls.to(app::UserUrl::path, user.id) : user.id.text(),
                       by_both_names ? app::label_of(user) : user.username});
  return options;
}

}  // namespace pages
