// app/pages.cc — see pages.h.
#include "app/pages.h"

#include "auth/csrf.h"
#include "http/html.h"

namespace app {
namespace {

void begin(http::HtmlWriter& page, std::string_view title) {
  page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
      .text(title)
      .raw("</title><meta name=\"viewport\" content=\"width=device-width\"></head>\n<body>\n");
}

void end(http::HtmlWriter& page) { page.raw("</body></html>\n"); }

void csrf_input(http::HtmlWriter& page, std::string_view token) {
  page.raw("<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"").text(token).raw("\">");
}

}  // namespace

std::string api_page(const Call& call, const http::Response& response) {
  http::HtmlWriter page;
  begin(page, call.view.name);
  page.raw("<p>");
  if (call.caller.principal) {
    page.text(call.who().username).raw(" · <a href=\"/api/v1/auth/logout/\">Log out</a>");
  } else {
    page.raw("<a href=\"/api/v1/auth/login/?next=").text(call.request.path).raw("\">Log in</a>");
  }
  page.raw("</p>\n<h1>").text(call.view.name).raw("</h1>\n<p>").text(call.view.summary);
  page.raw("</p>\n<pre><b>").text(call.request.method_name + " " + call.request.path);
  page.raw("</b></pre>\n<pre>HTTP ").text(http::status_line(response.status)).raw("\n");
  for (const auto& [name, value] : response.headers)
    if (name != "Set-Cookie") page.text(name).raw(": ").text(value).raw("\n");
  page.raw("\n").text(response.body).raw("</pre>\n");
  end(page);
  return page.take();
}

std::string login_page(const LoginPage& login) {
  http::HtmlWriter page;
  begin(page, "Log in");
  page.raw("<h1>Log in</h1>\n<form action=\"/api/v1/auth/login/\" method=\"post\">");
  csrf_input(page, login.csrf_token);
  page.raw("<input type=\"hidden\" name=\"next\" value=\"").text(login.next).raw("\">\n");
  if (!login.problem.empty()) page.raw("<p role=\"alert\">").text(login.problem).raw("</p>\n");
  page.raw("<p><label>Username <input type=\"text\" name=\"username\" maxlength=\"150\" required "
           "autocomplete=\"username\" autofocus value=\"")
      .text(login.username)
      .raw("\"></label></p>\n<p><label>Password <input type=\"password\" name=\"password\" "
           "maxlength=\"128\" required autocomplete=\"current-password\"></label></p>\n"
           "<p><button>Log in</button></p></form>\n");
  end(page);
  return page.take();
}

std::string logout_page(std::string_view csrf_token) {
  http::HtmlWriter page;
  begin(page, "Log out");
  page.raw("<h1>Log out</h1>\n<form action=\"/api/v1/auth/logout/\" method=\"post\">");
  csrf_input(page, csrf_token);
  page.raw("<button>Log out</button></form>\n");
  end(page);
  return page.take();
}

std::string plain_page(std::string_view title, std::string_view heading) {
  http::HtmlWriter page;
  begin(page, title);
  page.raw("<h1>").text(heading).raw("</h1>\n");
  end(page);
  return page.take();
}

}  // namespace app
