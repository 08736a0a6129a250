// rest/options.cc — see options.h.
#include "rest/options.h"

#include <initializer_list>
#include <string_view>

#include "rest/schema.h"

namespace rest {
namespace {

struct Options {
  std::string_view name;
  http::Method method = http::Method::other;
  std::optional<Fields> fields = {};  // of the form, where the caller may send it
};

void write_texts(Sink& sink, std::string_view key, std::initializer_list<std::string_view> list) {
  sink.key(key);
  sink.begin_list();
  for (const auto text : list) sink.string(text);
  sink.end_list();
}

void write(Sink& sink, const Options& options) {
  sink.begin_object();
  sink.key("name");
  sink.string(options.name);
  sink.key("description");
  sink.string("");
  write_texts(sink, "renders", {"application/json", "text/html"});
  write_texts(sink, "parses",
              {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"});
  if (options.fields) {
    sink.key("actions");
    sink.begin_object();
    sink.key(http::name_of(options.method));
    write_fields(sink, *options.fields);
    sink.end_object();
  }
  sink.end_object();
}

}  // namespace

Answer options(Context& context) {
  const auto& form = context.route.form;
  Options options{context.route.name, form.method};
  if (form.describe && context.may(form.method)) options.fields = form.describe();
  return {.document = Document::of(std::move(options))};
}

}  // namespace rest
