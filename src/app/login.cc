// app/login.cc — logging in and out. Tests: tests/app/logins_test.cc.
#include "app/login.h"

#include <algorithm>

#include "app/erasure.h"
#include "app/me.h"
#include "app/noun.h"
#include "app/start_session.h"
#include "auth/csrf.h"
#include "auth/lock.h"
#include "auth/sessions.h"
#include "base/text.h"
#include "http/protect.h"

namespace app {
namespace {

constexpr std::string_view login_path = "/auth/login/";
constexpr std::string_view first_page = "/accounts/users/";
constexpr std::string_view wrong_login_text =
    "Please enter a correct username and password. Note that the password is case-sensitive.";
constexpr std::string_view code_required = "second_factor_required";

struct Login {
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<std::string> code;

  static constexpr auto fields() {
    return std::tuple{rest::field("username", &Login::username, {.example = "ann"}),
                      rest::field("password", &Login::password, {.trim = false, .secret = true}),
                      rest::field("code", &Login::code, code_rule)};
  }
};

// Where a browser goes when it is logged in.
struct NextPage {
  std::optional<std::string> next;

  static constexpr auto fields() {
    return std::tuple{rest::field(
        "next", &NextPage::next,
        {.help = "The path of this site that a form leads to.", .example = "/api/v2/auth/me"})};
  }
};

// The token for the form of a page, which the browser gets as a cookie, too.
std::string give_token(const Context& context, Answer& answer) {
  auto token = auth::csrf_token(context.request, context.config.https());
  if (token.empty()) token = auth::new_csrf_token();
  auth::set_csrf_cookie(answer.headers, token, context.config.https());
  return token;
}

std::string next_of(const Context& context) {
  if (const auto next = context.request.form_field("next"); next && !next->empty())
    return base::well_formed(*next);
  return context.request.parameter("next").value_or("");
}

// Who has shown what they are known by. nullptr, with the reason for programs: nobody.
std::unique_ptr<const auth::Principal> check(Context& context, const Login& login,
                                             std::string_view& reason) {
  const auto verdict = context.authenticator.check(*login.username, *login.password,
                                                   login.code.value_or(""), context.request);
  reason = verdict.reason;
  return verdict ? context.authenticator.enter_open(*verdict.person) : nullptr;
}

Answer show_form(Context& context, std::string_view problem = {}, std::string username = {},
                 bool wants_code = false) {
  Answer answer;
  const auto token = give_token(context, answer);
  answer.page =
      LoginPage{token, next_of(context), std::move(username), std::string(problem), wants_code};
  return answer;
}

// What was shown opens nothing.
Answer show_wrong(Context& context, const std::string& username, std::string_view reason) {
  if (reason.empty()) return show_form(context, wrong_login_text, username);
  return show_form(context,
                   reason == code_required
                       ? "Enter a code of your second factor, and your password once more."
                       : "This code is not right, or was used already. Enter the next one, and "
                         "your password once more.",
                   username, true);
}

// The password was right, but the company is not open, or has moved.
Answer show_refusal(Context& context, const base::Error& error, const std::string& username) {
  auto page = show_form(context, error.message, username);
  page.status = static_cast<int>(error.code);
  return page;
}

Answer show_login(Context& context) { return show_form(context); }

constexpr const char* looks_like_json =
    "The body looks like JSON: send the header Content-Type: application/json.";

// The form's token is not the cookie's: somebody logged in or out in another tab since. What was
// typed stays, but not for the form of another site, which may have typed anything.
Answer show_outdated(Context& context) {
  if (!auth::is_from_us(context.request, context.config.public_urls))
    return {.status = 403,
            .page = PlainPage{"Forbidden (403)", "This form is not from this site."}};
  auto page = show_form(context,
                        http::looks_like_json(context.request)
                            ? looks_like_json
                            : "This page was out of date. Enter your password once more.",
                        base::well_formed(context.request.form_field("username").value_or("")));
  page.status = 403;
  return page;
}

Answer log_in_by_form(Context& context) {
  // As version 1 is recorded, a program gets the pages, too.
  const bool for_program =
      context.format == http::Format::json && context.version.errors_are_problems;
  try {
    auth::check_csrf(context.request, context.config.public_urls);
  } catch (const base::Error&) {
    if (for_program) throw;
    return show_outdated(context);
  }
  base::Problems problems;
  const auto login = context.read<Login>(problems);
  if (for_program) problems.throw_if_any();
  if (!problems.empty())
    return show_form(context, http::looks_like_json(context.request)
                                  ? looks_like_json
                                  : "Username and password: This field is required.");
  std::unique_ptr<const auth::Principal> who;
  std::string_view reason;
  try {
    who = check(context, login, reason);
  } catch (const base::Error& error) {
    const bool is_shut = error.code == base::Code::forbidden || error.code == base::Code::gone;
    if (!is_shut || for_program) throw;
    return show_refusal(context, error, *login.username);
  }
  if (!who && for_program) wrong_login(reason);
  if (!who) return show_wrong(context, *login.username, reason);
  const auto first = who->erase_at ? erasure_path : first_page;
  const auto next = safe_next(next_of(context), context.path_of(first));
  Answer answer;
  LoginNotices notices;
  const bool has_place = !for_program && context.version.number >= notices_since;
  const bool started = start_session(context, *who, answer, has_place ? &notices : nullptr);
  if (!started && for_program) wrong_login();
  if (!started) return show_form(context, wrong_login_text, *login.username);
  if (const auto page = page_of(notices, next)) {
    answer.page = *page;
    return answer;
  }
  answer.status = 302;
  answer.set("Location", next);
  return answer;
}

// A page of another site must not end a session that lives; of a dead cookie there is none to end.
Answer log_in_by_json(Context& context) {
  if (context.authenticator.by_cookie(context.request))
    auth::check_csrf(context.request, context.config.public_urls);
  std::string_view reason;
  const auto who = check(context, context.read<Login>(), reason);
  if (!who) wrong_login(reason);
  auto answer = about(context, *who);
  LoginNotices notices;
  const bool has_place = context.version.number >= notices_since;
  if (!start_session(context, *who, answer, has_place ? &notices : nullptr)) wrong_login();
  if (!notices.is_empty()) answer.document = about(context, *who, notices).document;
  return answer;
}

Answer log_in(Context& context) {
  // What looks like JSON is no form: it is told that a header is missing. (Version 1 answers a
  // page.)
  const bool is_json = context.request.media_type() == "application/json" ||
                       (context.version.refuses_unknown && http::looks_like_json(context.request));
  if (!is_json) return log_in_by_form(context);
  context.format = http::Format::json;
  return log_in_by_json(context);
}

Answer log_out(Context& context) {
  auto answer = context.format == http::Format::html ? redirect(302, context.path_of(login_path))
                                                     : no_content();
  if (!context.caller.principal || !auth::is_login(context.who())) return answer;
  context.db.transaction([&] {
    const auto& who = context.who();
    if (!auth::lock_person(context.db, who.identity_id)) return;
    // The login may go on under another id: a switch was faster.
    context.authenticator.for_each_membership(
        who, [&](const auto& member) { auth::end_login(context.db, who, member); });
    context.audit("logout", who.user_id);
  });
  end_at_browser(context, answer);
  return answer;
}

Answer show_logout(Context& context) {
  Answer answer;
  const auto token = give_token(context, answer);
  answer.page = LogoutPage{token, context.caller.principal ? context.who().username : ""};
  return answer;
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "login",
     .path = login_path,
     .since = 1,
     .summary = "Log in, for a session cookie.",
     .operations = {{{.method = get,
                      .access = anyone,
                      .handle = show_login,
                      .summary = "The page with the form."},
                     {.method = post,
                      .access = anyone,
                      .handle = log_in,
                      .answers = 200,
                      .summary = "Log in, for a session cookie."}}},
     .form = {post, describe_fields<Login, Login>},
     .shows = me_fields,
     .list = {describe_filters<NextPage>},
     .guard = Guard::credential,
     .media_type = "text/html"},
    {.name = "logout",
     .path = "/auth/logout/",
     .since = 1,
     .summary = "Log out: the session ends.",
     .operations = {{{.method = post,
                      .access = anyone,
                      .handle = log_out,
                      .admits = auth::Admits::moved,
                      .answers = 204}}},
     .page = show_logout},
};

}  // namespace

