// pages/docs.cc — see docs.h. Tests: tests/pages/docs_test.cc, tests/api/clients_test.py.
#include "pages/docs.h"

#include <string>
#include <string_view>

#include "http/html.h"
#include "pages/description.h"
#include "pages/docs_chapters.h"
#include "pages/docs_operations.h"
#include "pages/frame.h"
#include "rest/problem.h"

// The clients that the tests run, of pages/docs_clients.S.
extern "C" const char story_py_start[], story_py_end[], story_ts_start[], story_ts_end[];

namespace pages {
namespace {

class Docs {
 public:
  Docs(http::HtmlWriter& page, const Context& context)
      : page_(page), context_(context), description_(context) {}

  void write() {
    write_contents();
    for_each_chapter([&](std::string_view id, std::string_view title, const auto& html) {
      begin_section(page_, id, title);
      if (id == "begin") {
        page_.raw("<pre class=\"thing\">");
        page_.text("api=" + context_.urls().base + std::string(context_.version.prefix));
        page_.raw("</pre>\n");
      }
      page_.raw(html).raw("</section>\n");
    });
    write_errors();
    write_clients();
    write_operations(page_, description_);
  }

 private:
  void write_contents() {
    page_.raw("<nav class=\"card\" id=\"contents\" aria-label=\"Contents\"><h2>Contents</h2>"
              "<ul class=\"contents\">");
    const auto entry = [&](std::string_view id, std::string_view title) {
      page_.raw("<li>");
      write_link(page_, id, title);
      page_.raw("</li>");
    };
    for_each_chapter(
        [&](std::string_view id, std::string_view title, const auto&) { entry(id, title); });
    entry("errors", "Errors");
    entry("clients", "Clients in Python and TypeScript");
    for (const auto& tag : member(description_.document(), "tags").items) {
      const auto name = text_of(tag, "name");
      page_.raw("<li>");
      write_link(page_, "tag-" + std::string(name), name);
      page_.raw("<ul>");
      description_.for_each_operation(
          name, [&](const auto&, const auto&, const auto&, const auto& operation) {
            entry(text_of(operation, "operationId"), title_of(operation));
          });
      page_.raw("</ul></li>");
    }
    entry("schemas", "What is answered");
    page_.raw("</ul></nav>\n");
  }

  void write_errors() {
    begin_section(page_, "errors", "Errors");
    page_.raw(
        "<p>Version 2 answers <code>application/problem+json</code> (RFC 9457): "
        "<code>title</code>, <code>status</code>, <code>detail</code>, a <code>code</code> that "
        "stays, for each bad field an entry in <code>errors</code> "
        "(<code>non_field_errors</code>: the body as a whole), sometimes a <code>hint</code>, and "
        "the <code>request_id</code> that the log has. Version 1 answers "
        "<code>{\"detail\": …}</code>, or a list of sentences for each field.</p>\n<p>Nearly "
        "every operation may answer ");
    std::string_view before = "";
    for (const auto status : common_refusals) {
      page_.text(before).text(status);
      before = ", ";
    }
    page_.raw("; what else it may answer stands with it.</p>\n<dl>\n");
    for (const auto& [status, code, meaning] : rest::error_codes()) {
      page_.raw("<dt").attribute("id", "error-" + std::string(code)).raw("><code>").text(code);
      page_.raw("</code>, ").text(std::to_string(status)).raw("</dt><dd>").text(meaning);
      page_.raw("</dd>\n");
    }
    page_.raw("</dl></section>\n");
  }

  void write_clients() {
    begin_section(page_, "clients", "Clients in Python and TypeScript");
    page_.raw("<p>With <code>requests</code>:</p>\n<pre class=\"thing\" tabindex=\"0\">");
    page_.text({story_py_start, static_cast<std::size_t>(story_py_end - story_py_start)});
    page_.raw("</pre>\n<p>With <code>openapi-fetch</code>, and types that <code>openapi-typescript "
              "openapi.json --output partywall.ts</code> makes:</p>\n<pre class=\"thing\" "
              "tabindex=\"0\">");
    page_.text({story_ts_start, static_cast<std::size_t>(story_ts_end - story_ts_start)});
    page_.raw("</pre></section>\n");
  }

  http::HtmlWriter& page_;
  const Context& context_;
  const Description description_;
};

}  // namespace

http::Response docs_page(rest::Context& context, http::Headers& headers) {
  const auto frame = frame_of(context, headers, false);
  http::HtmlWriter page;
  begin_page(page, "The API, version " + std::to_string(context.version.number), context, frame);
  page.raw("<h1>The API, version ").text(std::to_string(context.version.number)).raw("</h1>\n");
  page.raw("<p class=\"summary\">Programs read the same as <a")
      .attribute("href", context.path_of("/openapi.json"))
      .raw(">openapi.json</a> or <a")
      .attribute("href", context.path_of("/openapi.yaml"))
      .raw(">openapi.yaml</a>.");
  for (const auto& version : context.routes.versions)
    if (&version != &context.version)
      page.raw(" <a")
          .attribute("href", std::string(version.prefix) + "/docs/")
          .raw(">Version ")
          .text(std::to_string(version.number))
          .raw("</a>");
  page.raw("</p>\n");
  Docs(page, context).write();
  return end_page(page, 200);
}

}  // namespace pages
