// pages/docs_operations.cc — see docs_operations.h. Tests: tests/pages/docs_test.cc.
#include "pages/docs_operations.h"

#include <algorithm>
#include <string>
#include <vector>

#include "pages/docs_commands.h"

namespace pages {
namespace {

constexpr std::string_view schema_start = "#/components/schemas/";
constexpr std::array<std::string_view, 4> common_headers = {"X-Company", "Idempotency-Key",
                                                            "If-Match", "If-None-Match"};
template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

class Operations {
 public:
  Operations(http::HtmlWriter& page, const Description& description)
      : page_(page), description_(description) {}

  void write_tag(std::string_view tag) {
    begin_section(page_, "tag-" + std::string(tag), tag);
    description_.for_each_operation(tag, [&](const auto&... each) { write_operation(each...); });
    page_.raw("<p><a href=\"#contents\">Contents</a></p></section>\n");
  }

  void write_schemas() {
    begin_section(page_, "schemas", "What is answered");
    page_.raw(
        "<p>A list has these in <code>items</code>, and beside it <code>next</code>; in version "
        "1 it is the items alone. Who has left a company is named still, but the URL of a person "
        "who was <code>removed</code> answers 404.</p>\n");
    for (const auto& [name, schema] :
         member(member(description_.document(), "components"), "schemas").members) {
      page_.raw("<article")
          .attribute("id", "schema-" + name)
          .raw("><h3>")
          .text(name)
          .raw("</h3>\n");
      if (member(schema, "properties").members.empty()) {
        page_.raw("<p>");
        write_type(schema);
        page_.raw(" ").text(text_of(schema, "description")).raw("</p>\n");
      } else {
        begin_table("Fields");
        for (const auto& [field, value] : member(schema, "properties").members)
          write_row(field, value, text_of(value, "description"), false);
        page_.raw("</tbody></table>\n");
      }
      page_.raw("</article>\n");
    }
    page_.raw("<p><a href=\"#contents\">Contents</a></p></section>\n");
  }

 private:
  void write_operation(const std::string& path, const std::string& method, const Value& operations,
                       const Value& operation) {
    page_.raw("<article").attribute("id", text_of(operation, "operationId")).raw("><h3>");
    page_.text(title_of(operation)).raw(" <code>").text(upper(method) + " " + path);
    page_.raw("</code></h3>\n<p>").text(text_of(operation, "description")).raw("</p>\n");
    auto parameters = member(operations, "parameters").items;
    const auto& own = member(operation, "parameters").items;
    parameters.insert(parameters.end(), own.begin(), own.end());
    write_parameters(parameters);
    const auto& body =
        member(member(member(operation, "requestBody"), "content"), "application/json");
    if (body.type == Value::Type::object) {
      begin_table("Body");
      write_members("", member(body, "schema"));
      page_.raw("</tbody></table>\n");
    }
    write_answers(member(operation, "responses"));
    page_.raw("<pre class=\"thing\">");
    page_.text(command_for(path, method, operation, body)).raw("</pre></article>\n");
  }

  void begin_table(std::string_view caption) {
    page_.raw("<table class=\"fields\"><caption>")
        .text(caption)
        .raw("</caption><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Type</th>"
             "<th scope=\"col\">What it is</th></tr></thead><tbody>");
  }
  void write_row(std::string_view name, const Value& schema, std::string_view sentence,
                 bool required) {
    page_.raw("<tr><th scope=\"row\"><code>").text(name).raw("</code></th><td>");
    write_type(schema);
    page_.raw("</td><td>");
    if (required) page_.raw("Required. ");
    page_.text(sentence).raw("</td></tr>");
  }