std::span<const Route> login() { return routes; }

void wrong_login(std::string_view reason) {
  base::Error error(base::Code::unauthorized, "No active account found with the given credentials");
  error.reason = reason;
  throw error;
}

std::string safe_next(std::string_view next, std::string_view otherwise) {
  // No control characters, and nothing beyond ASCII, which a URL has as %XX.
  const auto is_odd = [](unsigned char c) { return c < ' ' || c >= 0x7f || c == '\\'; };
  const bool local = next.size() <= http::most_repeated_bytes && next.starts_with('/') &&
                     !next.starts_with("//") && std::none_of(next.begin(), next.end(), is_odd);
  return std::string(local ? next : otherwise);
}

void set_session_cookie(const Context& context, const std::string& cookie, base::Time ends_at,
                        Answer& answer) {
  http::keep_nowhere(answer.headers);
  auth::set_session_cookie(answer.headers, cookie, ends_at, context.config.https());
}

void set_session_cookies(const Context& context, const std::string& cookie, base::Time ends_at,
                         Answer& answer) {
  set_session_cookie(context, cookie, ends_at, answer);
  auth::set_csrf_cookie(answer.headers, auth::new_csrf_token(), context.config.https());
}

void end_at_browser(Context& context, Answer& answer) {
  if (context.who().via != auth::Principal::Via::session ||
      context.authenticator.by_cookie(context.request))
    return;
  auth::clear_session_cookie(answer.headers, context.config.https());
  http::clear_storage(answer.headers);
}

}  // namespace app
