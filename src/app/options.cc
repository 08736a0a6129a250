// app/options.cc — see options.h.
#include "app/options.h"

#include <initializer_list>
#include <string_view>

#include "app/describe.h"
#include "http/json.h"

namespace app {

http::Response options(Call& call) {
  http::JsonWriter json(call.indent());
  json.begin_object();
  const auto texts = [&](std::string_view key, std::initializer_list<std::string_view> list) {
    json.key(key);
    json.begin_list();
    for (const auto text : list) json.string(text);
    json.end_list();
  };
  json.key("name");
  json.string(call.view.name);
  json.key("description");
  json.string("");
  texts("renders", {"application/json", "text/html"});
  texts("parses", {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"});
  const auto& form = call.view.form;
  if (form.describe && call.may(form.method)) {
    json.key("actions");
    json.begin_object();
    json.key(http::name_of(form.method));
    write_fields(json, form.describe());
    json.end_object();
  }
  json.end_object();
  return {.status = 200, .content_type = "application/json", .body = json.take()};
}

}  // namespace app