  // Headers that mean the same everywhere are only named.
  void write_parameters(const std::vector<Value>& parameters) {
    std::vector<const Value*> rows, headers;
    for (const auto& each : parameters) {
      const auto& parameter = description_.resolved(each);
      (is_in(common_headers, text_of(parameter, "name")) ? headers : rows).push_back(&parameter);
    }
    if (!headers.empty()) page_.raw("<p>Headers that it knows: ");
    for (const auto* header : headers) {
      const auto name = text_of(*header, "name");
      page_.text(header == headers.front() ? "" : ", ");
      write_link(page_,
                 name == "X-Company"         ? "companies"
                 : name == "Idempotency-Key" ? "retries"
                 : name == "If-Match"        ? "conditions"
                                             : "retries",
                 name);
    }
    if (!headers.empty()) page_.raw(".</p>\n");
    if (rows.empty()) return;
    begin_table("Parameters");
    for (const auto* row : rows)
      write_row(text_of(*row, "name"), member(*row, "schema"),
                text_of(*row, "in") == "path" ? "In the path." : text_of(*row, "description"),
                false);
    page_.raw("</tbody></table>\n");
  }

  // What is taken, with the members of objects in it.
  void write_members(const std::string& prefix, const Value& schema) {
    for (const auto& [name, value] : member(schema, "properties").members) {
      write_row(prefix + name, value, text_of(value, "description"), is_required(schema, name));
      write_members(prefix + name + ".", value);
    }
  }

  // "string (email), at most 254 characters", "admin or staff", "list of Message" with a link.
  void write_type(const Value& given) {
    const auto reference = text_of(given, "$ref");
    if (reference.starts_with(schema_start)) {
      const auto name = reference.substr(schema_start.size());
      return write_link(page_, "schema-" + std::string(name), name);
    }
    const auto& type = member(given, "type");
    if (const auto& rows = member(given, "items"); type.text == "array") {
      page_.raw("list of ");
      return write_type(rows);
    }
    std::string text = type.type == Value::Type::list && !type.items.empty()
                           ? type.items.front().text + " or null"
                           : type.text;
    const auto& choices = member(given, "enum").items;
    for (std::size_t i = 0; i < choices.size(); i++)
      text = i == 0 ? choices[i].text : text + " or " + choices[i].text;
    if (const auto format = text_of(given, "format"); !format.empty())
      text += " (" + std::string(format) + ")";
    if (const auto most = text_of(given, "maxLength"); !most.empty())
      text += ", at most " + std::string(most) + " characters";
    if (const auto most = text_of(given, "maximum"); !most.empty())
      text += ", " + std::string(text_of(given, "minimum")) + " to " + std::string(most);
    page_.text(text);
  }

  void write_answers(const Value& responses) {
    std::string others;
    for (const auto& [status, each] : responses.members) {
      const auto& response = description_.resolved(each);
      if (status >= "400") {
        if (!is_in(common_refusals, status)) others += (others.empty() ? "" : ", ") + status;
        continue;
      }
      page_.raw("<p>Answers <b>").text(status).raw("</b> ").text(text_of(response, "description"));
      const auto& schema =
          member(member(member(response, "content"), "application/json"), "schema");
      if (schema.type == Value::Type::object) {
        page_.raw(": ");
        const auto& rows = member(member(schema, "properties"), "items");
        write_type(rows.type == Value::Type::object ? rows : schema);
      }
      page_.raw("</p>\n");
    }
    if (!others.empty())
      page_.raw("<p>May be refused with ")
          .text(others)
          .raw(", too; see <a href=\"#errors\">Errors</a>.</p>\n");
  }

  http::HtmlWriter& page_;
  const Description& description_;
};

}  // namespace

void begin_section(http::HtmlWriter& page, std::string_view id, std::string_view title) {
  page.raw("<section class=\"card\"").attribute("id", id).raw("><h2>");
  page.text(title).raw("</h2>\n");
}

void write_link(http::HtmlWriter& page, std::string_view id, std::string_view title) {
  page.raw("<a").attribute("href", "#" + std::string(id)).raw(">").text(title).raw("</a>");
}

void write_operations(http::HtmlWriter& page, const Description& description) {
  Operations operations(page, description);
  for (const auto& tag : member(description.document(), "tags").items)
    operations.write_tag(text_of(tag, "name"));
  operations.write_schemas();
}

}  // namespace pages
