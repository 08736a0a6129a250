// auth/csrf.cc — see csrf.h.
#include "auth/csrf.h"

#include <algorithm>
#include <utility>

#include "base/crypto.h"
#include "base/error.h"

namespace auth {
namespace {

constexpr std::size_t token_length = 43;  // base64url of 32 bytes
constexpr int year_seconds = 31449600;    // 52 weeks, as the reference

[[noreturn]] void refuse(std::string message, std::string_view reason, std::string_view hint) {
  base::Error error(base::Code::forbidden, std::move(message));
  error.reason = reason;
  error.hint = hint;
  throw error;
}

}  // namespace

std::string csrf_token(const http::Request& request, bool https) {
  const auto token = request.cookie(http::cookie_name(csrf_cookie, https)).value_or("");
  return token.size() == token_length && base::from_base64url(token) ? std::string(token) : "";
}

std::string new_csrf_token() { return base::base64url(base::random_string(32)); }

void set_csrf_cookie(http::Headers& headers, const std::string& token, bool https) {
  // Readable by scripts on purpose: they copy it into the header.
  http::set_cookie(headers, {csrf_cookie, token, year_seconds, false}, https);
}

bool is_from_us(const http::Request& request, const std::vector<std::string>& public_urls) {
  const auto origin = request.header("origin");
  return !origin || std::find(public_urls.begin(), public_urls.end(), *origin) != public_urls.end();
}

void check_origin(const http::Request& request, const std::vector<std::string>& public_urls) {
  if (!is_from_us(request, public_urls))
    refuse("CSRF Failed: Origin checking failed - it is not a trusted origin.", "untrusted_origin",
           "Send no header Origin, or this site's address as an operator has configured it.");
}

void check_csrf(const http::Request& request, const std::vector<std::string>& public_urls) {
  check_origin(request, public_urls);
  const auto expected = csrf_token(request, public_urls.front().starts_with("https://"));
  auto sent = request.header("x-csrftoken").value_or("");
  if (sent.empty() && request.method == http::Method::post)
    sent = request.form_field(csrf_field).value_or("");
  if (expected.empty() || !base::same_bytes(sent, expected))
    refuse("CSRF Failed: CSRF token missing or incorrect.", csrf_failed,
           "Send the value of the cookie csrftoken in the header X-CSRFToken. A token needs none.");
}

}  // namespace auth
