// app/filters.cc — see filters.h.
#include "app/filters.h"

#include <algorithm>

#include "app/describe.h"
#include "app/page.h"
#include "app/users.h"
#include "http/form.h"
#include "http/json.h"

namespace app {
namespace {

constexpr std::int64_t most_people = 500;  // with more, one types the id

struct Choice {
  std::string value;
  std::string label;
};
using Choices = std::vector<Choice>;

bool is_filter(const Call& call, std::string_view name) {
  return std::any_of(call.view.filters.begin(), call.view.filters.end(),
                     [&](const Filter& filter) { return filter.name == name; });
}

// What the visitor can choose a person from; none where there are too many.
Choices people_of(Call& call) {
  const auto is_person = [](const Filter& each) { return each.kind == Filter::Kind::person; };
  if (std::none_of(call.view.filters.begin(), call.view.filters.end(), is_person)) return {};
  const auto others = colleagues(call, most_people + 1);
  if (others.size() > static_cast<std::size_t>(most_people)) return {};
  Choices people{{call.who().user_id.text(), "you"}};
  for (const auto& user : others) people.push_back({user.id.text(), user.username});
  return people;
}

class FilterForm {
 public:
  FilterForm(http::HtmlWriter& page, Call& call, const http::Response& answer)
      : page_(page), call_(call), people_(people_of(call)) {
    if (answer.status == 400) errors_ = http::parse_json(answer.body);
  }

  void write() {
    const auto given = http::parse_urlencoded(call_.request.query);
    const bool in_use = std::any_of(given.begin(), given.end(), [&](const auto& each) {
      return is_filter(call_, each.first) && !each.second.empty();
    });
    page_.raw("<details class=\"card filters\"");
    if (in_use) page_.raw(" open");
    page_.raw("><summary>Filters</summary>\n<form").attribute("action", call_.request.path);
    page_.raw("><div class=\"boxes\">\n");
    for (const auto& filter : call_.view.filters) write_box(filter);
    page_.raw("</div>\n");
    for (const auto& [name, value] : given)
      if (name != "cursor" && !is_filter(call_, name)) write_hidden(page_, name, value);
    page_.raw("<div class=\"buttons\"><button class=\"main\">Filter</button>");
    if (in_use)
      page_.raw("<a class=\"button\"").attribute("href", call_.request.path).raw(">Show all</a>");
    page_.raw("</div></form></details>\n");
  }

 private:
  void write_box(const Filter& filter) {
    const auto* problems = errors_.find(filter.name);
    page_.raw("<div class=\"field\"><label").attribute("for", "filter-" + std::string(filter.name));
    page_.raw(">").text(label_of(filter.name));
    if (filter.kind == Filter::Kind::time) page_.raw(" (UTC)");
    page_.raw("</label>\n");
    write_control(filter, problems != nullptr);
    if (problems) {
      page_.raw("<div").attribute("id", "filter-problem-" + std::string(filter.name)).raw(">");
      for (const auto& sentence : problems->items)
        page_.raw("<p class=\"problem\">").text(sentence.text).raw("</p>");
      page_.raw("</div>\n");
    }
    page_.raw("</div>\n");
  }

  void write_control(const Filter& filter, bool is_wrong) {
    const auto value = call_.request.parameter(filter.name).value_or("");
    const bool is_person = filter.kind == Filter::Kind::person;
    if (filter.kind == Filter::Kind::choice || (is_person && !people_.empty())) {
      page_.raw("<select");
      write_common(filter, is_wrong);
      return write_options(is_person ? people_ : words_of(filter.choices), value);
    }
    const auto time =
        filter.kind == Filter::Kind::time ? base::Time::parse_iso(value) : std::nullopt;
    if (filter.kind == Filter::Kind::time && (time || value.empty()))
      page_.raw("<input type=\"datetime-local\" step=\"1\"")
          .attribute("value", time ? time->iso().substr(0, 19) : "");
    else
      page_.raw("<input type=\"text\" autocomplete=\"off\"").attribute("value", value);
    write_common(filter, is_wrong);
    page_.raw(">\n");
  }

  void write_common(const Filter& filter, bool is_wrong) {
    page_.attribute("id", "filter-" + std::string(filter.name)).attribute("name", filter.name);
    if (is_wrong)
      page_.raw(" aria-invalid=\"true\"")
          .attribute("aria-describedby", "filter-problem-" + std::string(filter.name));
  }

  void write_options(const Choices& choices, std::string_view value) {
    page_.raw("><option value=\"\">–</option>");
    for (const auto& choice : choices) {
      page_.raw("<option").attribute("value", choice.value);
      if (choice.value == value) page_.raw(" selected");
      page_.raw(">").text(choice.label).raw("</option>");
    }
    page_.raw("</select>\n");
  }

  static Choices words_of(std::string_view words) {
    Choices choices;
    for_each_word(words, [&](std::string_view word) {
      choices.push_back({std::string(word), std::string(word)});
    });
    return choices;
  }

  http::HtmlWriter& page_;
  Call& call_;
  const Choices people_;
  http::Value errors_;
};

}  // namespace

void write_filters(http::HtmlWriter& page, Call& call, const http::Response& answer) {
  const bool is_list = answer.status == 200 || answer.status == 400;
  if (call.view.filters.empty() || !call.caller.principal || !is_list ||
      call.request.method != http::Method::get)
    return;
  FilterForm(page, call, answer).write();
}

}  // namespace app
