// pages/login.cc — see login.h.
#include "pages/login.h"

#include "auth/csrf.h"
#include "pages/frame.h"

namespace pages {
namespace {

void begin(http::HtmlWriter& page, std::string_view title) {
  begin_page(page, title);
  page.raw("<header class=\"bar\"><div><a class=\"brand\" href=\"/\">Partywall</a></div></header>\n"
           "<main class=\"narrow\"><div class=\"card\">\n<h1>")
      .text(title)
      .raw("</h1>\n");
}

}  // namespace

http::Response login_page(const Context& context, int status, const rest::LoginPage& login) {
  http::HtmlWriter page;
  begin(page, "Log in");
  if (!login.problem.empty())
    page.raw("<div class=\"alert\" role=\"alert\" id=\"problem\"><p>")
        .text(login.problem)
        .raw("</p></div>\n");
  page.raw("<form").attribute("action", context.path_of("/auth/login/")).raw(" method=\"post\">");
  write_hidden(page, auth::csrf_field, login.csrf_token);
  write_hidden(page, "next", login.next);
  page.raw("\n<div class=\"field\"><label for=\"username\">Username</label>"
           "<input type=\"text\" id=\"username\" name=\"username\" maxlength=\"150\" required "
           "autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\"");
  if (login.username.empty()) page.raw(" autofocus");
  page.attribute("value", login.username)
      .raw("></div>\n<div class=\"field\"><label for=\"password\">Password</label>"
           "<input type=\"password\" id=\"password\" name=\"password\" maxlength=\"128\" required "
           "autocomplete=\"current-password\"");
  if (!login.username.empty()) page.raw(" autofocus");
  page.raw("></div>\n");
  if (login.wants_code)
    page.raw(
        "<div class=\"field\"><label for=\"code\">Code of your app, or a recovery code</label>"
        "<input type=\"text\" id=\"code\" name=\"code\" maxlength=\"48\" "
        "autocomplete=\"one-time-code\" autocapitalize=\"none\" spellcheck=\"false\"></div>\n");
  page.raw("<button class=\"main\">Log in</button></form>\n");
  if (context.config.sends_mail() && context.version.number > 1)
    page.raw("<p><a")
        .attribute("href", context.path_of("/auth/password-link/mail/"))
        .raw(">Forgot your password?</a></p>\n");
  page.raw("<p>New here? <a")
      .attribute("href", context.path_of("/accounts/"))
      .raw(">Sign your company up</a>.</p></div>\n");
  return end_page(page, status);
}

http::Response logout_page(const Context& context, int status, const rest::LogoutPage& logout) {
  http::HtmlWriter page;
  begin(page, "Log out");
  if (!logout.username.empty())
    page.raw("<p>You are logged in as <b>").text(logout.username).raw("</b>.</p>\n");
  page.raw("<form").attribute("action", context.path_of("/auth/logout/")).raw(" method=\"post\">");
  write_hidden(page, auth::csrf_field, logout.csrf_token);
  page.raw("<button class=\"main\">Log out</button></form></div>\n");
  return end_page(page, status);
}

}  // namespace pages
