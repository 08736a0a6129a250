// app/login.cc — logging in and out. Tests: tests/app/logins_test.cc.
#include "app/login.h"

#include <algorithm>

#include "app/me.h"
#include "app/page.h"
#include "app/page_login.h"
#include "auth/csrf.h"
#include "auth/lock.h"
#include "auth/sessions.h"
#include "http/protect.h"

namespace app {
namespace {

constexpr std::string_view login_path = "/api/v1/auth/login/";
constexpr std::string_view first_page = "/api/v1/accounts/users/";
constexpr std::string_view wrong_login_text =
    "Please enter a correct username and password. Note that the password is case-sensitive.";

struct Login {
  std::optional<std::string> username;
  std::optional<std::string> password;

  static constexpr auto fields() {
    return std::tuple{base::field("username", &Login::username),
                      base::field("password", &Login::password, {.trim = false, .secret = true})};
  }
};

http::Response with_token(Call& call, const std::string& token, http::Response page) {
  auth::set_csrf_cookie(page, token, call.config.https());
  return page;
}

std::string token_for_form(const Call& call) {
  const auto token = auth::csrf_token(call.request, call.config.https());
  return token.empty() ? auth::new_csrf_token() : token;
}

std::string next_of(const Call& call) {
  if (const auto next = http::form_field(call.request, "next"); next && !next->empty())
    return *next;
  return call.request.parameter("next").value_or("");
}

std::unique_ptr<const auth::Principal> check(Call& call, const Login& login) {
  const auto identity = call.authenticator.check(*login.username, *login.password, call.request);
  return identity ? call.authenticator.enter_open(*identity) : nullptr;
}

http::Response show_form(Call& call, std::string_view problem = {}, std::string username = {}) {
  const auto token = token_for_form(call);
  return with_token(call, token, login_page({token, next_of(call), std::move(username), problem}));
}

// The password was right, but an operator has suspended the company.
http::Response show_refusal(Call& call, const base::Error& error, const std::string& username) {
  auto page = show_form(call, error.message, username);
  page.status = static_cast<int>(error.code);
  return page;
}

http::Response show_login(Call& call) { return show_form(call); }

// Starts a session for who has just given a password, in place of the one that the browser has,
// which may be another person's. False: what the password was for has ended meanwhile.
bool start_session(Call& call, const auth::Principal& who, http::Response& response) {
  const auto ends_at = base::Time::now().plus_seconds(auth::session_seconds);
  const auto old = call.authenticator.by_cookie(call.request);
  std::string cookie;
  call.db.transaction([&] {
    cookie.clear();
    if (old) auth::lock_identities(call.db, old->identity_id, who.identity_id);
    if (!auth::still_holds(call.db, who)) return;
    if (old) {
      auth::end_login(call.db, *old, *old);
      call.audit_own(old->tenant, old->user_id, old->username, "logout");
    }
    cookie = auth::begin_session(call.db, who, call.request, ends_at);
    call.audit_own(who.tenant, who.user_id, who.username, "login");
  });
  if (!cookie.empty()) set_session_cookies(call, cookie, ends_at, response);
  if (!cookie.empty() && old && old->identity_id != who.identity_id) http::clear_storage(response);
  return !cookie.empty();
}

// The form's token is not the cookie's: somebody logged in or out in another tab since. What was
// typed stays, but not for the form of another site, which may have typed anything.
http::Response show_outdated(Call& call) {
  if (!auth::is_from_us(call.request, call.config.public_urls))
    return plain_page(403, "Forbidden (403)", "This form is not from this site.");
  auto page = show_form(call, "This page was out of date. Enter your password once more.",
                        http::form_field(call.request, "username").value_or(""));
  page.status = 403;
  return page;
}

http::Response log_in_by_form(Call& call) {
  try {
    auth::check_csrf(call.request, call.config.public_urls);
  } catch (const base::Error&) {
    return show_outdated(call);
  }
  base::Problems problems;
  const auto login = call.read<Login>(problems);
  if (!problems.empty()) return show_form(call, "Username and password: This field is required.");
  std::unique_ptr<const auth::Principal> who;
  try {
    who = check(call, login);
  } catch (const base::Error& error) {
    if (error.code != base::Code::forbidden) throw;
    return show_refusal(call, error, *login.username);
  }
  if (!who) return show_form(call, wrong_login_text, *login.username);
  auto response = http::redirect(302, safe_next(next_of(call), first_page));
  if (!start_session(call, *who, response))
    return show_form(call, wrong_login_text, *login.username);
  return response;
}

// A page of another site must not end a session that lives; of a dead cookie there is none to end.
http::Response log_in_by_json(Call& call) {
  if (call.authenticator.by_cookie(call.request))
    auth::check_csrf(call.request, call.config.public_urls);
  const auto who = check(call, call.read<Login>());
  auto response = who ? about(call, *who) : http::Response();
  if (!who || !start_session(call, *who, response)) wrong_login();
  return response;
}

http::Response log_in(Call& call) {
  if (call.request.media_type() != "application/json") return log_in_by_form(call);
  call.format = http::Format::json;
  return log_in_by_json(call);
}

http::Response log_out(Call& call) {
  auto response =
      call.format == http::Format::html ? http::redirect(302, login_path) : http::no_content();
  if (!call.caller.principal || !auth::is_login(call.who())) return response;
  call.db.transaction([&] {
    const auto& who = call.who();
    if (!auth::lock_person(call.db, who.identity_id)) return;
    // The login may go on under another id: a switch was faster.
    call.authenticator.for_each_membership(
        who, [&](const auto& member) { auth::end_login(call.db, who, member); });
    call.audit("logout", who.user_id);
  });
  end_at_browser(call, response);
  return response;
}

http::Response show_logout(Call& call) {
  const auto token = token_for_form(call);
  return with_token(call, token,
                    logout_page({token, call.caller.principal ? call.who().username : ""}));
}

using enum http::Method;
using enum auth::Access;
constexpr View views[] = {
    {.name = "login",
     .path = login_path,
     .summary = "Log in with a form, or with JSON for scripts.",
     .operations = {{{get, anyone, show_login}, {post, anyone, log_in}}},
     .guard = Guard::credential},
    {.name = "logout",
     .path = "/api/v1/auth/logout/",
     .summary = "Log out: the session ends.",
     .operations =
         {{{.method = post, .access = anyone, .handle = log_out, .while_suspended = true}}},
     .page = show_logout},
};

}  // namespace

std::span<const View> login() { return views; }

void wrong_login() {
  throw base::Error(base::Code::unauthorized, "No active account found with the given credentials");
}

std::string safe_next(std::string_view next, std::string_view otherwise) {
  const auto is_odd = [](char c) { return (c >= 0 && c < ' ') || c == 0x7f || c == '\\'; };
  const bool local = next.size() <= http::most_repeated_bytes && next.starts_with('/') &&
                     !next.starts_with("//") && std::none_of(next.begin(), next.end(), is_odd);
  return std::string(local ? next : otherwise);
}

void set_session_cookie(const Call& call, const std::string& cookie, base::Time ends_at,
                        http::Response& response) {
  const auto left = (ends_at.micros - base::Time::now().micros) / 1'000'000;
  http::keep_nowhere(response);
  http::set_cookie(response, {auth::session_cookie, cookie, static_cast<int>(left), true},
                   call.config.https());
}

void set_session_cookies(const Call& call, const std::string& cookie, base::Time ends_at,
                         http::Response& response) {
  set_session_cookie(call, cookie, ends_at, response);
  auth::set_csrf_cookie(response, auth::new_csrf_token(), call.config.https());
}

void end_at_browser(Call& call, http::Response& response) {
  if (call.who().via != auth::Principal::Via::session || call.authenticator.by_cookie(call.request))
    return;
  http::set_cookie(response, {auth::session_cookie, "", 0, true}, call.config.https());
  http::clear_storage(response);
}

}  // namespace app
