// rest/options.cc — see options.h.
#include "rest/options.h"

#include <initializer_list>
#include <string_view>

#include "http/json.h"
#include "rest/schema.h"

namespace rest {

http::Response options(Context& context) {
  http::JsonWriter json(context.indent());
  json.begin_object();
  const auto texts = [&](std::string_view key, std::initializer_list<std::string_view> list) {
    json.key(key);
    json.begin_list();
    for (const auto text : list) json.string(text);
    json.end_list();
  };
  json.key("name");
  json.string(context.route.name);
  json.key("description");
  json.string("");
  texts("renders", {"application/json", "text/html"});
  texts("parses", {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"});
  const auto& form = context.route.form;
  if (form.describe && context.may(form.method)) {
    json.key("actions");
    json.begin_object();
    json.key(http::name_of(form.method));
    write_fields(json, form.describe());
    json.end_object();
  }
  json.end_object();
  return {.status = 200, .content_type = "application/json", .body = json.take()};
}

}  // namespace rest
