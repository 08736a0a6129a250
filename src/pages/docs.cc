// pages/docs.cc — see docs.h. Tests: tests/pages/docs_test.cc, tests/api/clients_test.py.
#include "pages/docs.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "http/html.h"
#include "pages/docs_chapters.h"
#include "pages/frame.h"
#include "rest/openapi.h"

namespace pages {
namespace {

using http::Value;

// A member's text; "" where there is none.
std::string_view text_of(const Value& value, std::string_view name) {
  const auto* member = value.find(name);
  return member ? std::string_view(member->text) : "";
}

const Value& none() {
  static const Value nothing;
  return nothing;
}
const Value& member(const Value& value, std::string_view name) {
  const auto* found = value.type == Value::Type::object ? value.find(name) : nullptr;
  return found ? *found : none();
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

class Docs {
 public:
  Docs(http::HtmlWriter& page, const Context& context)
      : page_(page), context_(context), document_(describe(context)) {}

  void write() {
    write_contents();
    page_.raw("<p>In the commands below, where this is:</p>\n<pre class=\"thing\" tabindex=\"0\">");
    page_.text("api=" + context_.urls().base + std::string(context_.version.prefix));
    page_.raw("</pre>\n");
    for_each_chapter([&](std::string_view id, std::string_view title, const auto& html) {
      page_.raw("<section class=\"card\"").attribute("id", id).raw("><h2>").text(title);
      page_.raw("</h2>\n").raw(html).raw("</section>\n");
    });
    for (const auto& tag : member(document_, "tags").items) write_tag(text_of(tag, "name"));
  }

 private:
  static Value describe(const Context& context) {
    rest::ValueSink sink(context.urls());
    rest::write(sink, rest::OpenApi{context.routes, context.version, context.urls().base});
    return sink.take();
  }

  // Follows "$ref": "#/components/KIND/NAME".
  const Value& resolved(const Value& value) const {
    const auto reference = text_of(value, "$ref");
    if (reference.empty()) return value;
    const auto kind = reference.substr(13, reference.rfind('/') - 13);
    return member(member(member(document_, "components"), kind),
                  reference.substr(reference.rfind('/') + 1));
  }

  void write_contents() {
    page_.raw(
        "<nav class=\"card\" aria-label=\"Contents\"><h2>Contents</h2><ul class=\"contents\">");
    const auto entry = [&](std::string_view id, std::string_view title) {
      page_.raw("<li><a")
          .attribute("href", "#" + std::string(id))
          .raw(">")
          .text(title)
          .raw("</a></li>");
    };
    for_each_chapter(
        [&](std::string_view id, std::string_view title, const auto&) { entry(id, title); });
    for (const auto& tag : member(document_, "tags").items)
      entry("tag-" + std::string(text_of(tag, "name")), text_of(tag, "name"));
    page_.raw("</ul></nav>\n");
  }

  void write_tag(std::string_view tag) {
    page_.raw("<section class=\"card\"").attribute("id", "tag-" + std::string(tag)).raw("><h2>");
    page_.text(tag).raw("</h2>\n");
    for (const auto& [path, operations] : member(document_, "paths").members)
      for (const auto& [method, operation] : operations.members)
        if (const auto& tags = member(operation, "tags").items;
            !tags.empty() && tags[0].text == tag)
          write_operation(path, method, operations, operation);
    page_.raw("</section>\n");
  }

  void write_operation(const std::string& path, const std::string& method, const Value& operations,
                       const Value& operation) {
    page_.raw("<article").attribute("id", text_of(operation, "operationId")).raw("><h3><code>");
    page_.text(upper(method) + " " + path).raw("</code></h3>\n<p>");
    page_.text(text_of(operation, "summary")).raw(" ").text(text_of(operation, "description"));
    page_.raw("</p>\n");
    auto parameters = member(operations, "parameters").items;
    const auto& own = member(operation, "parameters").items;
    parameters.insert(parameters.end(), own.begin(), own.end());
    write_parameters(parameters);
    const auto& body =
        member(member(member(operation, "requestBody"), "content"), "application/json");
    if (body.type == Value::Type::object) write_fields("Body", member(body, "schema"));
    write_answers(member(operation, "responses"));
    page_.raw("<pre class=\"thing\" tabindex=\"0\">");
    page_.text(curl(path, method, operation, member(body, "example"))).raw("</pre></article>\n");
  }

  void begin_table(std::string_view caption) {
    page_.raw("<table><caption>")
        .text(caption)
        .raw("</caption><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Type</th>"
             "<th scope=\"col\">What it is</th></tr></thead><tbody>");
  }
  void write_row(std::string_view name, const Value& schema, std::string_view sentence,
                 bool required) {
    page_.raw("<tr><th scope=\"row\"><code>").text(name).raw("</code></th><td>");
    page_.text(type_of(schema)).raw("</td><td>");
    if (required) page_.raw("Required. ");
    page_.text(sentence).raw("</td></tr>");
  }

  void write_parameters(const std::vector<Value>& parameters) {
    if (parameters.empty()) return;
    begin_table("Parameters");
    for (const auto& each : parameters) {
      const auto& parameter = resolved(each);
      const auto place = text_of(parameter, "in");
      const auto sentence = (place == "query" ? "" : "In the " + std::string(place) + ". ") +
                            std::string(text_of(parameter, "description"));
      write_row(text_of(parameter, "name"), resolved(member(parameter, "schema")), sentence, false);
    }
    page_.raw("</tbody></table>\n");
  }

  void write_fields(std::string_view caption, const Value& schema) {
    if (member(schema, "properties").members.empty()) return;
    begin_table(caption);
    write_members("", schema);
    page_.raw("</tbody></table>\n");
  }
  void write_members(const std::string& prefix, const Value& schema) {
    const auto& required = member(schema, "required").items;
    for (const auto& [name, value] : member(schema, "properties").members) {
      const auto& shown = resolved(value);
      const bool is_required = std::ranges::any_of(
          required, [&name = name](const auto& each) { return each.text == name; });
      write_row(prefix + name, shown, text_of(shown, "description"),
                is_required && caption_says_required_);
      const auto& inner =
          text_of(shown, "type") == "array" ? resolved(member(shown, "items")) : shown;
      write_members(prefix + name + ".", inner);
    }
  }

  // "string (email), at most 254 characters", "admin or staff", "list".
  std::string type_of(const Value& schema) const {
    const auto& type = member(schema, "type");
    std::string text = type.type == Value::Type::list && !type.items.empty()
                           ? type.items.front().text + " or null"
                           : type.text;
    if (text == "array") text = "list";
    const auto& choices = member(schema, "enum").items;
    for (std::size_t i = 0; i < choices.size(); i++)
      text = i == 0 ? choices[i].text : text + " or " + choices[i].text;
    if (const auto format = text_of(schema, "format"); !format.empty())
      text += " (" + std::string(format) + ")";
    if (const auto most = text_of(schema, "maxLength"); !most.empty())
      text += ", at most " + std::string(most) + " characters";
    if (const auto most = text_of(schema, "maximum"); !most.empty())
      text += ", " + std::string(text_of(schema, "minimum")) + " to " + std::string(most);
    return text;
  }

  void write_answers(const Value& responses) {
    std::string errors;
    bool is_shown = false;  // what is made, and what was made before, look the same
    for (const auto& [status, response] : responses.members) {
      if (status >= "300") {
        errors += (errors.empty() ? "" : ", ") + status;
        continue;
      }
      page_.raw("<p>Answers <b>")
          .text(status)
          .raw("</b> ")
          .text(text_of(resolved(response), "description"));
      page_.raw(".</p>\n");
      if (is_shown) continue;
      is_shown = true;
      caption_says_required_ = false;
      const auto& schema =
          member(member(member(response, "content"), "application/json"), "schema");
      const auto& rows = text_of(schema, "type") == "array" ? member(schema, "items") : schema;
      write_fields("Answer", resolved(rows));
      caption_says_required_ = true;
    }
    page_.raw("<p>Refusals, and 304: ")
        .text(errors)
        .raw("; see <a href=\"#errors\">Errors</a>.</p>\n");
  }

  // With $token for a token, and $customer_id for the id in a path.
  std::string curl(const std::string& path, const std::string& method, const Value& operation,
                   const Value& example) const {
    auto url = "$api" + path;
    for (auto open = url.find('{'); open != url.npos; open = url.find('{'))
      url.replace(open, url.find('}') - open + 1,
                  "$" + url.substr(open + 1, url.find('}') - open - 1));
    std::string line = "curl \"" + url + "\"";
    if (method != "get" && !(method == "post" && example.type == Value::Type::object))
      line += " -X " + upper(method);
    const auto& security = member(operation, "security").items;
    if (!security.empty() && !security.front().members.empty())
      line += " \\\n  -H \"Authorization: Bearer $token\"";
    if (example.type == Value::Type::object)
      line += " \\\n  -H 'Content-Type: application/json' \\\n  -d '" + json_of(example) + "'";
    return line;
  }
  static std::string json_of(const Value& example) {
    rest::JsonSink sink;
    rest::write_value(sink, example);
    return sink.take();
  }

  http::HtmlWriter& page_;
  const Context& context_;
  const Value document_;
  bool caption_says_required_ =
      true;  // of a body; what is answered is there without being asked for
};

}  // namespace

http::Response docs_page(rest::Context& context, http::Headers& headers) {
  const auto frame = frame_of(context, headers, false);
  http::HtmlWriter page;
  begin_page(page, "The API, version " + std::to_string(context.version.number), context, frame);
  page.raw("<h1>The API, version ").text(std::to_string(context.version.number)).raw("</h1>\n");
  page.raw("<p class=\"summary\">Made from the description that programs read: <a")
      .attribute("href", context.path_of("/openapi.json"))
      .raw(">openapi.json</a>, <a")
      .attribute("href", context.path_of("/openapi.yaml"))
      .raw(">openapi.yaml</a>. Other versions:");
  for (const auto& version : context.routes.versions)
    if (&version != &context.version)
      page.raw(" <a")
          .attribute("href", std::string(version.prefix) + "/docs/")
          .raw(">")
          .text(std::to_string(version.number))
          .raw("</a>");
  page.raw(".</p>\n");
  Docs(page, context).write();
  return end_page(page, 200);
}

}  // namespace pages
