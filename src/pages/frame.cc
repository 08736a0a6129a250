// pages/frame.cc — see frame.h.
#include "pages/frame.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/me.h"
#include "auth/csrf.h"
#include "auth/sessions.h"
#include "base/crypto.h"
#include "pages/style.h"

namespace pages {
namespace {

// The value that headers set a cookie to; nullopt: they do not.
std::optional<std::string> cookie_set_by(const http::Headers& headers, std::string_view name) {
  const auto start = std::string(name) + "=";
  for (const auto& [header, value] : headers)
    if (header == "Set-Cookie" && value.starts_with(start))
      return value.substr(start.size(), value.find(';') - start.size());
  return std::nullopt;
}

// A source of CSP: base64 with padding.
std::string style_source() {
  auto digest = base::base64url(base::view(base::sha256({style, sizeof style - 1})));
  for (char& c : digest) c = c == '-' ? '+' : c == '_' ? '/' : c;
  return "'sha256-" + digest + "='";
}

const std::string& content_security_policy() {
  static const auto policy = "default-src 'none'; img-src 'self'; style-src " + style_source() +
                             "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  return policy;
}

// Where one works, and the way to one's other companies.
void write_companies(http::HtmlWriter& page, const Context& context, const Frame& frame) {
  const auto* company = frame.company();
  page.raw("<span class=\"who\"><b>").text(frame.who->username).raw("</b>");
  if (company) page.raw(" in <b>").text(company->name).raw("</b>");
  page.raw(" (").text(to_text(frame.who->role)).raw(")</span>\n");
  if (frame.who->via != auth::Principal::Via::session || frame.companies.size() < 2) return;
  page.raw("<form class=\"companies\" method=\"post\"")
      .attribute("action", context.path_of("/auth/company/"))
      .raw(">");
  write_hidden(page, auth::csrf_field, frame.csrf_token);
  const bool stays = context.route.path.find('{') == std::string_view::npos;
  write_hidden(page, "next",
               stays ? context.request.path : parent_of(context, context.request.path));
  page.raw("<select name=\"company\" aria-label=\"Company\">");
  for (const auto& each : frame.companies) {
    page.raw("<option").attribute("value", each.company_id.text());
    if (&each == company) page.raw(" selected");
    page.raw(">").text(each.name);
    if (each.unread_messages > 0 && &each != company)
      page.raw(" (").text(fmt::format("{} unread", each.unread_messages)).raw(")");
    page.raw("</option>");
  }
  page.raw("</select><button>Switch</button></form>\n");
}

void write_bar(http::HtmlWriter& page, const Context& context, const Frame& frame) {
  page.raw("<header class=\"bar\"><div><a class=\"brand\" href=\"/\">Partywall</a>\n");
  if (frame.who) {
    write_companies(page, context, frame);
    page.raw("<form method=\"post\"")
        .attribute("action", context.path_of("/auth/logout/"))
        .raw(">");
    write_hidden(page, auth::csrf_field, frame.csrf_token);
    page.raw("<button>Log out</button></form>");
  } else {
    // The path is one of ours and needs no escape; the query is a value within a query.
    const auto& query = context.request.query;
    page.raw("<a class=\"button\" href=\"")
        .text(context.path_of("/auth/login/?next="))
        .text(context.request.path + (query.empty() ? "" : http::encode_percent("?" + query)))
        .raw("\">Log in</a>");
  }
  page.raw("</div></header>\n");
}

// The lists and single things that one can go to from everywhere.
void write_places(http::HtmlWriter& page, const Context& context, const Frame& frame) {
  page.raw("<nav class=\"places\" aria-label=\"Resources\"><div>");
  for (const auto* route : context.routes) {
    const auto* get = route->operation(http::Method::get);
    const bool place =
        frame.who && !route->describes
            ? get && route->guard == rest::Guard::standard && context.has(get->access)
            : route->path == "/" || route->name == "docs" || route->name == "account-create" ||
                  route->name == "login";
    if (!place || !route->is_in(context.version) || route->path.find('{') != std::string_view::npos)
      continue;
    page.raw("<a").attribute("href", context.path_of(route->path));
    if (route == &context.route) page.raw(" aria-current=\"page\"");
    page.raw(">").text(route->name);
    const auto* company = frame.company();
    if (company && company->unread_messages > 0 && route->name == "usermessage-list")
      page.raw(" (").text(fmt::format("{} unread", company->unread_messages)).raw(")");
    page.raw("</a>");
  }
  page.raw("</div></nav>\n");
}

}  // namespace

const std::vector<app::User>& Frame::people(Context& context) const {
  if (!people_) people_ = app::colleagues(context, most_people + 1);
  return *people_;
}

const db::OwnCompany* Frame::company() const {
  for (const auto& each : companies)
    if (who && each.company_id == who->company_id) return &each;
  return nullptr;
}

Frame frame_of(const Context& context, http::Headers& headers, bool ask_database) {
  const bool https = context.config.https();
  Frame frame;
  if (cookie_set_by(headers, http::cookie_name(auth::session_cookie, https)) != "")
    frame.who = context.caller.principal.get();
  const auto fresh = cookie_set_by(headers, http::cookie_name(auth::csrf_cookie, https));
  frame.csrf_token = fresh ? *fresh : auth::csrf_token(context.request, https);
  if (frame.csrf_token.empty()) frame.csrf_token = auth::new_csrf_token();
  if (!fresh) auth::set_csrf_cookie(headers, frame.csrf_token, https);
  if (frame.who && ask_database) frame.companies = app::own_companies(context, *frame.who);
  return frame;
}

void begin_page(http::HtmlWriter& page, std::string_view title) {
  page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
      .text(title)
      .raw(" · Partywall</title><meta name=\"viewport\" content=\"width=device-width, "
           "initial-scale=1\"><style>")
      .raw(style)
      .raw("</style></head>\n<body>\n");
}

void begin_page(http::HtmlWriter& page, std::string_view title, Context& context,
                const Frame& frame) {
  begin_page(page, title);
  page.raw("<a class=\"skip\" href=\"#content\">Skip to the content</a>\n");
  write_bar(page, context, frame);
  write_places(page, context, frame);
  page.raw("<main id=\"content\">\n");
}

http::Response end_page(http::HtmlWriter& page, int status) {
  page.raw("</main></body></html>\n");
  http::Response response{
      .status = status, .content_type = "text/html; charset=utf-8", .body = page.take()};
  response.set("Content-Security-Policy", content_security_policy());
  return response;
}

http::Response plain_page(int status, const rest::PlainPage& content) {
  http::HtmlWriter page;
  begin_page(page, content.heading);
  page.raw("<main class=\"narrow\"><div class=\"card\"><h1>").text(content.heading);
  page.raw("</h1>\n<p>").text(content.sentence);
  page.raw("</p>\n<p><a").attribute("href", content.next).raw(">");
  page.text(content.next == "/" ? "Go to the start" : "Go on").raw("</a></p></div>");
  return end_page(page, status);
}

void write_hidden(http::HtmlWriter& page, std::string_view name, std::string_view value) {
  page.raw("<input type=\"hidden\"").attribute("name", name).attribute("value", value).raw(">");
}

void write_form_guards(http::HtmlWriter& page, const Frame& frame) {
  write_hidden(page, auth::csrf_field, frame.csrf_token);
  if (frame.who) write_hidden(page, "x_company", frame.who->company_id.text());
}

std::string own_url(const Context& context) {
  return context.request.path + (context.request.query.empty() ? "" : "?" + context.request.query);
}

std::string again_url(const Context& context) {
  if (!context.version.refuses_unknown) return own_url(context);
  const auto known = parameters_of(context.route, context.version, http::Method::get);
  http::Pairs kept;
  for (auto& [name, value] : http::parse_urlencoded(context.request.query))
    if (std::ranges::find(known, name, &FieldInfo::name) != known.end() &&
        std::ranges::find(kept, name, &http::Pairs::value_type::first) == kept.end())
      kept.emplace_back(std::move(name), std::move(value));
  return context.request.path + (kept.empty() ? "" : "?" + http::write_urlencoded(kept));
}

std::string parent_of(const Context& context, std::string_view path) {
  const auto cut = path.substr(0, path.size() - 1).rfind('/');
  for (const auto parent : {path.substr(0, cut + 1), path.substr(0, cut)})
    if (const auto match = resolve(context.routes, parent);
        match && match->route->operation(http::Method::get))
      return std::string(parent);
  return context.path_of("/auth/me");
}

}  // namespace pages
