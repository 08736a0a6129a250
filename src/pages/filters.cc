// pages/filters.cc — see filters.h.
#include "pages/filters.h"

#include <algorithm>

#include "http/json.h"
#include "pages/fields.h"
#include "rest/schema.h"

namespace pages {

void write_filter_form(http::HtmlWriter& page, Context& context, const Frame& frame,
                       const rest::Answer& answer) {
  const bool is_list = answer.status == 200 || answer.status == 400;
  if (!context.caller.principal || !is_list || context.request.method != http::Method::get) return;
  const auto filters = rest::narrowing_of(context.route, context.version);
  if (filters.empty()) return;
  auto given = http::Value::object();
  for (const auto& filter : filters)
    if (const auto value = context.request.parameter(filter.name); value && !value->empty())
      given.members.emplace_back(filter.name, http::Value::string(*value));
  const bool in_use = !given.members.empty();
  page.raw("<details class=\"card filters\"");
  if (in_use) page.raw(" open");
  page.raw("><summary>Filters</summary>\n<form").attribute("action", context.request.path);
  page.raw("><div class=\"boxes\">\n");
  const auto* error = answer.document.error();
  FormFields(page, context, frame, FormFields::For::query)
      .write(filters, given, error ? error->problems : std::vector<base::Problem>());
  page.raw("</div>\n");
  // What else was asked for, as `limit`, but from the beginning of the list.
  const auto url = again_url(context);
  const auto query = url.find('?') == url.npos ? "" : url.substr(url.find('?') + 1);
  for (const auto& [name, value] : http::parse_urlencoded(query)) {
    const auto is_it = [&name = name](const FieldInfo& filter) { return filter.name == name; };
    if (name != "cursor" && std::none_of(filters.begin(), filters.end(), is_it))
      write_hidden(page, name, value);
  }
  page.raw("<div class=\"buttons\"><button class=\"main\">Filter</button>");
  if (in_use)
    page.raw("<a class=\"button\"").attribute("href", context.request.path).raw(">Show all</a>");
  page.raw("</div></form></details>\n");
}

}  // namespace pages
