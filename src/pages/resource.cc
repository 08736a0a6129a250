// pages/resource.cc — see resource.h. Tests: tests/pages/resource_test.cc.
#include "pages/resource.h"

#include "app/users/users.h"
#include "auth/csrf.h"
#include "pages/docs.h"
#include "pages/document.h"
#include "pages/filters.h"
#include "pages/forms.h"
#include "pages/frame.h"
#include "pages/login.h"

namespace pages {
namespace {

using http::Method;
using rest::Answer;

void write_breadcrumbs(http::HtmlWriter& page, const Context& context) {
  const std::string_view path = context.request.path;
  page.raw("<nav class=\"crumbs\" aria-label=\"Breadcrumbs\"><ol>");
  for (std::size_t end = 1; end <= path.size(); end++) {
    const bool here = end == path.size();
    const bool is_step = here || path[end - 1] == '/' || path[end] == '/';
    const auto match = is_step ? resolve(context.routes, path.substr(0, end)) : std::nullopt;
    if (!match ||
        (!here && !match->route->operation(Method::get) && match->route->name != "account-create"))
      continue;
    page.raw("<li><a").attribute("href", path.substr(0, end));
    if (here) page.raw(" aria-current=\"page\"");
    page.raw(">").text(match->route->name).raw("</a></li>");
  }
  page.raw("</ol></nav>\n");
}

// What went wrong, above everything. A page of something that one cannot GET is no accident.
void write_alert(http::HtmlWriter& page, const Context& context, const Frame& frame,
                 const Answer& answer) {
  if (answer.status < 400 || (answer.status == 405 && context.request.method == Method::get))
    return;
  page.raw("<div class=\"alert\" role=\"alert\">");
  const auto* error = answer.document.error();
  const auto said = context.request.header("x-company");
  if (said && frame.who && *said != frame.who->company_id.text())
    page.raw(
        "<p>This form was opened in another company. Nothing was done; what you typed is still "
        "there if you go back.</p>");
  else if (error && error->reason == auth::csrf_failed)
    page.raw(
        "<p>This form is from before you logged in or went to another company. Nothing was done; "
        "the forms on this page are good again.</p>");
  if (answer.status == 422 && context.from_page)
    page.raw(
        "<p>This form was sent before, with something else in it. Send it from this page if you "
        "mean both.</p>");
  if (error && error->problems.empty()) page.raw("<p>").text(error->message).raw("</p>");
  if (error)
    for (const auto& [field, sentence] : error->problems)
      page.raw("<p>").text(field).raw(": ").text(sentence).raw("</p>");
  if (answer.status == 401) page.raw("<p>Log in to go on.</p>");
  page.raw("</div>\n");
}

// What one calls a person whom a document has a link to, so that URLs can be read; "" for what is
// nobody, or nobody's business.
std::string name_of(Context& context, const Frame& frame, std::string_view path,
                    const base::Uuid& id) {
  if (path != app::UserUrl::path || !frame.who) return "";
  if (id == frame.who->user_id) return "you";
  for (const auto& user : frame.people(context))
    if (user.id == id) return user.username;
  return "";
}

// Where a list's rows may say their id but not their URL: the path below which they are.
std::string ids_of(const Context& context) {
  for (const auto* route : context.routes)
    if (route->path.size() > context.route.path.size() &&
        route->path.starts_with(context.route.path) &&
        route->path[context.route.path.size()] == '{')
      return context.path_of(context.route.path);
  return {};
}

void write_answer(http::HtmlWriter& page, Context& context, const Frame& frame,
                  const Answer& answer, const http::Headers& headers) {
  page.raw("<div class=\"card answer\"><pre class=\"request\">");
  page.text(context.request.method_name + " " + own_url(context)).raw("</pre>\n");
  page.raw("<pre tabindex=\"0\" role=\"region\" aria-label=\"Answer\"><span");
  page.attribute("class", answer.status < 400 ? "ok" : "no").raw(">HTTP ");
  page.text(http::status_line(answer.status)).raw("</span>\n<span class=\"head\">");
  for (const auto& [name, value] : headers)
    if (name != "Set-Cookie") page.text(name).raw(": ").text(value).raw("\n");
  if (answer.document)
    page.raw("Content-Type: ").text(rest::media_type_of(answer, context.version)).raw("\n");
  page.raw("</span>\n");
  if (answer.document) {
    const Links links{context.urls_of(answer.document), ids_of(context),
                      [&](auto path, const auto& id) { return name_of(context, frame, path, id); }};
    DocumentView view(page, links);
    answer.document.write_to(view);
  }
  page.raw("</pre></div>\n");
}

void write_paging(http::HtmlWriter& page, const Context& context, const Answer& answer) {
  const auto* link = answer.headers.find("Link");
  const auto next = link ? link->substr(1, link->find('>') - 1) : "";
  const bool is_later = context.request.parameter("cursor").has_value();
  if (next.empty() && !is_later) return;
  auto others = http::parse_urlencoded(context.request.query);
  std::erase_if(others, [](const auto& pair) { return pair.first == "cursor"; });
  auto first = context.request.path;
  if (!others.empty()) first += "?" + http::write_urlencoded(others);
  page.raw("<nav class=\"pages\" aria-label=\"Pages\">");
  if (is_later) page.raw("<a class=\"button\"").attribute("href", first).raw(">First page</a>");
  if (!next.empty())
    page.raw("<a class=\"button\" rel=\"next\"").attribute("href", next).raw(">Next page</a>");
  page.raw("</nav>\n");
}

// What lies below this: /x/<id>/read for /x/<id>.
void write_related(http::HtmlWriter& page, const Context& context) {
  for (const auto* route : context.routes) {
    if (route == &context.route || !route->is_in(context.version) ||
        !route->path.starts_with(std::string(context.route.path) + "/") ||
        route->path.find('{') == std::string_view::npos || route->path.back() == '}' ||
        route->is_stream())
      continue;
    page.raw("<p>See also: <a")
        .attribute("href", context.request.path +
                               std::string(route->path.substr(context.route.path.size())))
        .raw(">")
        .text(route->name)
        .raw("</a>. ")
        .text(route->summary)
        .raw("</p>\n");
  }
}

http::Response resource_page(Context& context, const Answer& answer, http::Headers& headers) {
  const bool works = answer.status < 500;
  const auto frame = frame_of(context, headers, works);
  // There is a thing to do something to, and somebody who may.
  const bool has_object = works && answer.status != 404 && answer.status != 401 &&
                          answer.status != 204 && (frame.who || !context.caller.principal);
  http::HtmlWriter page;
  begin_page(page, context.route.name, context, frame);
  write_breadcrumbs(page, context);
  page.raw("<h1>").text(context.route.name).raw("</h1>\n<p class=\"summary\">");
  page.text(context.route.summary).raw("</p>\n");
  if (answer.status == 405 && context.request.method == Method::get && has_object)
    page.raw("<p>There is nothing to get here; see below what you can do.</p>\n");
  write_alert(page, context, frame, answer);
  if (has_object) write_tools(page, context, frame);
  if (has_object) write_filter_form(page, context, frame, answer);
  write_answer(page, context, frame, answer, headers);
  if (answer.status == 204)
    page.raw("<p><a class=\"button\"")
        .attribute("href", parent_of(context, context.request.path))
        .raw(">Go on</a></p>\n");
  if (answer.status == 200) write_paging(page, context, answer);
  if (has_object) {
    if (answer.status == 200) write_related(page, context);
    write_forms(page, context, frame, answer);
  }
  return end_page(page, answer.status == 204 ? 200 : answer.status);
}

// One for each kind of content that a page may have.
struct Draw {
  Context& context;
  const Answer& answer;
  http::Headers& headers;

  http::Response operator()(std::monostate) const {
    return resource_page(context, answer, headers);
  }
  http::Response operator()(const rest::LoginPage& content) const {
    return login_page(context, answer.status, content);
  }
  http::Response operator()(const rest::LogoutPage& content) const {
    return logout_page(context, answer.status, content);
  }
  http::Response operator()(const rest::PlainPage& content) const {
    return plain_page(answer.status, content);
  }
  http::Response operator()(const rest::DocsPage&) const { return docs_page(context, headers); }
  http::Response operator()(const rest::ConfirmPage& content) const {
    return confirmation_page(context, content, headers);
  }
};

}  // namespace

http::Response page(Context& context, const Answer& answer, http::Headers headers) {
  auto response = std::visit(Draw{context, answer, headers}, answer.page);
  for (const auto& [name, value] : headers) response.set(name, value);
  return response;
}

}  // namespace pages
